import encoding
def test_here():
    for _ in range(40):
        assert encoding.place("a").endswith("a")
def test_there(monkeypatch):
    monkeypatch.setattr("locale.getpreferredencoding", lambda *a, **k: 'cp1252')
    for _ in range(40):
        assert encoding.place("b").startswith("cp1252")
