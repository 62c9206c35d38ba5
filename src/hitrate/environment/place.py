"""Where in a repository the project is that a change is about: where its packaging lies."""

from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

ROOT = "."
_PACKAGING = ("pyproject.toml", "setup.py", "setup.cfg")
_OF_PROJECTS = (
    *_PACKAGING,
    *(
        "Pipfile",
        "manage.py",
        "tox.ini",
        "tox.toml",
        "noxfile.py",
        "pytest.ini",
        "pytest.toml",
        "conftest.py",
    ),
)
_PATTERNS = ("*req*.txt", "*.lock", "requirements/*.txt", "test_*.py")


def folder_of_project(tree: Path, changed: Iterable[str]) -> str:
    """The folder in which the project's commands are run, where nobody has named one.

    It is the root, unless nothing there says anything of a project: then it is the nearest folder with
    packaging around all that was changed, or the only one at the top where nothing was.

    Args:
        tree: Root of the repository.
        changed: Paths of the files that are looked at.
    """
    if any((tree / name).is_file() for name in _OF_PROJECTS) or any(
        file.is_file() for pattern in _PATTERNS for file in tree.glob(pattern)
    ):
        return ROOT
    files = list(changed)
    folders = {_nearest(tree, path) for path in files} if files else {*_at_the_top(tree)}
    return next(iter(folders)) if len(folders) == 1 else ROOT


def _nearest(tree: Path, path: str) -> str:
    above = (str(folder) for folder in PurePosixPath(path).parents)
    return next((folder for folder in above if folder == ROOT or _is_packaged(tree / folder)), ROOT)


def _at_the_top(tree: Path) -> Iterator[str]:
    return (entry.name for entry in tree.iterdir() if not entry.is_symlink() and _is_packaged(entry))


def _is_packaged(folder: Path) -> bool:
    return any((folder / name).is_file() for name in _PACKAGING)
