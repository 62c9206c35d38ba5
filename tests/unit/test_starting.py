"""The first instants of a process: a signal ends it at once, and later raises what it should."""

import gc
import signal
from collections.abc import Iterator

import pytest

from hitrate import starting


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    kept = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    often = gc.get_threshold()
    yield
    starting.begun()
    gc.set_threshold(*often)
    for number, handler in kept.items():
        signal.signal(number, handler)


def test_handlers_are_put_off_until_the_work_begins() -> None:
    before = signal.getsignal(signal.SIGINT)
    starting.begin("over", descriptor=2, terminated=143)
    assert signal.getsignal(signal.SIGINT) is not before
    assert starting.on_termination(print) is not print
    assert signal.getsignal(signal.SIGTERM) is not print
    starting.begun()
    assert signal.getsignal(signal.SIGINT) is before
    assert signal.getsignal(signal.SIGTERM) is print


def test_later_a_handler_counts_at_once() -> None:
    before = signal.getsignal(signal.SIGTERM)
    assert starting.on_termination(print) is before
    assert signal.getsignal(signal.SIGTERM) is print


def test_what_was_ignored_stays_ignored() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    starting.begin("over", descriptor=2, terminated=143)
    assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN


def test_when_all_is_said_no_signal_changes_anything() -> None:
    starting.over()
    signal.raise_signal(signal.SIGINT)
    signal.raise_signal(signal.SIGTERM)


def test_garbage_is_searched_for_seldom_from_then_on() -> None:
    starting.begin("over", descriptor=2, terminated=143)
    assert gc.get_threshold()[0] == starting.SELDOM
