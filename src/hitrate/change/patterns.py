"""Globs of `paths` and `exclude` that name nothing in the tree: most often a slip of the pen."""

import os
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from fnmatch import fnmatchcase
from itertools import islice
from pathlib import Path, PurePosixPath

from hitrate.files.globs import matches
from hitrate.source import definitions as source

ENTRIES_LIMIT = 10_000
"""Files and folders that are looked at; of a larger tree nothing is said."""
GLOBS_LIMIT = 20
"""Globs that are looked at."""
READ_LIMIT = 20
"""Files that are read for the names of their functions; a glob that fits more of them is taken to fit one."""

_ENVIRONMENT = "pyvenv.cfg"


def unmatched(tree: Path, settings: Mapping[str, Sequence[str]], changed: Sequence[str]) -> tuple[str, ...]:
    """A sentence for each glob that matches no file, or no function, of the tree.

    Args:
        tree: Root of the working tree.
        settings: Globs by the name of their setting.
        changed: Files of the change; what matches one of them needs no look at the others.
    """
    named = [(setting, pattern) for setting, patterns in settings.items() for pattern in patterns]
    doubtful = [
        (setting, pattern)
        for setting, pattern in named
        if not pattern.removeprefix("./").startswith(".")  # hidden folders are not looked at
        and ("::" in pattern or not any(matches(path, pattern) for path in changed))
    ][:GLOBS_LIMIT]
    if not doubtful:
        return ()
    entries = list(islice(_entries(tree), ENTRIES_LIMIT + 1))
    if len(entries) > ENTRIES_LIMIT:
        return ()
    files = [path for path in entries if path]
    told = ((setting, pattern, _missed(tree, pattern, files)) for setting, pattern in doubtful)
    return tuple(f"`{setting}: {pattern}` {missed}." for setting, pattern, missed in told if missed)


def _missed(tree: Path, pattern: str, files: Sequence[str]) -> str | None:
    """What a glob does not match, and what was probably meant; None where it matches."""
    glob, separator, name = pattern.partition("::")
    found = [path for path in files if matches(path, glob)]
    if not found:
        bare = glob.removeprefix("./").rstrip("/*")
        return f"matches no file{_meant(bare, _places(files))}"
    if not separator or len(found) > READ_LIMIT:
        return None
    names = [each for path in found if path.endswith(".py") for each in _functions(tree, path)]
    if any(fnmatchcase(each, name) for each in names):
        return None
    return f"matches no function{_meant(name, names)}"


def _meant(name: str, known: Sequence[str]) -> str:
    near = get_close_matches(name, known, n=1, cutoff=0.7)
    return f"; the nearest is `{near[0]}`" if near else ""


def _places(files: Sequence[str]) -> list[str]:
    """All files, and all folders that hold one."""
    folders = {str(folder) for path in files for folder in PurePosixPath(path).parents}
    return [*files, *sorted(folders - {"."})]


def _functions(tree: Path, path: str) -> list[str]:
    try:
        return [each.qualname for each in source.read(tree / path).definitions]
    except (source.SourceError, OSError):
        return []


def _entries(tree: Path) -> Iterator[str]:
    """Paths of files with forward slashes, and "" for a folder; none that is hidden or of an environment."""
    for folder, folders, names in os.walk(tree):
        folders[:] = [name for name in folders if not name.startswith(".")]
        if _ENVIRONMENT in names:
            folders.clear()
            continue
        yield ""
        for name in names:
            yield Path(folder, name).relative_to(tree).as_posix()
