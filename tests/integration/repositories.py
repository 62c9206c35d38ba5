"""Git repositories for tests, built from files or from ``tests/projects``."""

import hashlib
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

PROJECTS = Path(__file__).parents[1] / "projects"
SOURCE = Path(__file__).parents[2] / "src"


def git(tree: Path, *arguments: str) -> str:
    """Run git as a fixed author, free of the machine's own configuration."""
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(tree),
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_SYSTEM": os.devnull,
        "GIT_AUTHOR_DATE": "2026-01-01T00:00:00Z",
        "GIT_COMMITTER_DATE": "2026-01-01T00:00:00Z",
    }
    command = ["git", "-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "init.defaultBranch=main"]
    done = subprocess.run(
        [*command, "-C", str(tree), *arguments], env=environment, check=True, capture_output=True, text=True
    )
    return done.stdout


def write(tree: Path, files: Mapping[str, str]) -> None:
    """Write files below a tree."""
    for name, text in files.items():
        path = tree / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def commit(tree: Path, files: Mapping[str, str] | None = None, message: str = "change") -> str:
    """Write files, commit everything, return the sha."""
    write(tree, files or {})
    git(tree, "add", "-A")
    git(tree, "commit", "-q", "--allow-empty", "-m", message)
    return git(tree, "rev-parse", "HEAD").strip()


def new_repository(tree: Path, files: Mapping[str, str]) -> Path:
    """A repository with one commit on ``main``."""
    tree.mkdir(parents=True, exist_ok=True)
    git(tree, "init", "-q")
    commit(tree, {".gitignore": "__pycache__/\n.pytest_cache/\n", **files}, "base")
    return tree


def project(tree: Path, name: str) -> Path:
    """A repository with one commit that holds a sample project."""
    shutil.copytree(PROJECTS / name, tree, ignore=shutil.ignore_patterns("__pycache__", ".pytest_cache"))
    return new_repository(tree, {})


def hitrate(tree: Path, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Run the command line in a tree, as a user would."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "GIT_", "COV_"))
    }
    path = f"{Path(sys.executable).parent}{os.pathsep}{kept['PATH']}"
    inherited = kept | {"PATH": path, "PYTHONPATH": str(SOURCE), "COLUMNS": "80"} | environment
    return subprocess.run(
        [sys.executable, "-m", "hitrate", *arguments],
        cwd=tree,
        env=inherited,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def fingerprint(tree: Path) -> dict[str, str]:
    """Every file below a tree with its content, mode and modification time, git's own state included."""
    found = {}
    for path in sorted(tree.rglob("*")):
        name = path.relative_to(tree).as_posix()
        if name.startswith(".git/hitrate") or name == ".git/index":
            continue
        status = path.lstat()
        content = (
            hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() and not path.is_symlink() else ""
        )
        when = status.st_mtime_ns if path.is_file() and not name.startswith(".git/") else 0
        found[name] = f"{stat.filemode(status.st_mode)} {when} {content}"
    found["index"] = git(tree, "ls-files", "--stage")
    return found
