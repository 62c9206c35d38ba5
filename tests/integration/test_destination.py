"""Folders that Hitrate writes to: never one that is git's, is tracked, or leads elsewhere."""

import os
from pathlib import Path

import pytest

from hitrate.environment.packagecache import TAG, PackageCache
from hitrate.errors import AnalysisError, InputError
from hitrate.workspace.destination import is_gits_own, overlap, require_own_folder
from tests.integration.jobs import everything
from tests.integration.repositories import commit, fingerprint, git, new_repository


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    files = {
        "shop/prices.py": "P = 1\n",
        f"shop/{TAG}": "Signature: 8a477f597d28d172789f06886806bc55\n",
        ".github/workflows/test.yml": "on: push\n",
        "src/deep/er/x.py": "",
        "ä ö/x.py": "",
        "README": "",
    }
    made = new_repository(tmp_path / "workspace", files)
    (made / "link").symlink_to("shop")
    (made / "away").symlink_to(tmp_path)
    (made / "nowhere").symlink_to("missing")
    (made / "round").symlink_to("round")
    git(made, "add", "link", "away", "nowhere", "round")
    git(made, "commit", "-qm", "links")
    (made / "untracked").mkdir()
    (made / "untracked" / "link").symlink_to(made / "shop")
    (made / "untracked" / "file").touch()
    new_repository(made / "untracked" / "other", {"lib/x.py": ""})
    git(made, "init", "-q", "--bare", "mirror")
    (made / "part" / ".Git").mkdir(parents=True)
    return made


REFUSED = {
    ".git": "lies in git's own folder",
    ".git/hooks": "lies in git's own folder",
    ".git/hitrate-report": "lies in git's own folder",
    ".GIT/hooks": "lies in git's own folder",
    ".git./hooks": "lies in git's own folder",
    "git~1/hooks": "lies in git's own folder",
    ".g\u200cit/hooks": "lies in git's own folder",
    ".git::$INDEX_ALLOCATION/hooks": "lies in git's own folder",
    "part/.Git/hooks": "lies in git's own folder",
    "untracked/other/.git/hooks": "lies in git's own folder",
    "new/.git/hooks": "lies in git's own folder",
    "mirror/hooks": "lies in git's own folder",
    "mirror": "lies in git's own folder",
    "shop": "holds files that git tracks",
    "./shop/": "holds files that git tracks",
    "src": "holds files that git tracks",
    "src/deep": "holds files that git tracks",
    "ä ö": "holds files that git tracks",
    ".github": "holds files that git tracks",
    ".github/workflows": "holds files that git tracks",
    "untracked/other": "holds files that git tracks",
    "untracked/other/lib": "holds files that git tracks",
    "untracked": "holds files that git tracks",
    "README": "is not a folder",
    "README/x": "lies behind something that is not a folder",
    "untracked/file": "is not a folder",
    "link": "is a symbolic link",
    "nowhere": "is a symbolic link",
    "round": "is a symbolic link",
    "link/x": "lies behind a symbolic link",
    "away/x": "lies behind a symbolic link",
    "nowhere/x/y": "lies behind a symbolic link",
    "untracked/link/x": "lies behind a symbolic link",
    ".": "is not a folder below the workspace",
    "": "is not a folder below the workspace",
    "..": "is not a folder below the workspace",
    "x/../shop": "is not a folder below the workspace",
    "/etc": "is not a folder below the workspace",
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(workspace: Path, name: str) -> None:
    before = fingerprint(workspace)
    with pytest.raises(InputError) as raised:
        require_own_folder(workspace, name, setting="report-dir", example="hitrate-report")
    assert str(raised.value) == (
        f"report-dir: {name!r} {REFUSED[name]}; name a folder of its own, such as hitrate-report"
    )
    with pytest.raises(InputError, match=r"^cache-dir: "):
        PackageCache(workspace, name)
    assert fingerprint(workspace) == before


@pytest.mark.parametrize(
    "name",
    [
        *("hitrate-report", "untracked/new", "new/folder", ".github/hitrate", "src/deep/er/new", "shopping"),
        *(".gitlab", ".github-report", "git", "x.git", "gits~1", "Shop", "sho", "out put/ü"),
    ],
)
def test_harmless(workspace: Path, name: str) -> None:
    require_own_folder(workspace, name, setting="report-dir", example="hitrate-report")
    PackageCache(workspace, name)


def test_an_earlier_report_and_an_earlier_cache_are_no_hindrance(workspace: Path, tmp_path: Path) -> None:
    (workspace / "hitrate-report").mkdir()
    (workspace / "hitrate-report" / "report.json").write_text("{}")
    require_own_folder(workspace, "hitrate-report", setting="report-dir", example="hitrate-report")
    (tmp_path / "built").mkdir()
    assert PackageCache(workspace, "cache").keep(tmp_path / "built")
    assert PackageCache(workspace, "cache").keep(tmp_path / "built")


def test_an_earlier_report_that_was_committed_is_kept(workspace: Path) -> None:
    commit(workspace, {"hitrate-report/report.json": "{}"})
    with pytest.raises(InputError, match="holds files that git tracks"):
        require_own_folder(workspace, "hitrate-report", setting="report-dir", example="report")


def test_case_counts_where_the_file_system_ignores_it(workspace: Path) -> None:
    git(workspace, "config", "core.ignorecase", "true")
    with pytest.raises(InputError, match="holds files that git tracks"):
        require_own_folder(workspace, "Shop", setting="report-dir", example="hitrate-report")


@pytest.mark.parametrize("name", ["part", "part/new", "part/deep/new"])
def test_submodules(workspace: Path, tmp_path: Path, name: str) -> None:
    sha = git(workspace, "rev-parse", "HEAD").strip()
    git(workspace, "update-index", "--add", "--cacheinfo", f"160000,{sha},part")
    said = "is tracked by git" if name == "part" else "lies in part, which git tracks"
    with pytest.raises(InputError, match=said):
        require_own_folder(workspace, name, setting="report-dir", example="hitrate-report")


@pytest.mark.parametrize(("name", "fine"), [("code", False), ("code/shop", False), ("report", True)])
def test_a_checkout_below_the_workspace(workspace: Path, tmp_path: Path, name: str, *, fine: bool) -> None:
    (tmp_path / "above").mkdir()
    workspace.rename(tmp_path / "above" / "code")
    if fine:
        require_own_folder(tmp_path / "above", name, setting="report-dir", example="hitrate-report")
    else:
        with pytest.raises(InputError, match="holds files that git tracks"):
            require_own_folder(tmp_path / "above", name, setting="report-dir", example="hitrate-report")


def test_no_checkout_at_all(tmp_path: Path) -> None:
    require_own_folder(tmp_path, "hitrate-report", setting="report-dir", example="hitrate-report")


@pytest.mark.parametrize(
    ("name", "own"),
    [
        *((name, True) for name in (".git", ".GIT", ".Git. .", "GIT~1", ".g\u200dit", ".git:x")),
        *((name, False) for name in (".gitignore", ".github", "git", "a.git", ".gi", "git~x")),
    ],
)
def test_names_of_gits_own_folder(name: str, *, own: bool) -> None:
    assert is_gits_own(name) is own


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [("a", "a", True), ("a/b", "a", True), ("a", "a/b/c", True), ("a", "ab", False), ("a/b", "a/c", False)],
)
def test_overlap(one: str, other: str, *, shared: bool) -> None:
    assert overlap(one, other) is shared


