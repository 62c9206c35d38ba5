from unittest import mock
import mocked, sysconfig
def test_here():
    for _ in range(40):
        assert mocked.place("a").endswith("a")
@mock.patch.object(sysconfig, "get_platform", return_value="win-amd64")
def test_there(get_platform):
    for _ in range(40):
        assert mocked.place("b") == "win-amd64/b"
