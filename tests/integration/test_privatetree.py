"""The private tree: copied as the checkout lies, or fetched; no key in it; the checkout untouched."""

import base64
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from hitrate.change.comparison import compare
from hitrate.errors import AnalysisError, InputError
from hitrate.sandbox.identity import Identity
from hitrate.workspace.history import Origin, open_clone
from hitrate.workspace.privatetree import Origination, PrivateTree, Revision, base_of, head_message, lay_out
from tests.integration.githttp import serve_git
from tests.integration.repositories import commit, fingerprint, git, new_repository, write

TOKEN = "ghs_0123456789secret"
BASIC = base64.b64encode(f"x-access-token:{TOKEN}".encode()).decode()


class Hub:
    """A repository with a pull request, as GitHub keeps it: head, test merge, a base that moved on."""

    def __init__(self, path: Path) -> None:
        self.path = new_repository(path, {"a.py": "def f():\n    return 1\n", "b.py": "B = 1\n"})
        git(path, "config", "uploadpack.allowAnySHA1InWant", "true")
        for number in range(70):  # more than is fetched at once
            commit(path, {"c.py": f"C = {number}\n"})
        self.fork_point = git(path, "rev-parse", "HEAD").strip()
        git(path, "checkout", "-q", "-b", "work")
        git(path, "mv", "b.py", "moved.py")
        for number in range(60):
            commit(path, {"a.py": f"def f():\n    return {number + 2}\n"})
        self.head = git(path, "rev-parse", "HEAD").strip()
        git(path, "checkout", "-q", "main")
        for number in range(3):
            self.base = commit(path, {"d.py": f"D = {number}\n"})
        git(path, "checkout", "-q", "--detach")
        git(path, "merge", "-q", "--no-ff", "-m", "merge", "work")
        self.merge = git(path, "rev-parse", "HEAD").strip()
        git(path, "update-ref", "refs/pull/7/head", self.head)
        git(path, "update-ref", "refs/pull/7/merge", self.merge)
        git(path, "checkout", "-q", "main")
        git(path, "branch", "-q", "-D", "work")  # as of a fork: only the pull request knows the commits

    @property
    def origin(self) -> Origin:
        return Origin(self.path.as_uri())

    @property
    def wanted(self) -> Revision:
        return Revision(self.head, self.merge, 7)

    def checked_out(self, workspace: Path, ref: str, *, depth: int | None = 1) -> Path:
        """What actions/checkout leaves: a detached commit, shallow by default."""
        workspace.mkdir()
        git(workspace, "init", "-q")
        git(workspace, "remote", "add", "origin", self.path.as_uri())
        options = [f"--depth={depth}"] if depth else []
        git(workspace, "fetch", "-q", "--no-tags", *options, "origin", f"+{ref}:refs/remotes/{ref[5:]}")
        git(workspace, "checkout", "-q", "--detach", f"refs/remotes/{ref[5:]}")
        return workspace


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Hub:
    return Hub(tmp_path_factory.mktemp("hub") / "hub")


def laid_out(hub: Hub, workspace: Path, scratch: Path, wanted: Revision | None = None) -> PrivateTree:
    return lay_out(workspace, wanted or hub.wanted, hub.origin, scratch)


def base(hub: Hub, made: PrivateTree, chosen: str | None = None) -> str:
    found = base_of(made, hub.origin, event=hub.base, chosen=chosen)
    assert found is not None
    return found


def changed(made: PrivateTree, base: str) -> list[str]:
    return [file.path for file in compare(open_clone(made.path), base, "HEAD").files]


