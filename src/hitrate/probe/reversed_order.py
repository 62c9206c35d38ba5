"""A pytest plugin that runs the tests in the reverse order, whole modules first. Laid out for one run."""

import os
from typing import Any

_FOLDER = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
_MARK = os.path.join(_FOLDER, "records", "reversed")


def pytest_collection_modifyitems(items: "list[Any]") -> None:
    """Reverse the modules; within one, the order stays, since parametrised fixtures were grouped by it."""
    modules: "dict[str, list[Any]]" = {}
    for item in items:
        modules.setdefault(item.nodeid.partition("::")[0], []).append(item)
    items[:] = [item for name in reversed([*modules]) for item in modules[name]]
    with open(_MARK, "w", encoding="utf-8"):
        pass
