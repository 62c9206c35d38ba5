"""Methods in C that change what cannot be read: which objects they change."""

import collections
import csv
import hashlib
import io
import queue
import sys
import zlib
from collections.abc import Callable
from typing import Any

import pytest

from hitrate.probe.oracle.meaning.touches import CHANGING, TOUCHED, touched


class Table(dict[str, int]):
    """May count what it is given somewhere else."""


def told_of(method: Any) -> tuple[str, object] | None:
    assert method.__name__ in CHANGING
    return touched(method, sys._getframe())


@pytest.mark.parametrize(
    "method",
    [
        hashlib.sha256().update,
        zlib.compressobj().compress,
        zlib.decompressobj().flush,
        csv.writer(io.StringIO()).writerow,
        queue.SimpleQueue[int]().put,
        Table().update,
    ],
)
def test_of_what_tells_nothing_of_itself_the_method_tells_that_it_changed(
    method: Callable[..., object],
) -> None:
    found = told_of(method)
    assert found is not None
    assert found[0] == TOUCHED
    assert found[1] is method.__self__  # type: ignore[attr-defined]


@pytest.mark.parametrize("method", [{}.update, set().update, collections.OrderedDict[str, int]().update])
def test_of_what_can_be_read_it_tells_nothing(method: Callable[..., object]) -> None:
    assert told_of(method) is None


def test_nor_does_a_function_of_a_module() -> None:
    assert touched(zlib.compress, sys._getframe()) is None
