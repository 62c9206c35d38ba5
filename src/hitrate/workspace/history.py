"""The commits that a comparison needs: found in a clone, or fetched until they are there."""

import base64
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from git import Repo
from git.exc import GitCommandError

from hitrate.errors import AnalysisError
from hitrate.workspace.gitdir import forbid_programs, without_password

FIRST_DEPTH = 50
DEPTH_GROWTH = 4
DEPTHS = 4
_REMEDY = "check it out with fetch-depth: 0"

# Whatever a clone's own settings say, no command of it is run and nobody is asked for a password.
_CAUTIOUS = {
    "core.fsmonitor": "false",
    "core.hooksPath": os.devnull,
    "protocol.ext.allow": "never",
    "submodule.recurse": "false",
    "fetch.recurseSubmodules": "false",
    "gc.auto": "0",
    "maintenance.auto": "false",
    "advice.detachedHead": "false",
}


@dataclass(frozen=True, slots=True)
class Origin:
    """Where commits can be fetched.

    Attributes:
        url: Of the repository, without a password.
        token: Lets Hitrate read it; None for a public one.
    """

    url: str
    token: str | None = None


def git_environment(settings: Mapping[str, str], *, trusted: Sequence[Path] = ()) -> dict[str, str]:
    """Variables that make git use settings without writing them anywhere.

    Args:
        settings: Names and values, as ``git config`` knows them.
        trusted: Trees that belong to somebody else and are to be read all the same.
    """
    pairs = [*_CAUTIOUS.items(), *settings.items(), *(("safe.directory", str(path)) for path in trusted)]
    numbered = {f"GIT_CONFIG_KEY_{number}": key for number, (key, _) in enumerate(pairs)}
    numbered |= {f"GIT_CONFIG_VALUE_{number}": value for number, (_, value) in enumerate(pairs)}
    return {
        "GIT_CONFIG_COUNT": str(len(pairs)),
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_ATTR_NOSYSTEM": "1",
        "GIT_LFS_SKIP_SMUDGE": "1",
        "GIT_OPTIONAL_LOCKS": "0",
        **numbered,
    }


def open_clone(path: Path) -> Repo:
    """A clone whose owner may be anybody."""
    clone = Repo(path)
    clone.git.update_environment(**git_environment({}, trusted=[path]))
    return clone


def make_clone(path: Path, origin: Origin) -> Repo:
    """An empty clone of the origin, in a new folder."""
    path.mkdir(parents=True)
    clone = Repo.init(path)
    forbid_programs(path / ".git")
    with clone.config_writer() as config:
        config.set_value('remote "origin"', "url", without_password(origin.url))
    clone.git.update_environment(**git_environment({}))
    return clone