class TestWhatIsCompared:
    @pytest.mark.parametrize("depth", [1, 2, None])
    def test_test_merge(self, hub: Hub, tmp_path: Path, depth: int | None) -> None:
        workspace = hub.checked_out(tmp_path / "w", "refs/pull/7/merge", depth=depth)
        made = laid_out(hub, workspace, tmp_path)
        assert made.origination is Origination.MERGE
        assert (made.head, base(hub, made)) == (hub.head, hub.base)
        assert (made.path / "d.py").is_file(), "the merge has what the base has"
        assert changed(made, hub.base) == ["a.py", "moved.py"]

    @pytest.mark.parametrize("depth", [1, 5, None])
    def test_head_is_deepened_to_the_merge_base(self, hub: Hub, tmp_path: Path, depth: int | None) -> None:
        workspace = hub.checked_out(tmp_path / "w", "refs/pull/7/head", depth=depth)
        made = laid_out(hub, workspace, tmp_path)
        assert made.origination is Origination.HEAD
        assert (made.head, base(hub, made)) == (hub.head, hub.fork_point)
        assert not (made.path / "d.py").exists()
        assert changed(made, hub.fork_point) == ["a.py", "moved.py"]

    @pytest.mark.parametrize("depth", [1, 2, None])
    @pytest.mark.parametrize("ref", ["refs/pull/7/merge", "refs/pull/7/head", "refs/heads/main"])
    def test_the_message_is_the_head_commits(
        self, hub: Hub, tmp_path: Path, depth: int | None, ref: str
    ) -> None:
        made = laid_out(hub, hub.checked_out(tmp_path / "w", ref, depth=depth), tmp_path)
        message = git(hub.path, "log", "-1", "--format=%B", hub.head).strip()
        assert (head_message(made, hub.origin) or "").strip() == message
        assert base(hub, made) in (hub.base, hub.fork_point)

    def test_a_message_that_cannot_be_had_is_none(self, hub: Hub, tmp_path: Path) -> None:
        made = laid_out(hub, hub.checked_out(tmp_path / "w", "refs/pull/7/merge"), tmp_path)
        assert head_message(made, Origin((tmp_path / "gone").as_uri())) is None

    def test_another_commit_is_checked_out(self, hub: Hub, tmp_path: Path) -> None:
        workspace = hub.checked_out(tmp_path / "w", "refs/heads/main")
        made = laid_out(hub, workspace, tmp_path)
        assert made.origination is Origination.FETCH
        assert (made.head, base(hub, made)) == (hub.head, hub.fork_point)
        assert changed(made, hub.fork_point) == ["a.py", "moved.py"]

    def test_nothing_is_checked_out(self, hub: Hub, tmp_path: Path) -> None:
        (tmp_path / "w").mkdir()
        made = laid_out(hub, tmp_path / "w", tmp_path)
        assert made.origination is Origination.FETCH
        assert (made.path / "a.py").read_text() == "def f():\n    return 61\n"
        assert base(hub, made) == hub.fork_point

    def test_the_user_names_the_base(self, hub: Hub, tmp_path: Path) -> None:
        git(hub.path, "branch", "-f", "old", "main~2")
        workspace = hub.checked_out(tmp_path / "w", "refs/pull/7/merge")
        made = laid_out(hub, workspace, tmp_path)
        found = base(hub, made, chosen="old")
        assert found == git(hub.path, "rev-parse", "old").strip()
        assert changed(made, found) == ["a.py", "d.py", "moved.py"]

    def test_a_moved_file_is_no_new_one(self, hub: Hub, tmp_path: Path) -> None:
        workspace = hub.checked_out(tmp_path / "w", "refs/pull/7/merge")
        made = laid_out(hub, workspace, tmp_path)
        change = compare(open_clone(made.path), base(hub, made), "HEAD")
        assert {file.path: file.lines for file in change.files}["moved.py"] == ()

    def test_head_moved_since_the_event(self, hub: Hub, tmp_path: Path) -> None:
        (tmp_path / "w").mkdir()
        earlier = git(hub.path, "rev-parse", f"{hub.head}~1").strip()
        made = laid_out(hub, tmp_path / "w", tmp_path, Revision(earlier, None, 7))
        assert made.head == earlier
        assert (made.path / "a.py").read_text() == "def f():\n    return 60\n"

    def test_nothing_to_compare_with(self, hub: Hub, tmp_path: Path) -> None:
        workspace = hub.checked_out(tmp_path / "w", "refs/heads/main")
        made = laid_out(hub, workspace, tmp_path, Revision())
        assert made.head == hub.base
        assert base_of(made, hub.origin, event=None, chosen=None) is None

    def test_a_base_that_does_not_exist(self, hub: Hub, tmp_path: Path) -> None:
        workspace = hub.checked_out(tmp_path / "w", "refs/heads/main")
        made = laid_out(hub, workspace, tmp_path, Revision())
        with pytest.raises(AnalysisError, match=r"base: nowhere could not be fetched .*fetch-depth: 0"):
            base(hub, made, chosen="nowhere")

    def test_unrelated_histories(self, hub: Hub, tmp_path: Path) -> None:
        other = new_repository(tmp_path / "other", {"x.py": "X = 1\n"})
        git(hub.path, "fetch", "-q", str(other), "+main:refs/heads/unrelated")
        workspace = hub.checked_out(tmp_path / "w", "refs/heads/main")
        made = laid_out(hub, workspace, tmp_path, Revision())
        with pytest.raises(AnalysisError, match="share no history"):
            base(hub, made, chosen="unrelated")

    def test_a_shallow_clone_never_gives_too_old_a_base(self, tmp_path: Path) -> None:
        """Both sides reach an old commit at once, and a better one by a way that is longer than the clone."""
        hub = new_repository(tmp_path / "hub", {"a.py": "A = 0\n"})
        git(hub, "config", "uploadpack.allowAnySHA1InWant", "true")
        old = git(hub, "rev-parse", "HEAD").strip()
        better = commit(hub, {"b.py": "B = 0\n"})
        sides = []
        for side in ("head", "base"):
            git(hub, "checkout", "-q", "-b", side, better)
            for number in range(4):
                tip = commit(hub, {f"{side}.py": f"A = {number + 1}\n"})
            tree = f"{tip}^{{tree}}"
            sides.append(git(hub, "commit-tree", tree, "-p", old, "-p", tip, "-m", "merge").strip())
        head, base = sides
        assert git(hub, "merge-base", head, base).strip() == better
        workspace = tmp_path / "w"
        workspace.mkdir()
        git(workspace, "init", "-q")
        git(workspace, "fetch", "-q", "--depth=3", hub.as_uri(), head, base)
        git(workspace, "checkout", "-q", head)
        assert git(workspace, "merge-base", head, base).strip() == old
        origin = Origin(hub.as_uri())
        made = lay_out(workspace, Revision(head), origin, tmp_path)
        assert base_of(made, origin, event=base, chosen=None) == better


