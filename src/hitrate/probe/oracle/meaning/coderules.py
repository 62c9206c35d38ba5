"""What calls of Python functions of the standard library mean, told by their code; see ``rules``.

Runs inside the analysed project's processes. Standard library, CPython 3.8+.
A rule gets the frame of the function that is called.
"""

from __future__ import annotations

import os
import sys

from ..nodes import id_of
from ..rules import CLOCK, ENVIRONMENT, EQUIPPED, LIBRARY, LOG, MOCK, STDLIB, WARNING, outside

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType
    from typing import Callable, Dict, Optional, Union

    from ..rules import Finding

    CodeRule = Callable[[FrameType], Finding]

_ENVIRONMENT = (os.path.join(STDLIB, "os.py"), os.path.join(STDLIB, "_collections_abc.py"), "<frozen ")
# Rules by the identity of a code object, which is kept by its module; by name what was learnt.
CODES: Dict[Union[int, str], Optional[CodeRule]] = {}


def _variable(frame: FrameType) -> Finding:
    name = frame.f_locals.get("key")
    if type(name) is not str:
        return (ENVIRONMENT, "")
    asker = outside(frame, _ENVIRONMENT)
    return None if asker is not None and _is_own_switch(name, asker) else (ENVIRONMENT, name)


def _is_own_switch(name: str, asker: FrameType) -> bool:
    """Whether a library looks a variable up for itself, as ``asyncio`` does.

    So does an installed package that asks for one that begins with its own name and is not set. One that is
    may be what the project is configured with.
    """
    file = asker.f_code.co_filename
    if file.startswith(LIBRARY):
        return name.startswith("PYTHON")
    if "site-packages" not in file:
        return False
    module = asker.f_globals.get("__name__")
    package = module.partition(".")[0] if type(module) is str else ""
    return bool(package) and name.startswith(package.upper() + "_") and not _is_set(name)


def _is_set(name: str) -> bool:
    """Without a lookup that would be seen as a read of the environment."""
    variables = vars(os.environ).get("_data", ())
    return name in variables or os.fsencode(name) in variables


def _all_variables(frame: FrameType) -> Finding:
    del frame
    return (ENVIRONMENT, "")


def _logged(frame: FrameType) -> Finding:
    name = getattr(frame.f_locals.get("self"), "name", "")
    return (LOG, name if type(name) is str else "")


def _equipped(frame: FrameType) -> Finding:
    """A logger that is given a handler which it has not got yet."""
    logger, handler = frame.f_locals.get("self"), frame.f_locals.get("hdlr")
    has = any(each is handler for each in getattr(logger, "handlers", ()))
    return None if has else (EQUIPPED, "handlers of a logger")


def _warned(frame: FrameType) -> Finding:
    category = getattr(frame.f_locals.get("msg"), "category", None)
    return (WARNING, getattr(category, "__name__", ""))


def _mocked(frame: FrameType) -> Finding:
    del frame
    return (MOCK, "")


def _frozen_clock(frame: FrameType) -> Finding:
    del frame
    return (CLOCK, "")


def learn() -> None:
    """Python functions of the standard library, and of a library that replaces the clock, by their code."""
    if "environ" not in CODES:
        CODES["environ"] = None
        for name, rule in (
            ("__getitem__", _variable),
            ("__iter__", _all_variables),
            ("copy", _all_variables),
        ):
            _register(vars(os._Environ).get(name), rule)
    logger = getattr(sys.modules.get("logging"), "Logger", None)
    if logger is not None and "logging" not in CODES:
        CODES["logging"] = None
        _register(vars(logger).get("handle"), _logged)
        _register(vars(logger).get("addHandler"), _equipped)
    warnings = sys.modules.get("warnings")
    if warnings is not None and "warnings" not in CODES:
        CODES["warnings"] = None
        _register(vars(warnings).get("_showwarnmsg"), _warned)
    mock = getattr(sys.modules.get("unittest.mock"), "CallableMixin", None)
    if mock is not None and "mock" not in CODES:
        CODES["mock"] = None
        _register(vars(mock).get("__call__"), _mocked)
    frozen = sys.modules.get("freezegun.api")
    if frozen is not None and "freezegun" not in CODES:
        CODES["freezegun"] = None
        for owner in (frozen, getattr(frozen, "FakeDatetime", None), getattr(frozen, "FakeDate", None)):
            for name in ("fake_time", "fake_time_ns", "now", "utcnow", "today"):
                found = vars(owner).get(name) if owner is not None else None
                _register(getattr(found, "__func__", found), _frozen_clock)


def _register(function: object, rule: CodeRule) -> None:
    code = getattr(function, "__code__", None)
    if code is not None:
        CODES[id_of(code)] = rule
