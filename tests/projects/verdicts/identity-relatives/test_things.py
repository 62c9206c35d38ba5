import pytest
import things


def test_marker():
    for _ in range(25):
        left, right = things.marker("x"), things.marker("x")
        assert left is not None and right is not None


@pytest.mark.parametrize("turn", range(50))
def test_measure(turn):
    assert things.measure(3.0).minus(things.Measured(1.0, 0.5)).value == 2.0


def test_open_handle():
    for _ in range(50):
        assert things.open_handle("a.txt").path == "a.txt"


def test_channel():
    for _ in range(50):
        box = things.channel(2)
        box.put(1)
        assert box.get() == 1


@pytest.mark.parametrize("turn", range(50))
def test_gate(turn):
    with things.gate(3).lock:
        pass


def test_node():
    root = things.Node("root")
    for _ in range(50):
        leaf = things.node("li")
        leaf.parent = root
        assert leaf.parent.tag == "root"
