import app


def test_first():
    for _ in range(20):
        assert app.config().port == 1
        assert not app.debug()
        assert len(app.rows()) == 2


def test_later(monkeypatch):
    monkeypatch.setitem(app.RAW, "port", 2)
    monkeypatch.setenv("APP_DEBUG", "yes")
    monkeypatch.setattr(app, "ROWS", [1, 2, 3])
    for _ in range(20):
        assert app.config().host == "a"
        assert app.debug() in (True, False)
        assert 1 in app.rows()
