"""What installers have built, kept from one job to the next in a folder of the workspace (``cache-dir``).

The project's code cannot reach the workspace, so that the cache is copied in and out. What an index offers ready
for use is not kept: fetching that again is no slower (``uv cache prune --ci``).
"""

import os
from pathlib import Path, PurePosixPath

from hitrate.errors import InputError
from hitrate.filecopy import copy_folder, hand_over
from hitrate.host import Host

PRUNE = "uv cache prune --ci --quiet"


def place_of(workspace: Path, cache_dir: str) -> Path:
    """The folder that ``cache-dir`` names.

    Raises:
        InputError: It is not below the workspace.
    """
    path = PurePosixPath(cache_dir)
    place = workspace / path
    if path.is_absolute() or ".." in path.parts or not place.resolve().is_relative_to(workspace.resolve()):
        raise InputError(f"cache-dir: {cache_dir!r} is not below the workspace; name a folder of it")
    return place


def bring(place: Path, host: Host) -> None:
    """Give the project's user what an earlier job has kept."""
    if place.is_dir():
        copy_folder(place, host.cache)
        if host.identity is not None:
            hand_over(host.cache, host.identity.uid, host.identity.gid)


def keep(host: Host, place: Path, workspace: Path) -> None:
    """Copy the cache to the workspace, where it belongs to whom the workspace belongs to."""
    if not host.cache.is_dir():
        return
    place.mkdir(parents=True, exist_ok=True)
    copy_folder(host.cache, place)
    owner = workspace.stat()
    if os.geteuid() == 0:
        hand_over(place, owner.st_uid, owner.st_gid)
