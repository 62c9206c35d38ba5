"""The two arms: what each patches, how often, and whose bytecode it runs on."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from hitrate.patching.edits import Edit, cached, lifted
from hitrate.progress.progress import Silent
from hitrate.source.function import ExistingCache, Function
from hitrate.testrun.run import Outcome, Suite, TestRun
from hitrate.trials.arms import Bench, Spent, Winner
from hitrate.trials.pairs import Arm

NEW = Function("a.py", "f", 3)
OLD = Function("b.py", "C.g", 7, cache=ExistingCache(8, typed=False))
SUITE = Suite("make test", Path("/tree"), {})


class Patcher:
    def __init__(self) -> None:
        self.applied: list[tuple[Edit, ...]] = []

    def apply(self, edits: Sequence[Edit], /) -> None:
        self.applied.append(tuple(edits))


def bench(folder: Path) -> tuple[Bench, Patcher, list[Path]]:
    patcher, bytecode = Patcher(), list[Path]()

    def run(suite: Suite, *, bytecode: Path, progress: object) -> TestRun:
        assert suite is SUITE
        assert progress is made.progress
        seen.append(bytecode)
        return TestRun(Outcome.PASSED, 0, 2.5, 3.0)

    seen = bytecode
    made = Bench(patcher, folder, folder / "warm", run=run)
    return made, patcher, bytecode


@pytest.mark.parametrize(
    ("winner", "without", "with_"),
    [
        (Winner(NEW, 64), (), (cached("a.py", "f", 3, 64),)),
        (Winner(NEW, None, typed=True), (), (cached("a.py", "f", 3, None, typed=True),)),
        (Winner(OLD, 8), (lifted("b.py", "C.g", 7),), ()),
        (Winner(OLD, 64), (lifted("b.py", "C.g", 7),), (cached("b.py", "C.g", 7, 64),)),
        (Winner(OLD, 8, typed=True), (lifted("b.py", "C.g", 7),), (cached("b.py", "C.g", 7, 8, typed=True),)),
    ],
)
def test_each_arm_patches_only_what_is_not_as_it_should_be(
    winner: Winner, without: tuple[Edit, ...], with_: tuple[Edit, ...]
) -> None:
    assert winner.edits(Arm.WITHOUT) == without
    assert winner.edits(Arm.WITH) == with_


def test_a_tree_is_patched_where_the_arm_changes_and_put_back_at_the_end(tmp_path: Path) -> None:
    made, patcher, _ = bench(tmp_path)
    with made.arms([Winner(NEW, 64), Winner(OLD, 8)]) as arms:
        for arm in (Arm.WITH, Arm.WITH, Arm.WITHOUT, Arm.WITH):
            arms.run(arm, SUITE, 1, None)
    new, old = (cached("a.py", "f", 3, 64),), (lifted("b.py", "C.g", 7),)
    assert patcher.applied == [new, old, new, ()]
    assert made.spent == Spent(runs=4, cpu_seconds=10.0)


def test_the_tree_is_put_back_when_a_run_fails(tmp_path: Path) -> None:
    made, patcher, _ = bench(tmp_path)
    with pytest.raises(KeyboardInterrupt), made.arms([Winner(NEW, 64)]):
        raise KeyboardInterrupt
    assert patcher.applied == [()]


def test_each_variant_has_bytecode_of_its_own_that_begins_with_the_warm_one(tmp_path: Path) -> None:
    made, _, bytecode = bench(tmp_path)
    compiled = tmp_path / "warm" / "tree" / "c.pyc"
    compiled.parent.mkdir(parents=True)
    compiled.write_bytes(b"")
    for winners in ([Winner(NEW, 64)], [Winner(NEW, 64)], [Winner(NEW, 65)], [Winner(OLD, 64)]):
        with made.arms(winners) as arms:
            arms.run(Arm.WITH, SUITE, 1, None)
            arms.run(Arm.WITHOUT, SUITE, 2, None)
    first, plain, again, _, other, _, third, lifted_one = bytecode
    assert plain == made.warm
    assert first == again
    assert len({first, other, third, lifted_one, plain}) == 5
    assert {folder.parent for folder in (first, other, third, lifted_one)} == {tmp_path / "bytecode"}
    assert (first / "tree" / "c.pyc").exists()
    order = cached("a.py", "f", 3, 64), cached("b.py", "C.g", 7, 64)
    assert made.bytecode(order) == made.bytecode(order[::-1])


def test_each_run_is_announced(tmp_path: Path) -> None:
    told: list[tuple[str, int, int | None]] = []

    class Told(Silent):
        def run(self, what: str, number: int, of: int | None = None) -> None:
            told.append((what, number, of))

    made, patcher, _ = bench(tmp_path)
    made = Bench(
        patcher, tmp_path, tmp_path / "warm", Told(), lambda *_, **__: TestRun(Outcome.PASSED, 0, 1, 1)
    )
    with made.arms([Winner(NEW, 64)]) as arms:
        arms.run(Arm.WITHOUT, SUITE, 1, 8)
        arms.run(Arm.WITH, SUITE, 2, 8)
    assert told == [("without the caches", 1, 8), ("with the caches", 2, 8)]
