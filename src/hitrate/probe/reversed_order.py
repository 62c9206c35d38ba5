"""A pytest plugin that runs the tests in the reverse order, whole modules first. Laid out for one run."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Dict, List, Protocol

    class Item(Protocol):
        """A test as pytest hands it over."""

        @property
        def nodeid(self) -> str: ...


_FOLDER = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
_MARK = os.path.join(_FOLDER, "records", "reversed")


def pytest_collection_modifyitems(items: List[Item]) -> None:
    """Reverse the modules; within one, the order stays, since parametrised fixtures were grouped by it."""
    modules: Dict[str, List[Item]] = {}
    for item in items:
        modules.setdefault(item.nodeid.partition("::")[0], []).append(item)
    items[:] = [item for name in reversed([*modules]) for item in modules[name]]
    with open(_MARK, "w", encoding="utf-8"):
        pass
