"""Small files that take a parser minutes, or break it, end in one line; large ordinary ones are read.

Each runs in a process of its own, which must have computed far less than a hang would: how long it takes on
an idle machine (under five seconds) is nothing that a test can hold, and less so what else the machine does.
"""

import subprocess
import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from git import Repo

CPU_SECONDS = 60
TIMEOUT_SECONDS = 900  # of one that waits for what never comes
MEMORY_BYTES = 3 << 30
PACKAGING = f"""
import resource, sys
from pathlib import Path
from hitrate.errors import HitrateError
from hitrate.environment.install import what_is_said
from hitrate.files.limits import FirstLook
from hitrate.settings.model import Settings
resource.setrlimit(resource.RLIMIT_AS, ({MEMORY_BYTES}, {MEMORY_BYTES}))
resource.setrlimit(resource.RLIMIT_CPU, ({CPU_SECONDS}, {CPU_SECONDS}))
try:
    look = FirstLook()
    said = look.spend("the packaging files", "set install", lambda: what_is_said(Path("."), Settings()))
except HitrateError as error:
    print(error)
    sys.exit(int(error.exit_code))
print(said.plan.commands, said.tests.command)
"""
COMMAND = f"""
import resource, sys
from hitrate.cli import main
resource.setrlimit(resource.RLIMIT_AS, ({MEMORY_BYTES}, {MEMORY_BYTES}))
resource.setrlimit(resource.RLIMIT_CPU, ({CPU_SECONDS}, {CPU_SECONDS}))
sys.exit(main())
"""

# Too long for the parser, or, from CPython 3.14 on, which reads far longer ones, too many words for Hitrate.
CHAIN = ".b" * (100_000 if sys.version_info < (3, 14) else 900_000)


def bomb_of_aliases(last: str) -> str:
    """A config whose last key holds nine levels of lists of nine aliases each."""
    letters = "abcdefghi"
    levels = [f"- &a [{', '.join(['x'] * 9)}]"]
    levels += [f"- &{name} [{', '.join([f'*{before}'] * 9)}]" for before, name in pairwise(letters)]
    indent = " " * (len(last) - len(last.lstrip()) + 2)
    return f"{last}\n" + "".join(f"{indent}{level}\n" for level in levels)


def merged(levels: int) -> str:
    """A config of mappings that each merge the one before twice."""
    lines = ["a0: &a0 {x: 1, y: 2}"]
    lines += [
        f"a{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 2)}], z: {{<<: *a{n - 1}}}}}"
        for n in range(1, levels)
    ]
    return "\n".join(lines)


CONFIGS = {
    "aliases in paths": bomb_of_aliases("paths:"),
    "aliases in overrides": bomb_of_aliases("overrides:\n  - paths:"),
    "merge keys": merged(40),
    "a list of 20,000 lists": f"paths: {'[' * 20_000}",
    "mappings on one line": f"paths: {'{a: ' * 15_000}",
    "dashes": f"paths:\n  {'- ' * 20_000}x",
    "question marks": "? " * 30_000,
    "what contains itself": "paths: &a [*a, *a]",
    "a number of 60,000 digits": f"maxsize: {'9' * 60_000}",
    "a hexadecimal number of 60,000 digits": f"maxsize: 0x{'f' * 60_000}",
    "an exponent": "min-hit-rate: 1e999999",
    "a time of 400 digits": f"timeout: {'9' * 400}",
    "a size of 400 digits": f"disk-limit: {'9' * 400}",
    "20,000 globs": f"paths: '{',a' * 20_000}'",
    "a glob of 60,000 signs": f"paths: '{'**/' * 20_000}x'",
    "60 KB of quotes": f"paths: {chr(39) * 60_000}",
    "60 KB of anchors": "paths: [" + "&a x, " * 9_990 + "]]",
    "100 MB": "#" * 100_000_000,
}

