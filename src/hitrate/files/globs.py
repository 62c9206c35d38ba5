"""Globs of paths, as the settings have them."""

import fnmatch


def matches(path: str, pattern: str) -> bool:
    """Whether a glob matches a path; ``*`` and ``**/`` cross folders, a folder's name means all below it."""
    bare = pattern.removeprefix("./").rstrip("/")
    glob = bare.replace("**/", "*")
    return (
        fnmatch.fnmatchcase(path, glob)
        or path.startswith(f"{bare}/")
        or fnmatch.fnmatchcase(path, f"{glob}/*")
    )
