"""Keys are let go before the collection at the end of pytest's outermost session, and at no other one."""

import atexit
import gc
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from _pytest.unraisableexception import gc_collect_harder

from hitrate.probe.recording import leaving


class Released:
    """Counts how often keys were let go."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> None:
        self.times += 1


@pytest.fixture
def released() -> Iterator[Released]:
    release, before = Released(), [*gc.callbacks]
    leaving.arrange(release)
    yield release
    gc.callbacks[:] = before
    atexit.unregister(release)


def outside_of_the_tests(collect: Callable[[], object]) -> None:
    """As where no session runs tests any more: a thread of its own has none of its frames."""
    thread = threading.Thread(target=collect)
    thread.start()
    thread.join()


def test_pytests_last_collection_finds_no_keys(released: Released) -> None:
    outside_of_the_tests(lambda: gc_collect_harder(1))
    assert released.times == 1


def test_a_session_within_a_test_is_not_the_last(released: Released) -> None:
    gc_collect_harder(1)  # called from a test, as all of this is
    assert released.times == 0


@pytest.mark.parametrize(
    ("file", "name", "generation"),
    [
        ("unraisableexception.py", "other", 2),
        ("elsewhere.py", "gc_collect_harder", 2),
        ("unraisableexception.py", "gc_collect_harder", 0),
    ],
)
def test_other_collections_leave_keys_alone(
    released: Released, file: str, name: str, generation: int
) -> None:
    space: dict[str, Any] = {}
    exec(compile(f"import gc\ndef {name}():\n    gc.collect({generation})\n", file, "exec"), space)
    outside_of_the_tests(space[name])
    assert released.times == 0
