"""A file that is patched: its variants, and times of modification that no stale bytecode can match."""

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hitrate.patching import exchange
from hitrate.patching.edits import Edit, PatchError, cached
from hitrate.patching.journal import Method, PatchedFile
from hitrate.patching.patched import File, same_times, unwritten
from hitrate.source.definitions import parse

ORIGINAL = b"def f(x):\n    return x\n"
CACHED = (cached("a.py", "f", 1, 8),)
NANO = 10**9
DIGESTS = st.lists(st.binary(max_size=3).map(exchange.digest), min_size=1, max_size=20)


def entry() -> PatchedFile:
    path = Path("/tree/a.py")
    return PatchedFile(path, path.with_name("0001"), exchange.digest(ORIGINAL), Method.COPY, (), False)


def file(folder: Path, mtime_ns: int = 0, edits: tuple[Edit, ...] = (), announced: bool = False) -> File:
    path = folder / "a.py"
    path.write_bytes(ORIGINAL)
    os.utime(path, ns=(mtime_ns, mtime_ns))
    digest = exchange.digest(ORIGINAL)
    made = entry() if announced else None
    return File(path, path.stat(), parse(ORIGINAL), digest, digest, entry=made, edits=edits)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tree")


@settings(max_examples=50)
@given(DIGESTS, st.one_of(st.integers(0, 10), st.integers(0, 4_000_000_000)), st.integers(0, NANO - 1))
def test_each_content_has_a_second_of_its_own(
    folder: Path, digests: list[str], second: int, nanoseconds: int
) -> None:
    """Python takes compiled code for current where size and second are the same."""
    patched = file(folder, second * NANO + nanoseconds)
    times = {digest: patched.mtime_ns(digest) for digest in digests}
    assert len({time // NANO for time in times.values()} | {second}) == len(times) + 1
    assert min(times.values()) > 0
    assert {digest: patched.mtime_ns(digest) for digest in reversed(digests)} == times


def test_contents_whose_digests_begin_alike_are_kept_apart(folder: Path) -> None:
    second = 1_700_000_000
    patched = file(folder, second * NANO)
    alike = [f"{'0' * 12}{end:052x}" for end in range(3)]
    assert len({patched.mtime_ns(digest) // NANO for digest in alike} | {second}) == 4


def test_another_run_gives_the_same_content_the_same_second(folder: Path) -> None:
    one, other = (file(folder, 1_700_000_000 * NANO) for _ in range(2))
    digest = exchange.digest(b"x")
    other.mtime_ns(exchange.digest(b"something else first"))
    assert one.mtime_ns(digest) == other.mtime_ns(digest)


def test_a_variant_is_made_once_and_none_is_the_original(folder: Path) -> None:
    patched = file(folder)
    made = patched.variant(CACHED)
    assert made.data.endswith(ORIGINAL)
    assert made.data.count(b"lru_cache(maxsize=8)") == 1
    assert made.digest == exchange.digest(made.data)
    assert patched.variant(CACHED) is made
    assert patched.variant(()).data == ORIGINAL


def test_an_edit_of_a_function_that_is_not_there_is_refused_each_time(folder: Path) -> None:
    patched = file(folder)
    for _ in range(2):
        with pytest.raises(PatchError):
            patched.variant((cached("a.py", "g", 1, 8),))
    assert patched.variant(CACHED).data != ORIGINAL


def test_files_that_were_announced_and_never_written(folder: Path) -> None:
    announced = file(folder, announced=True)
    others = [file(folder), file(folder, edits=CACHED, announced=True)]
    assert unwritten([*others, announced]) == [announced.announced]
    with pytest.raises(ValueError, match="has no journal entry"):
        _ = others[0].announced


def test_a_file_looks_unchanged_while_size_and_time_are_the_same(tmp_path: Path) -> None:
    before = file(tmp_path, 5 * NANO).stat
    path = tmp_path / "a.py"
    path.chmod(0o600)
    assert same_times(before, path.stat())
    os.utime(path, ns=(0, 5 * NANO + 1))
    assert not same_times(before, path.stat())
    path.write_bytes(ORIGINAL + b"\n")
    os.utime(path, ns=(0, 5 * NANO))
    assert not same_times(before, path.stat())
