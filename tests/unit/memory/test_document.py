"""Memory as a file: what is written is read, and nothing else is."""

import hashlib
import json
import zlib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitrate.memory import document
from hitrate.memory.document import UnusableError, from_bytes, read, to_bytes
from hitrate.memory.model import Memory, Piece

NAMES = st.text(max_size=8)
PLACES = st.frozensets(st.integers(0, 2)).map(lambda places: tuple(sorted(places)))


def memory(**changes: Any) -> Memory:
    known: dict[str, Any] = {
        "commit": "1" * 40,
        "made": 1_700_000_000,
        "circumstances": "c",
        "cpu_seconds": 4.5,
        "wall_seconds": 5.5,
        "sources": {"a.py": {"": "00", "f": "11"}},
        "pieces": (Piece("a.py", ""), Piece("a.py", "f"), Piece("b.py", "")),
        "tests": {"t.py::test": (0, 1)},
        "files": {"t.py": (0,)},
        "imports": {"a.py": ("b.py",), "b.py": (), "t.py": None},
    }
    return Memory(**{**known, **changes})


@given(st.dictionaries(NAMES, PLACES), st.dictionaries(NAMES, PLACES), PLACES, st.floats(0, 1e9))
def test_what_is_written_is_read(
    tests: dict[str, tuple[int, ...]], files: dict[str, tuple[int, ...]], always: tuple[int, ...], cpu: float
) -> None:
    kept = memory(tests=tests, files=files, always=always, cpu_seconds=cpu)
    assert from_bytes(to_bytes(kept)) == kept


@given(st.data())
def test_any_damage_is_noticed(data: st.DataObject) -> None:
    whole = to_bytes(memory())
    at = data.draw(st.integers(0, len(whole) - 1))
    other = data.draw(st.integers(0, 255).filter(lambda byte: byte != whole[at]))
    for damaged in (whole[:at], whole[:at] + bytes([other]) + whole[at + 1 :], whole + b"x"):
        with pytest.raises(UnusableError):
            from_bytes(damaged)


def sealed(text: bytes, version: bytes = b"%d" % document.VERSION, body: bytes | None = None) -> bytes:
    """A file with a right checksum, as anyone can make one."""
    body = zlib.compress(text) if body is None else body
    return b"hitrate-memory " + version + b" " + hashlib.sha256(body).hexdigest().encode() + b"\n" + body


def forged(**changes: object) -> bytes:
    """What anyone can make of a sound file."""
    body = to_bytes(memory()).partition(b"\n")[2]
    return sealed(json.dumps({**json.loads(zlib.decompress(body)), **changes}).encode())


def test_a_forged_one_that_changes_nothing_is_read() -> None:
    assert from_bytes(forged()) == memory()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        sealed(b"{}"),
        sealed(b"[]"),
        sealed(b"\xff"),
        sealed(b"[" * 100_000),
        sealed(b"", body=b"no zlib"),
        sealed(b"{}", version=b"0"),
        sealed(b"{}", version=b"99"),
        sealed(b"{}", version=b"0%d" % document.VERSION),
        forged(tests={"t": 99}),
        forged(tests={"t": -1}),
        forged(tests={"t": True}),
        forged(always=-1),
        forged(sets=[]),
        forged(sets=[[0, 99], [0], [0]]),
        forged(sets=[[-1], [0], [0]]),
        forged(sets=[[1, 0], [0], [0]]),
        forged(cpu_seconds=-1),
        forged(wall_seconds=None),
        forged(more=1),
        forged(pieces=[["a"]]),
    ],
)
def test_a_forged_one_is_refused(content: bytes) -> None:
    with pytest.raises(UnusableError):
        from_bytes(content)


def test_another_version_is_called_that() -> None:
    with pytest.raises(UnusableError, match="another version"):
        from_bytes(sealed(b"{}", version=b"99"))


def test_a_small_file_does_not_unfold_to_a_large_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document, "_TEXT_LIMIT_BYTES", 1000)
    with pytest.raises(UnusableError):
        from_bytes(sealed(b" " * 1001 + b"{}"))


def test_one_that_would_be_too_large_is_not_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document, "FILE_LIMIT_BYTES", 100)
    with pytest.raises(UnusableError, match="larger"):
        to_bytes(memory())


def test_a_folder_is_read(tmp_path: Path) -> None:
    assert read(tmp_path) is None
    assert read(tmp_path / "missing") is None
    (tmp_path / document.NAME).write_bytes(to_bytes(memory()))
    assert read(tmp_path) == memory()
    (tmp_path / document.NAME).rename(tmp_path / "elsewhere")
    (tmp_path / document.NAME).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(UnusableError):
        read(tmp_path)


def test_ten_thousand_tests_of_five_thousand_functions_are_small() -> None:
    """Each reaches 200 functions of its own choice."""
    pieces = tuple(Piece(f"package/module{n // 25}.py", f"function_{n}") for n in range(5000))
    tests = {
        f"tests/test_{n // 50}.py::test_{n}": tuple(
            sorted({*range(n // 50, n // 50 + 70), *((n * 7919 + k * k * 31) % 5000 for k in range(130))})
        )
        for n in range(10_000)
    }
    content = to_bytes(memory(pieces=pieces, tests=tests))
    assert len(content) < 20 << 20
    assert len(from_bytes(content).tests) == 10_000