class TestPackageCache:
    def test_there_and_back(self, workspace: Path, tmp_path: Path) -> None:
        built, outside = tmp_path / "built", tmp_path / "outside"
        (built / "wheels").mkdir(parents=True)
        outside.mkdir()
        (outside / "key").write_text("hunter2")
        (built / "wheels" / "x.whl").write_bytes(b"wheel")
        for name, target in {"out": outside, "loose": "missing", "round": "round", "etc": "/etc"}.items():
            (built / name).symlink_to(target)
        (built / TAG).mkdir()
        before = everything(outside)
        for _ in range(2):
            assert PackageCache(workspace, "kept/here").keep(built)
        kept = workspace / "kept" / "here"
        assert sorted(os.listdir(kept)) == sorted([TAG, "etc", "loose", "out", "round", "wheels"])
        assert os.listdir(kept.parent) == ["here"], "nothing is left of the copying"
        PackageCache(workspace, "kept/here").bring(tmp_path / "back", os.geteuid(), os.getegid())
        assert (tmp_path / "back" / "wheels" / "x.whl").read_bytes() == b"wheel"
        assert (tmp_path / "back" / "out").is_symlink()
        assert everything(outside) == before
        assert {path.lstat().st_uid for path in kept.rglob("*")} == {workspace.stat().st_uid}

    def test_a_folder_that_becomes_a_link_is_not_entered(self, workspace: Path, tmp_path: Path) -> None:
        cache = PackageCache(workspace, "kept/here")
        (tmp_path / "built").mkdir()
        (tmp_path / "built" / "x").write_text("x")
        (workspace / "kept").symlink_to(workspace / "shop")
        before = fingerprint(workspace)
        with pytest.raises(AnalysisError, match=r"cache-dir: 'kept/here' cannot be replaced \("):
            cache.keep(tmp_path / "built")
        cache.bring(tmp_path / "back", os.geteuid(), os.getegid())
        assert not (tmp_path / "back").exists()
        assert fingerprint(workspace) == before

    def test_something_else_is_not_replaced(self, workspace: Path, tmp_path: Path) -> None:
        (tmp_path / "built").mkdir()
        cache = PackageCache(workspace, "kept")
        (workspace / "kept").mkdir()
        (workspace / "kept" / "thesis").write_text("years of work")
        with pytest.raises(AnalysisError, match="cache-dir: 'kept' cannot be replaced; remove it"):
            cache.keep(tmp_path / "built")
        assert os.listdir(workspace / "kept") == ["thesis"]
