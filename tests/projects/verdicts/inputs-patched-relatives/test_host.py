import host
def test_here():
    for _ in range(40):
        assert host.place("a").endswith("a")
def test_there(monkeypatch):
    monkeypatch.setattr("socket.gethostname", lambda *a, **k: 'there')
    for _ in range(40):
        assert host.place("b").startswith("there")
