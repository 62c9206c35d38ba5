"""Every function of the standard library and of well-known packages gets its decorator."""

import importlib.util
import random
import shutil
import sysconfig
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path

import pytest

from hitrate.patching.edits import PatchError, cached
from hitrate.patching.patcher import SourcePatcher
from hitrate.source.definitions import SourceError, parse
from tests.integration.patching.trees import state
from tests.unit.patching.syntax_trees import check

PACKAGES = (
    *("_pytest", "click", "coverage", "cryptography", "git", "github", "hypothesis", "jinja2", "jsonschema"),
    *("libcst", "mypy", "pydantic", "pygments", "requests", "rich", "urllib3", "werkzeug"),
)
SAMPLE = 60
AT_ONCE = 50  # a patcher remembers its files


@dataclass
class Tally:
    """What was patched, and what was refused and why."""

    files: int = 0
    functions: int = 0
    existing: int = 0
    refused_files: list[str] = field(default_factory=list)
    refused_functions: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.files + other.files,
            self.functions + other.functions,
            self.existing + other.existing,
            self.refused_files + other.refused_files,
            self.refused_functions + other.refused_functions,
        )

    def __str__(self) -> str:
        share = self.refused_functions / max(1, self.functions + self.refused_functions)
        reasons = "".join(f"\n  refused: {reason}" for reason in self.refused_files)
        return (
            f"{self.functions} functions of {self.files} files patched and put back, "
            f"{self.existing} caches replaced; refused: {len(self.refused_files)} files, "
            f"{self.refused_functions} functions ({share:.3%}){reasons}"
        )


def folders() -> dict[str, Path]:
    """The standard library and the packages, those that are installed here."""
    found = {"python": Path(sysconfig.get_path("stdlib"))}
    for name in PACKAGES:
        spec = importlib.util.find_spec(name)
        if spec is not None and spec.submodule_search_locations:
            found[name] = Path(next(iter(spec.submodule_search_locations)))
    return found


def sources() -> Iterator[tuple[str, Path]]:
    """Name and place of every Python file of these."""
    for name, folder in folders().items():
        for path in sorted(folder.rglob("*.py")):
            relative = path.relative_to(folder)
            if "site-packages" not in relative.parts:
                yield f"{name}/{relative.as_posix()}", path


def patched_and_put_back(tree: Path, files: Sequence[tuple[str, Path]]) -> Tally:
    """Patch all functions of each file at once and check it; check at the end that the tree is as before."""
    tally = Tally()
    for name, path in files:
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, tree / name)
    before = state(tree)
    with SourcePatcher(tree) as patcher:
        for name, path in files:
            try:
                patch(patcher, tree / name, name, tally)
            except (PatchError, SourceError) as error:
                tally.refused_files.append(f"{name}: {str(error).removeprefix(f'{name}: ')}")
                tally.refused_functions += path.read_bytes().count(b"def ")
    assert state(tree) == before
    return tally


def patch(patcher: SourcePatcher, path: Path, name: str, tally: Tally) -> None:
    data = path.read_bytes()
    definitions = parse(data).definitions
    edits = [cached(name, item.qualname, item.line, number) for number, item in enumerate(definitions)]
    if edits:
        patcher.apply(edits)
        check(data, path.read_bytes(), edits)
    tally.files += 1
    tally.functions += len(edits)
    tally.existing += sum(item.cache is not None for item in definitions)


def test_a_sample(tmp_path: Path) -> None:
    files = random.Random(3).sample([*sources()], SAMPLE)
    tally = patched_and_put_back(tmp_path, files)
    assert tally.functions > 500
    assert tally.refused_functions < tally.functions / 100, tally


@pytest.mark.slow
def test_all_of_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = [*sources()]
    parts = [files[start : start + AT_ONCE] for start in range(0, len(files), AT_ONCE)]
    trees = [tmp_path / str(number) for number in range(len(parts))]
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        tally = sum(pool.map(patched_and_put_back, trees, parts), Tally())
    with capsys.disabled():
        print(f"\n{tally}")
    assert len({name.partition("/")[0] for name, _ in files}) > 10
    assert tally.functions >= 40_000
    assert tally.refused_functions < tally.functions / 100