FANNED = {
    f"requirements-{level}-{n}.txt": "".join(
        f"-r requirements-{level + 1}-{m}.txt\n-r requirements-0-0.txt\n" for m in range(300)
    )
    for level in range(3)
    for n in range(300)
}

PACKAGES: dict[str, dict[str, str]] = {
    "TOML lists": {"pyproject.toml": f"a = {'[' * 3_000}"},
    "TOML tables on one line": {"pyproject.toml": f"a = {'{a=' * 3_000}"},
    "a key of 200,000 parts": {"pyproject.toml": f"{'a.' * 200_000}a = 1"},
    "a table of 200,000 parts": {"pyproject.toml": f"[{'a.' * 200_000}a]"},
    "a key of 200 parts": {"pyproject.toml": f"{'a.' * 200}a = 1"},
    "a number of 900,000 digits": {"pyproject.toml": f"a = {'9' * 900_000}"},
    "TOML in hatch.toml": {"hatch.toml": f"a = {'[' * 3_000}"},
    "TOML in tox.toml": {"tox.toml": f"a = {'[' * 3_000}"},
    "TOML in Pipfile": {"Pipfile": f"a = {'[' * 3_000}"},
    "2 MB of TOML": {"pyproject.toml": "#" * 2_000_000},
    "2 MB of requirements": {"requirements.txt": "#" * 2_000_000},
    "2 MB of tox.ini": {"tox.ini": "#" * 2_000_000},
    "500 requirements files": {
        "requirements.txt": "".join(f"-r r{n}.in\n" for n in range(500)),
        "r0.in": "pytest",
    },
    "requirements three levels deep": {"requirements.txt": "-r requirements-0-0.txt", **FANNED},
    "groups in a chain of 15,000": {
        "pyproject.toml": "[dependency-groups]\n"
        + "".join(f"g{n} = ['a{n}', {{include-group='g{n + 1}'}}]\n" for n in range(15_000))
    },
    "setup.py of 10 MB": {"setup.py": "\n" * 10_000_000},
    "setup.py in signs": {"setup.py": "-" * 100_000},
    "setup.py in attributes": {"setup.py": f"a{CHAIN}"},
    "noxfile.py in calls": {"noxfile.py": "a" + "()" * 100_000},
    "blank lines in .python-version": {".python-version": "\n" * 900_000},
    "a long .python-version": {".python-version": "3" * 900_000},
}

DEFUSED: dict[str, dict[str, str]] = {
    "groups that include each other twice": {
        "pyproject.toml": "[dependency-groups]\n"
        + "".join(f"g{n} = [{{include-group='g{n + 1}'}}, {{include-group='g{n + 1}'}}]\n" for n in range(40))
        + "g40 = ['pytest', {include-group='g0'}]\n"
    },
    "groups in a chain of 500": {
        "pyproject.toml": "[dependency-groups]\n"
        + "".join(f"g{n} = ['a{n}', {{include-group='g{n + 1}'}}]\n" for n in range(500))
    },
    "references of tox": {
        "tox.ini": "[testenv]\ndeps =\n"
        + "  {[a]x}\n" * 300
        + "".join(
            f"[{one}]\nx =\n" + f"  {{[{other}]x}}\n" * 300 for one, other in ("ab", "bc", "cd", "de", "ea")
        )
    },
    "what tox adds": {"tox.ini": f"[testenv]\ncommands = pytest {{posargs:{' ' * 500_000}x"},
    "requirements in a circle": {
        "requirements.txt": "-r a.txt\npytest",
        "a.txt": "-r requirements.txt\n-r a.txt",
    },
    "blank lines where test paths are looked for": {
        "setup.cfg": "\n" * 900_000,
        "tox.ini": "[testenv]\ncommands = pytest tests",
    },
    "a caret": {"pyproject.toml": f"[tool.poetry.dependencies]\npython = '^{'9' * 5_000}'"},
    "50,000 sections": {"setup.cfg": "".join(f"[a{n}]\nb = c\n" for n in range(50_000))},
    "a number in setup.py": {"setup.py": f"setup(name=0x{'f' * 100_000}, extras_require={{1: ['a']}})"},
    "a number in noxfile.py": {
        "noxfile.py": f"import nox\n@nox.session(name=0x{'f' * 100_000})\ndef tests(session): pass"
    },
    "setup.py in deep literals": {"setup.py": f"setup(extras_require={'[' * 190}{']' * 190})"},
    "a sum in setup.py": {"setup.py": f"setup(name={'+'.join(['1'] * 900)})"},
    "null bytes": {
        "pyproject.toml": '[project.optional-dependencies]\ntest = ["py\\u0000test"]',
        "setup.py": "\0",
    },
}

