import ops
import pytest

NAMES = [name for name in dir(ops) if name.startswith("op")]


@pytest.mark.parametrize(("turn", "name"), list(enumerate(NAMES)))
def test_operation(turn, name):
    operation = getattr(ops, name)
    for value in range(30 * (turn + 1)):
        assert operation(value % 9) == operation(value % 9)
