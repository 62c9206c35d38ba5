"""What installers have built, kept from one job to the next in a folder of the workspace (``cache-dir``).

The project's code cannot reach the workspace, so that the cache is copied in and out. What an index offers
ready for use is not kept: fetching that again is no slower (``uv cache prune --ci``).
"""

import os
import shutil
from pathlib import Path, PurePosixPath

from hitrate.errors import InputError
from hitrate.filecopy import copy_folder, hand_over

TAG = "CACHEDIR.TAG"
SIZE_LIMIT = 4 * 10**9
_TAG_TEXT = "Signature: 8a477f597d28d172789f06886806bc55\n# Packages that Hitrate has installed.\n"


class PackageCache:
    """The folder that ``cache-dir`` names."""

    def __init__(self, workspace: Path, cache_dir: str) -> None:
        """Touch nothing yet.

        Raises:
            InputError: It is not a folder of the workspace, or holds something else than a cache.
        """
        path = PurePosixPath(cache_dir)
        self._workspace = workspace
        self._place = workspace / path
        elsewhere = path.is_absolute() or not path.parts or {"..", ".git"} & set(path.parts)
        if elsewhere or self._place.resolve() != workspace.resolve() / path:
            raise InputError(f"cache-dir: {cache_dir!r} is not a folder of the workspace; name one below it")
        if self._place.exists() and not (self._place / TAG).is_file():
            raise InputError(
                f"cache-dir: {cache_dir!r} holds something else; name a folder that is not there yet"
            )

    def bring(self, folder: Path, uid: int, gid: int) -> None:
        """Copy what an earlier job has kept, and give it to a user."""
        if self._place.is_dir():
            copy_folder(self._place, folder)
            hand_over(folder, uid, gid)

    def keep(self, folder: Path) -> bool:
        """Replace what is kept by what is in a folder; False if that is too much to keep.

        In the workspace it belongs to whom the workspace belongs to.
        """
        if _size(folder) > SIZE_LIMIT:
            return False
        if self._place.exists():
            shutil.rmtree(self._place)
        made = next(place for place in (*reversed(self._place.parents), self._place) if not place.exists())
        self._place.parent.mkdir(parents=True, exist_ok=True)
        if folder.is_dir():
            copy_folder(folder, self._place)
        self._place.mkdir(exist_ok=True)
        (self._place / TAG).write_text(_TAG_TEXT, encoding="ascii")
        owner = self._workspace.stat()
        if os.geteuid() == 0:
            hand_over(made, owner.st_uid, owner.st_gid)
        return True


def _size(folder: Path) -> int:
    """Bytes of all files below a folder."""
    return sum(
        os.lstat(os.path.join(parent, name)).st_size for parent, _, files in os.walk(folder) for name in files
    )
