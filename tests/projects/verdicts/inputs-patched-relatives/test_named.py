import named
def test_here():
    for _ in range(40):
        assert named.place("a").endswith("a")
def test_there(monkeypatch):
    monkeypatch.setattr("named.machine", lambda *a, **k: 'arm64')
    for _ in range(40):
        assert named.place("b").startswith("arm64")
