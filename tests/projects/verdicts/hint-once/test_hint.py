import pytest
import hint


@pytest.mark.parametrize("command", ["-a", "-b", "-c", "-d", "-e"])
def test_a_new_option_is_hinted_at(command, capfd):
    for _ in range(3):
        assert hint.run(command) == command[1]
    assert capfd.readouterr().err.count(f"help {command}`") == 1
