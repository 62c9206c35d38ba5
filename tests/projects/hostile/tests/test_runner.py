"""Speak to the runner: outputs, summary, environment of later steps, commands in the log."""

import glob
import os

import pytest


@pytest.mark.parametrize("name", ["OUTPUT", "STEP_SUMMARY", "ENV", "PATH", "STATE"])
def test_file_commands(name):
    assert f"GITHUB_{name}" not in os.environ
    assert not glob.glob("/github/file_commands/*")
    assert not glob.glob("/github/runner_temp/*/*")
    with pytest.raises(OSError):
        open(f"/github/file_commands/github_{name.lower()}", "a")


def test_event_cannot_be_replaced():
    with pytest.raises(OSError):
        open("/github/workflow/event.json", "w")


@pytest.mark.parametrize("text", ["::error::FORGED", "a\n::error::FORGED", "\r::error::FORGED", "%0A::error::FORGED"])
def test_commands_in_a_name(text):
    import victim

    assert victim.slow(len(text)) >= 0