SOURCES = {
    "80 MB of blank lines": lambda: "\n" * 80_000_000,
    "one line of 50 MB": lambda: f"x = '{'a' * 50_000_000}'",
    "3.9 MB of statements": lambda: "a;" * 1_950_000,
    "brackets": lambda: "(" * 100_000 + ")" * 100_000,
    "signs": lambda: "x = " + "-" * 100_000 + "1",
    "a chain of attributes": lambda: f"x = a{CHAIN}",
    "a chain of calls": lambda: "def f():\n    return a" + ".b()" * 100_000,
    "a chain of elif": lambda: "if a:\n    pass\n" + "elif a:\n    pass\n" * 100_000,
    "null bytes": lambda: "def f():\n    return 1\n\0",
    "a name of 500 KB": lambda: f"class {'A' * 500_000}:\n" + "    def f(): 0\n" * 30_000,
    "names in every scope": lambda: (
        "".join(f"import a{n}\n" for n in range(50_000))
        + "".join(f"class C{n}:\n    x = {n}\n" for n in range(50_000))
    ),
    "commas behind except": lambda: "try:\n    pass\nexcept " + "," * 1_000_000,
    "no memory": lambda: "x = [" + "[0]," * 999_999 + "]",
}


def run(script: str, folder: Path, *arguments: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=TIMEOUT_SECONDS,
        check=False,
    )
    return done.returncode, (done.stdout + done.stderr).strip()


def committed(folder: Path, files: dict[str, str]) -> None:
    """A repository whose last commit adds the files."""
    repository = Repo.init(folder, initial_branch="main")
    with repository.config_writer() as config:
        config.set_value("user", "name", "A").set_value("user", "email", "a@example.org")
    repository.git.commit("--allow-empty", "-q", "-m", "base")
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    repository.git.add("--all")
    repository.git.commit("-q", "-m", "change")
    repository.close()


def looked_at(folder: Path) -> tuple[int, str]:
    return run(COMMAND, folder, "run", "--base", "HEAD~1", "--dry-run", "--test-command", "true")


@pytest.mark.slow
@pytest.mark.parametrize("text", CONFIGS.values(), ids=CONFIGS)
def test_a_config_over_the_limits_is_wrong_input(text: str, tmp_path: Path) -> None:
    committed(tmp_path, {".github/hitrate.yml": text, "a.py": "def f(x):\n    return x\n"})
    code, said = looked_at(tmp_path)
    assert code == 2, said[-2000:]
    assert len(said.splitlines()) == 1
    assert ".github/hitrate.yml" in said
    assert len(said) < 500


@pytest.mark.slow
@pytest.mark.parametrize("files", PACKAGES.values(), ids=PACKAGES)
def test_a_packaging_file_over_the_limits_is_not_measured(files: dict[str, str], tmp_path: Path) -> None:
    for path, text in files.items():
        (tmp_path / path).write_text(text)
    code, said = run(PACKAGING, tmp_path)
    assert code == 3, said[-2000:]
    assert len(said.splitlines()) == 1
    assert "; set " in said or "set install" in said
    assert len(said) < 500


