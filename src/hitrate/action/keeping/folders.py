"""Folders of the workspace that the action writes to: each one of its own."""

from itertools import combinations
from pathlib import Path

from hitrate.environment.packagecache import PackageCache
from hitrate.errors import InputError
from hitrate.memory import document
from hitrate.settings.model import Settings, shown_default
from hitrate.workspace.destination import overlap, require_own_folder


def require_own_folders(workspace: Path, settings: Settings) -> None:
    """Refuse to write over what is the user's; said early, so that nothing is measured in vain.

    Raises:
        InputError: A folder is not for Hitrate alone, or two lie in each other.
    """
    require_own_folder(
        workspace, settings.report_dir, setting="report-dir", example=shown_default("report_dir")
    )
    if settings.cache_dir is not None:
        PackageCache(workspace, settings.cache_dir)
    if settings.memory is not None:
        require_own_folder(workspace, settings.memory, setting="memory", example=document.EXAMPLE)
    named = {
        "report-dir": settings.report_dir,
        "cache-dir": settings.cache_dir,
        "memory": settings.memory,
    }
    given = [(setting, name) for setting, name in named.items() if name is not None]
    for (one, first), (other, second) in combinations(given, 2):
        if overlap(first, second):
            raise InputError(f"{one}: {first!r} and {other}: {second!r} overlap; name two separate folders")
