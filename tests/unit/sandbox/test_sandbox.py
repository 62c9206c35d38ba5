"""Where a project's code runs."""

from pathlib import Path

import pytest

from hitrate.sandbox import identity, sandbox
from hitrate.settings.model import Settings


def test_the_folder_above_the_tree_can_be_listed_by_everybody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tests that run mypy failed otherwise: it looks at every folder above a file."""
    monkeypatch.setattr(identity, "project_identity", lambda: None)
    tmp_path.chmod(0o700)
    sandbox.prepare(tmp_path, Settings(), {})
    assert tmp_path.stat().st_mode & 0o777 == 0o755
