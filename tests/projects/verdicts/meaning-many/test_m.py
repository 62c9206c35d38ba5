import m
def test_app():
    m.app()["routes"].append("/")
    for _ in range(10):
        assert m.app()["routes"]
def test_lock():
    for _ in range(10):
        assert m.lock("a") is m.lock("a")
def test_instance():
    for _ in range(10):
        assert m.S.instance() is m.S.instance()
def test_ensure(tmp_path):
    for _ in range(10):
        m.ensure(str(tmp_path / "a"))
def test_log(caplog):
    for _ in range(10):
        m.log_once("x")
    assert len(caplog.records) == 1
def test_register():
    for _ in range(10):
        m.register("a")
    assert m.KINDS == {"a": 0}
def test_init():
    for _ in range(10):
        assert m.init("a")
    assert m.STARTED == ["a"]
def test_parser():
    for _ in range(10):
        assert m.parser().parse_args(["--x", "1"]).x == "1"
