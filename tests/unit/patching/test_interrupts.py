"""Steps that no signal cuts in two."""

import signal
import threading

import pytest

from hitrate.patching.interrupts import uninterrupted


def test_a_signal_waits_for_the_end_of_the_step() -> None:
    done = []
    with pytest.raises(KeyboardInterrupt), uninterrupted():
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)
        done.append("step")
    assert done == ["step"]


def test_handlers_are_as_before_and_get_what_came() -> None:
    got: list[int] = []
    before = signal.signal(signal.SIGTERM, lambda number, frame: got.append(number))
    try:
        with uninterrupted():
            signal.raise_signal(signal.SIGTERM)
            assert got == []
        assert got == [signal.SIGTERM]
        signal.raise_signal(signal.SIGTERM)
        assert got == [signal.SIGTERM] * 2
    finally:
        signal.signal(signal.SIGTERM, before)


def test_what_was_ignored_stays_ignored() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with uninterrupted():
            signal.raise_signal(signal.SIGHUP)
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)


def test_other_threads_need_none_of_it() -> None:
    done: list[bool] = []

    def step() -> None:
        with uninterrupted():
            done.append(True)

    thread = threading.Thread(target=step)
    thread.start()
    thread.join()
    assert done == [True]