class TestWhatIsCopied:
    def test_as_it_lies(self, hub: Hub, tmp_path: Path) -> None:
        workspace = hub.checked_out(tmp_path / "w", "refs/pull/7/merge")
        write(
            workspace,
            {"generated/x.py": "X = 1\n", "build/x.o": "o", ".gitignore": "build/\n", "a.py": "changed\n"},
        )
        pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 3\n"
        write(workspace, {"large.bin": pointer, "run.sh": "true\n"})
        (workspace / "run.sh").chmod(0o755)
        (workspace / "link").symlink_to("generated/x.py")
        (workspace / "dangling").symlink_to("/nowhere/at/all")
        (workspace / "outside").symlink_to("/etc")
        os.mkfifo(workspace / "pipe")
        made = laid_out(hub, workspace, tmp_path)
        for name in ("generated/x.py", "build/x.o", "a.py", "large.bin", "run.sh"):
            assert (made.path / name).read_bytes() == (workspace / name).read_bytes()
            assert (made.path / name).stat().st_mtime_ns == (workspace / name).stat().st_mtime_ns
        assert os.access(made.path / "run.sh", os.X_OK)
        assert (made.path / "link").readlink() == Path("generated/x.py")
        assert (made.path / "dangling").readlink() == Path("/nowhere/at/all")
        assert (made.path / "outside").is_symlink()
        assert not os.path.lexists(made.path / "pipe")

    def test_what_is_no_part_of_the_project(self, hub: Hub, tmp_path: Path) -> None:
        workspace = hub.checked_out(tmp_path / "w", "refs/pull/7/merge")
        write(
            workspace,
            {
                "gha-creds-0a1b.json": TOKEN,
                ".netrc": TOKEN,
                "venv/pyvenv.cfg": "home = /usr/bin\n",
                "venv/bin/python": "",
                "tests/data/.netrc": "a fixture",
                "tests/data/pyvenv.cfg": "a fixture",
            },
        )
        git(workspace, "add", "-f", "tests")
        made = laid_out(hub, workspace, tmp_path)
        assert not any(
            (made.path / name).exists()
            for name in ("gha-creds-0a1b.json", ".netrc", "venv", "hitrate-report")
        )
        assert (made.path / "tests/data/.netrc").read_text() == "a fixture"
        assert (made.path / "tests/data/pyvenv.cfg").exists()

    def test_submodules(self, hub: Hub, tmp_path: Path) -> None:
        library = new_repository(tmp_path / "library", {"lib.py": "L = 1\n"})
        workspace = hub.checked_out(tmp_path / "w", "refs/pull/7/merge")
        git(
            workspace,
            "-c",
            "protocol.file.allow=always",
            "submodule",
            "--quiet",
            "add",
            library.as_uri(),
            "third/library",
        )
        git(
            workspace / "third/library",
            "config",
            "http.https://github.com/.extraheader",
            f"AUTHORIZATION: basic {BASIC}",
        )
        made = laid_out(hub, workspace, tmp_path)
        assert (made.path / "third/library/lib.py").read_text() == "L = 1\n"
        inside = git(made.path / "third/library", "rev-parse", "HEAD")
        assert inside == git(library, "rev-parse", "HEAD")
        assert_no_key(made.path)

    def test_no_key_is_left(self, hub: Hub, tmp_path: Path) -> None:
        """Every place where actions/checkout, of any version, and its like leave a token."""
        workspace = hub.checked_out(tmp_path / "w", "refs/pull/7/merge")
        included = tmp_path / "git-credentials-1.config"
        included.write_text(f'[http "https://github.com/"]\n\textraheader = AUTHORIZATION: basic {BASIC}\n')
        git(workspace, "config", "http.https://github.com/.extraheader", f"AUTHORIZATION: basic {BASIC}")
        git(workspace, "config", f"includeIf.gitdir:{workspace}/.git.path", str(included))
        git(workspace, "config", "include.path", str(included))
        git(workspace, "config", "credential.helper", f"!echo password={TOKEN}")
        git(workspace, "config", "core.sshCommand", f"ssh -i {TOKEN}")
        git(
            workspace,
            "config",
            f"url.https://x-access-token:{TOKEN}@github.com/.insteadOf",
            "https://github.com/",
        )
        git(workspace, "config", "--add", "remote.other.url", f"https://user:{TOKEN}@example.org/o/r.git")
        write(workspace, {".git/hooks/post-checkout": f"echo {TOKEN}\n", ".git/FETCH_HEAD": TOKEN})
        made = laid_out(hub, workspace, tmp_path)
        assert_no_key(made.path)
        assert git(made.path, "remote", "get-url", "other").strip() == "https://example.org/o/r.git"
        assert not (made.path / ".git/hooks").exists()

    def test_the_clone_goes_on_working(self, hub: Hub, tmp_path: Path) -> None:
        workspace = hub.checked_out(tmp_path / "w", "refs/pull/7/merge", depth=None)
        git(workspace, "tag", "v1.0", "HEAD~1")
        git(workspace, "sparse-checkout", "set", "--no-cone", "/*", "!/d.py")
        made = laid_out(hub, workspace, tmp_path)
        assert git(made.path, "status", "--porcelain") == ""
        assert git(made.path, "describe", "--tags") == git(workspace, "describe", "--tags")
        assert git(made.path, "fsck", "--connectivity-only") == ""

    def test_the_checkout_is_untouched(self, hub: Hub, tmp_path: Path) -> None:
        workspace = hub.checked_out(tmp_path / "w", "refs/pull/7/head")
        write(workspace, {"untracked.py": "U = 1\n"})
        before = fingerprint(workspace)
        configuration = (workspace / ".git/config").read_bytes(), (workspace / ".git/index").read_bytes()
        laid_out(hub, workspace, tmp_path)
        assert fingerprint(workspace) == before
        assert (
            (workspace / ".git/config").read_bytes(),
            (workspace / ".git/index").read_bytes(),
        ) == configuration

    def test_a_checkout_below_the_workspace(self, hub: Hub, tmp_path: Path) -> None:
        (tmp_path / "w").mkdir()
        checkout = hub.checked_out(tmp_path / "w" / "sub", "refs/pull/7/merge")
        write(checkout, {"one/x.py": "X = 1\n"})
        made = laid_out(hub, tmp_path / "w", tmp_path)
        assert (made.path / "one/x.py").is_file()
        assert base(hub, made) == hub.base

    def test_no_head_and_no_checkout(self, hub: Hub, tmp_path: Path) -> None:
        (tmp_path / "w").mkdir()
        with pytest.raises(InputError, match="add actions/checkout"):
            laid_out(hub, tmp_path / "w", tmp_path, Revision())


