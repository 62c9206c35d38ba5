import system
def test_here():
    for _ in range(40):
        assert system.place("a").endswith("a")
def test_there(monkeypatch):
    monkeypatch.setattr("platform.system", lambda *a, **k: 'Windows')
    for _ in range(40):
        assert system.place("b").startswith("Windows")