class History:
    """Commits of one clone, completed from where it came from."""

    def __init__(self, clone: Repo, origin: Origin | None = None) -> None:
        """Ask for nothing yet; without an origin, what is there must do."""
        self._clone = clone
        self._origin = origin

    def has(self, commit: str) -> bool:
        """Whether a commit is there."""
        return self.resolve(commit) is not None

    def resolve(self, name: str) -> str | None:
        """The sha of a commit, branch or tag that is there, a branch of the remote included."""
        for spelling in (name, f"origin/{name}"):
            try:
                options = ("--verify", "--quiet", "--end-of-options", f"{spelling}^{{commit}}")
                return str(self._clone.git.rev_parse(*options))
            except GitCommandError:
                continue
        return None

    def parents(self, commit: str) -> tuple[str, ...]:
        """Shas of a commit's parents, whether they are there or not."""
        header = str(self._clone.git.cat_file("commit", commit)).partition("\n\n")[0]
        return tuple(line.split()[1] for line in header.splitlines() if line.startswith("parent "))

    def message(self, commit: str) -> str | None:
        """The message of a commit; None where the commit is not there."""
        if not self.has(commit):
            return None
        return str(self._clone.git.cat_file("commit", commit)).partition("\n\n")[2]

    def fetch(self, *wanted: str, depth: int | None = None) -> str:
        """Fetch commits or refs from the origin; the sha of the first one.

        Raises:
            AnalysisError: The origin does not have them or does not answer.
        """
        if self._origin is None:
            raise AnalysisError(f"base: {' and '.join(wanted)} is not in the checkout; {_REMEDY}")
        options = [f"--depth={depth}"] if depth else []
        try:
            with self._clone.git.custom_environment(**_with_token(self._origin)):
                self._clone.git.fetch(
                    "--no-tags", "--quiet", "--force", *options, "--", self._origin.url, *wanted
                )
            return str(self._clone.git.rev_parse("FETCH_HEAD"))
        except GitCommandError as error:
            reason = (str(error.stderr).strip(" \n'").splitlines() or ["no reason given"])[-1].strip()
            what = f"{' and '.join(wanted)} could not be fetched from {self._origin.url}"
            raise AnalysisError(f"base: {what} ({reason}); {_REMEDY}") from None

    def complete(self, base: str, head: str) -> None:
        """Fetch the files that differ between two commits, which a partial clone may not have."""
        if str(self._clone.git.config("--default", "", "--get", "extensions.partialclone")):
            with self._clone.git.custom_environment(**_with_token(self._origin)):
                self._clone.git.diff(
                    "--shortstat", "--no-ext-diff", "--no-textconv", "--ignore-submodules=dirty", base, head
                )

    def refresh(self) -> None:
        """Tell git's index that the files are unchanged: later comparisons need not read them all."""
        self._clone.git.update_index("-q", "--really-refresh", with_exceptions=False)

    def check_out(self, commit: str) -> None:
        """Make the working tree that of a commit."""
        self._clone.git.checkout("--quiet", "--force", "--detach", commit)

    def bring(self, name: str) -> str:
        """The sha of a commit, branch or tag, fetched if it is not there.

        Raises:
            AnalysisError: It does not exist.
        """
        if (there := self.resolve(name)) is None:
            there = self.fetch(name, depth=1 if self._shallow() else None)
        return there

    def bring_parents(self, commit: str) -> tuple[str, ...]:
        """The shas of a commit's parents, fetched if they are not there."""
        parents = self.parents(commit)
        if not all(map(self.has, parents)) or commit in self._shallow():
            self.fetch(commit, depth=2)
        return parents

    def merge_base(self, base: str, head: str) -> str:
        """The commit that a comparison of two commits starts from; a shallow clone is deepened to be sure.

        Raises:
            AnalysisError: The two share no history, or it cannot be fetched.
        """
        for depth in self._depths():
            if depth is not None:
                self.fetch(base, head, depth=depth)
            if found := self._sure_merge_base(base, head):
                return found
        raise AnalysisError(f"base: {base[:12]} and {head[:12]} share no history; name another base")

    def _depths(self) -> Iterator[int | None]:
        """Nothing more first, then more and more, then everything."""
        yield None
        if not self._shallow():
            return
        # Less than what is there would cut it off.
        known = int(self._clone.git.rev_list("--all", "--count", "HEAD"))
        depth = max(FIRST_DEPTH, 2 * known)
        for _ in range(DEPTHS):
            yield depth
            depth *= DEPTH_GROWTH
        yield (1 << 31) - 1  # what git itself sends for "everything"

    def _sure_merge_base(self, base: str, head: str) -> str | None:
        """The merge base, unless a better one may lie behind the edge of what was fetched."""
        try:
            found = str(self._clone.git.merge_base(base, head))
        except GitCommandError:
            return None
        between = str(self._clone.git.rev_list(base, head, f"^{found}")).split()
        return None if self._shallow() & set(between) else found

    def _shallow(self) -> frozenset[str]:
        """Commits whose parents were not fetched."""
        file = Path(self._clone.common_dir) / "shallow"
        return frozenset(file.read_text(encoding="ascii").split()) if file.is_file() else frozenset()


def _with_token(origin: Origin | None) -> dict[str, str]:
    """The token, for the origin alone, in the environment of one command and nowhere else."""
    settings: dict[str, str] = {}
    if origin is None:
        return git_environment(settings)
    address = urlsplit(origin.url)
    if origin.token and address.scheme in ("http", "https"):
        basic = base64.b64encode(f"x-access-token:{origin.token}".encode()).decode()
        settings[f"http.{address.scheme}://{address.netloc}/.extraheader"] = f"AUTHORIZATION: basic {basic}"
    return git_environment(settings)