def assert_no_key(tree: Path) -> None:
    for path in tree.rglob("*"):
        if path.is_file() and not path.is_symlink():
            content = path.read_bytes()
            assert TOKEN.encode() not in content, path
            assert BASIC.encode() not in content, path


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files to another user")
class TestOwnership:
    identity = Identity("tests", 51515, 51515)

    @pytest.fixture
    def made(self, hub: Hub, tmp_path: Path) -> PrivateTree:
        workspace = hub.checked_out(tmp_path / "w", "refs/pull/7/merge")
        write(workspace, {"deep/er/x.py": "X = 1\n"})
        for path in (workspace, *workspace.rglob("*")):
            os.chown(path, 1001, 1001, follow_symlinks=False)
        return lay_out(workspace, hub.wanted, hub.origin, tmp_path, identity=self.identity)

    def test_files_are_the_tests_and_history_is_not(self, made: PrivateTree) -> None:
        assert (made.path / "deep/er/x.py").stat().st_uid == self.identity.uid
        assert (made.path / "deep").stat().st_uid == self.identity.uid
        journal = made.path / ".git/hitrate"
        assert {path.stat().st_uid for path in (made.path / ".git").rglob("*") if path != journal} == {0}
        assert journal.stat().st_uid == self.identity.uid
        assert made.path.stat().st_uid == 0

    def test_the_checkout_keeps_its_owner(self, made: PrivateTree, tmp_path: Path) -> None:
        assert {path.lstat().st_uid for path in (tmp_path / "w").rglob("*")} == {1001}

    @pytest.mark.parametrize(
        "attempt",
        [
            "mv .git elsewhere",
            "rm -rf .git/config; test ! -e .git/config",
            "echo '[core] fsmonitor = touch x' >> .git/config",
            "git config core.fsmonitor 'touch x'",
            "git commit --allow-empty -m x",
        ],
    )
    def test_history_cannot_be_changed(self, made: PrivateTree, tmp_path: Path, attempt: str) -> None:
        for folder in (tmp_path, *tmp_path.parents):
            if folder.stat().st_uid == 0 and folder != Path("/"):
                folder.chmod(folder.stat().st_mode | 0o011)
        done = self.as_tests(made, attempt)
        assert done.returncode != 0, done.stdout
        assert (made.path / ".git/config").is_file()
        assert self.as_tests(made, "echo 1 > new && mv new newer && rm newer deep/er/x.py").returncode == 0

    def as_tests(self, made: PrivateTree, command: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            ["/bin/sh", "-c", command],
            cwd=made.path,
            user=self.identity.uid,
            group=self.identity.gid,
            extra_groups=[],
            env={
                "PATH": os.environ["PATH"],
                "GIT_CONFIG_COUNT": "1",
                "GIT_CONFIG_KEY_0": "safe.directory",
                "GIT_CONFIG_VALUE_0": "*",
            },
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture
def private_hub(hub: Hub) -> Iterator[tuple[str, list[str]]]:
    with serve_git(hub.path.parent, TOKEN) as (url, asked):
        yield f"{url}/{hub.path.name}", asked


class TestPrivateRepositories:
    def test_the_token_reads_and_stays_nowhere(
        self, hub: Hub, private_hub: tuple[str, list[str]], tmp_path: Path
    ) -> None:
        url, asked = private_hub
        (tmp_path / "w").mkdir()
        origin = Origin(url, TOKEN)
        made = lay_out(tmp_path / "w", hub.wanted, origin, tmp_path)
        assert base_of(made, origin, event=hub.base, chosen=None) == hub.fork_point
        assert asked
        assert_no_key(made.path)
        assert git(made.path, "remote", "get-url", "origin").strip() == url

    def test_without_a_token(self, hub: Hub, private_hub: tuple[str, list[str]], tmp_path: Path) -> None:
        url, _ = private_hub
        (tmp_path / "w").mkdir()
        with pytest.raises(AnalysisError, match=r"could not be fetched from http://127"):
            lay_out(tmp_path / "w", hub.wanted, Origin(url), tmp_path)
