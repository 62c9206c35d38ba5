"""Shows every call to the oracle as the recorder does, without recording."""

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hitrate.hazards.oversight import Oversight, read_oversights
from hitrate.probe.oracle import follower
from hitrate.probe.oracle.oracle import Oracle

REFUSED = 0
_MARK = object()


def _key(args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """The key that ``lru_cache`` makes."""
    if kwargs:
        return (*args, _MARK, *kwargs.items())
    return args[0] if len(args) == 1 and type(args[0]) in (int, str) else args


class Driver:
    """One process with an oracle; each observed function gets the next slot."""

    def __init__(self, records: Path) -> None:
        self.records = records
        self.oracle = Oracle(str(records / "1-driver"))
        self.slots = 0
        self.keys: list[dict[Any, int]] = []

    def test(self, name: str | None) -> None:
        self.oracle.test(name)

    def observe(self, function: Callable[..., Any]) -> Any:
        """Wrap a function, or its cache, as the recorder does; ``cache_clear`` is passed on."""
        misses = getattr(function, "cache_info", None)
        slot, self.slots = self.slots, self.slots + 1
        numbers: dict[Any, int] = {}
        self.keys.append(numbers)
        wanted: set[int] = set()
        watch = self.oracle.watch(slot, 0, function, wanted, REFUSED)
        assert watch is not None

        @functools.wraps(function)
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            key = _key(args, kwargs)
            try:
                number = numbers.get(key)
            except Exception:
                number = REFUSED
            if number is None:
                number = numbers[key] = len(numbers) + 1
                watch.met(number, args, kwargs)
            token = watch.before(number, args, kwargs) if number in wanted else None
            if token is None:
                return function(*args, **kwargs)
            before = misses and misses().misses
            try:
                result = function(*args, **kwargs)
            except BaseException as error:
                watch.raised(token, error)
                raise
            watch.returned(token, result, bool(misses) and misses().misses == before)
            return result

        # As the recorder's wrappers are, it is told by its file from the code that calls it.
        wrapper.__code__ = wrapper.__code__.replace(co_filename=follower.__file__)
        wrapper.cache_clear = watch.cleared  # type: ignore[attr-defined]
        return wrapper

    def oversights(self) -> tuple[Oversight, ...]:
        """End the process and read what was seen."""
        for numbers in self.keys:
            numbers.clear()
        self.oracle.finish()
        return read_oversights(self.records, self.slots)
