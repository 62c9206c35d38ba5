"""What installers have built, kept from one job to the next in a folder of the workspace (``cache-dir``).

The project's code cannot reach the workspace, so that the cache is copied in and out. What an index offers
ready for use is not kept: fetching that again is no slower (``uv cache prune --ci``).
"""

import os
import secrets
from pathlib import Path

from hitrate.errors import AnalysisError, InputError
from hitrate.files import untrusted
from hitrate.files.copying import (
    TooDeepError,
    copy_below,
    entries,
    hand_over,
    hand_over_open,
    made,
    opened,
    remove,
    size_of,
    write_new,
)
from hitrate.workspace.destination import require_own_folder

TAG = "CACHEDIR.TAG"
SIZE_LIMIT = 4 * 10**9
EXAMPLE = ".cache/hitrate"
_TAG_TEXT = "Signature: 8a477f597d28d172789f06886806bc55\n# Packages that Hitrate has installed.\n"


class PackageCache:
    """The folder that ``cache-dir`` names."""

    def __init__(self, workspace: Path, cache_dir: str) -> None:
        """Touch nothing yet.

        Raises:
            InputError: It is not a folder of the workspace, or holds something other than a cache.
        """
        require_own_folder(workspace, cache_dir, setting="cache-dir", example=EXAMPLE)
        self._workspace = workspace
        self._parts = untrusted.parts_of(cache_dir)
        if self._is_there() and not self._is_cache():
            raise InputError(
                f"cache-dir: {cache_dir!r} holds something else; name a folder that does not exist yet"
            )

    def bring(self, folder: Path, uid: int, gid: int) -> None:
        """Copy what an earlier job has kept, and give it to a user."""
        if self._is_cache():
            with untrusted.folder(self._workspace, self._parts) as here, made(folder) as there:
                copy_below(here, there)
            hand_over(folder, uid, gid)

    def keep(self, folder: Path) -> bool:
        """Replace what is kept by what is in a folder; False if that is too much to keep.

        In the workspace it belongs to whom the workspace belongs to.

        Raises:
            AnalysisError: What is there cannot be replaced.
        """
        try:
            if size_of(folder) > SIZE_LIMIT:
                return False
            self._replace(folder)
        except TooDeepError:
            return False
        except OSError as error:
            raise self._stuck(f" ({error.strerror})") from error
        return True

    def _replace(self, folder: Path) -> None:
        """Copy a folder to a new name beside what is kept, and put it in its place."""
        *above, name = self._parts
        new = f".{name}.{secrets.token_hex(8)}"
        owner = self._workspace.stat()
        with untrusted.folder(self._workspace, above, make=owner) as holder:
            try:
                with made(new, holder) as copy:
                    if os.path.lexists(folder):
                        with opened(folder) as built:
                            copy_below(built, copy, special=lambda entry, _: entry.path == TAG)
                    write_new(TAG, _TAG_TEXT, copy)
                    if os.geteuid() == 0:
                        hand_over_open(copy, owner.st_uid, owner.st_gid)
                self._clear()
                os.rename(new, name, src_dir_fd=holder, dst_dir_fd=holder)
            except BaseException:
                remove(self._workspace, "/".join((*above, new)))
                raise

    def _clear(self) -> None:
        """Remove what is kept.

        Raises:
            AnalysisError: It cannot be removed, or is no cache any more.
        """
        if self._is_there() and not (self._is_cache() and remove(self._workspace, self._path)):
            raise self._stuck()

    def _stuck(self, why: str = "") -> AnalysisError:
        return AnalysisError(
            f"cache-dir: {self._path!r} cannot be replaced{why}; remove it, or name another folder"
        )

    @property
    def _path(self) -> str:
        return "/".join(self._parts)

    def _is_there(self) -> bool:
        return os.path.lexists(self._workspace.joinpath(*self._parts))

    def _is_cache(self) -> bool:
        try:
            with untrusted.folder(self._workspace, self._parts) as place:
                return any(entry.name == TAG and entry.is_file for entry in entries(place))
        except OSError:
            return False
