"""What the report says of where the tests were run, so that a reader can run them there."""

from pathlib import Path

from hitrate.analysis.assemble import suite_report
from hitrate.analysis.session import Measurement, Project
from hitrate.change.comparison import Change
from hitrate.change.discovery import Selection
from hitrate.testrun.run import Suite
from hitrate.vocabulary import Effort


def directory(tree: Path, folder: Path) -> str:
    project = Project(tree, Suite("pytest", folder, {}), None, Change(base=None, head=None), Selection(()))
    return suite_report(project, Effort.STANDARD, Measurement(), 1.0).directory


def test_the_folder_is_named_from_the_root_of_the_repository(tmp_path: Path) -> None:
    (tmp_path / "tree" / "services" / "shop").mkdir(parents=True)
    (tmp_path / "link").symlink_to(tmp_path / "tree")
    assert directory(tmp_path / "tree", tmp_path / "tree" / "services" / "shop") == "services/shop"
    assert directory(tmp_path / "link", tmp_path / "tree" / "services" / "shop") == "services/shop"
    assert directory(tmp_path / "tree", tmp_path / "tree") == "."
    assert directory(tmp_path / "tree", tmp_path) == "."
