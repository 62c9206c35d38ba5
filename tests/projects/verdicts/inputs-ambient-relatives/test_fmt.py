import logging, fmt
def test_plain():
    for _ in range(60):
        assert fmt.render("a") == "<a>"
def test_debug(caplog):
    caplog.set_level(logging.DEBUG, "fmt")
    for _ in range(60):
        assert fmt.render("b") == "<b (debug)>"