@pytest.mark.parametrize("files", DEFUSED.values(), ids=DEFUSED)
def test_what_only_looks_like_a_bomb_is_read(files: dict[str, str], tmp_path: Path) -> None:
    for path, text in files.items():
        (tmp_path / path).write_text(text)
    code, said = run(PACKAGING, tmp_path)
    assert code == 0, said[-2000:]


@pytest.mark.slow
@pytest.mark.parametrize("content", SOURCES.values(), ids=SOURCES)
def test_a_changed_file_over_the_limits_is_left_out_with_a_note(
    content: Callable[[], str], tmp_path: Path
) -> None:
    committed(tmp_path, {"bomb.py": content(), "a.py": "def f(x):\n    return x\n"})
    code, said = looked_at(tmp_path)
    assert code == 0, said[-2000:]
    assert "a.py::f (line 1): try a cache" in said
    assert " ".join(said.split()).count("its functions were not looked at.") == 1
    assert "bomb.py: " in said
    assert len(said) < 700


def test_a_chain_that_the_parser_can_read_is_read(tmp_path: Path) -> None:
    """Since CPython 3.14 it counts the stack that is left, and not how deep it is."""
    length = 100_000 if sys.version_info >= (3, 14) else 900
    committed(tmp_path, {"long.py": "def g(x):\n    return x" + ".b" * length})
    code, said = looked_at(tmp_path)
    assert code == 0, said[-2000:]
    assert "long.py::g (line 1): try a cache" in said


@pytest.mark.slow
def test_a_large_ordinary_change_is_looked_at(tmp_path: Path) -> None:
    function = (
        "def f{n}(x: int, y: list[int], *, deep: bool = False) -> dict[str, int]:\n"
        '    """Add up what is there, and say by name what came of it."""\n'
        "    total = 0\n"
        "    for item in y:\n"
        "        if item > x and not deep:\n"
        "            total += item * 2 + len(str(item))\n"
        "    return {{'total': total, 'x': x, 'f': f{before}(x - 1, y)['total'] if x else 0}}\n\n"
    )
    text = "".join(function.format(n=n, before=max(n - 1, 0)) for n in range(3_100))
    assert len(text) > 1_000_000
    config = (
        "paths: &sources [src/**, 'lib/**']\nexclude: ['vendor/**']\noverrides:\n"
        "  - paths: *sources\n    min-saving: 2 %\n  - &slow {paths: [src/b/**], maxsize: 1024}\n"
        "  - {<<: *slow, paths: [src/c/**]}\n"
    )
    committed(tmp_path, {"src/a.py": text, ".github/hitrate.yml": config})
    code, said = looked_at(tmp_path)
    assert code == 0, said[-2000:]
    assert said.count("try a cache") == 3_100


def test_a_large_ordinary_project_is_read(tmp_path: Path) -> None:
    pyproject = (
        "[project]\nname = 'a'\nrequires-python = '>=3.9'\n[project.optional-dependencies]\n"
        "test = ['pytest']\n[dependency-groups]\nci = ['pytest', {include-group = 'lint'}]\n"
        "lint = ['ruff']\n[tool.a.b.c.d]\n"
    ) + "".join(f"key{n} = 'a value of some length, number {n}'\n" for n in range(5_000))
    assert len(pyproject) > 200_000
    (tmp_path / "pyproject.toml").write_text(pyproject)
    (tmp_path / "requirements.txt").write_text("".join(f"package{n}==1.{n}\n" for n in range(5_000)))
    (tmp_path / "poetry.txt").write_text("-r requirements.txt\n")
    (tmp_path / "tox.ini").write_text(
        "[testenv]\ndeps = -r requirements.txt\ncommands = pytest {posargs: tests}"
    )
    (tmp_path / "tests").mkdir()
    code, said = run(PACKAGING, tmp_path)
    assert code == 0, said[-2000:]
    assert "--group ci" in said
    assert said.endswith("python -m pytest tests")
