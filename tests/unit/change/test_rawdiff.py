"""What git says of files that differ."""

import os

from hypothesis import given
from hypothesis import strategies as st

from hitrate.change.rawdiff import FileDifference, parsed

ONE, OTHER, NONE = "1" * 40, "2" * 40, "0" * 40
NAMES = st.binary(min_size=1, max_size=12).filter(lambda name: b"\0" not in name)


@given(NAMES, NAMES)
def test_any_name_is_read_whole(name: bytes, new: bytes) -> None:
    said = f":100644 100755 {ONE} {OTHER} R090\0".encode() + name + b"\0" + new + b"\0"
    said += f":100644 000000 {ONE} {NONE} D\0".encode() + name + b"\0"
    renamed, gone = parsed(said)
    assert (os.fsencode(renamed.path_before), os.fsencode(renamed.path)) == (name, new)
    assert (renamed.mode_before, renamed.mode_after) == (0o100644, 0o100755)
    assert (renamed.blob_before, renamed.blob_after) == (ONE, OTHER)
    assert gone == FileDifference(0o100644, 0, ONE, None, os.fsdecode(name), os.fsdecode(name))
    assert (gone.deleted, renamed.deleted) == (True, False)


def test_nothing_is_said_where_nothing_differs() -> None:
    assert list(parsed(b"")) == []
