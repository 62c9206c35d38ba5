"""The bodies of the functions that stand in for observed ones.

Runs inside the analysed project's processes. Standard library, CPython 3.8+.
A wrapper's globals and closure are those of the wrapped function, so that it can become the function itself:
only its code is exchanged. So its body uses no global and no free variable, but tools that lie in its code;
still, the code has the function's free variables, in the way in which the compiler makes such code.

What only counts has the function's parameters too and names them one by one: ``*args, **kwargs`` take up to
five times as long, and lead out of the interpreter's loop and into it again at each call.
"""

from __future__ import annotations

import inspect
import itertools
import sys
import time
import types

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, List, Optional, Tuple

    Shape = Tuple[int, int, int]  # numbers of positional, of keyword-only parameters, of free variables

TIMED, ONE_IN = 256, 32  # so many counted calls are timed, then one in so many
PASSED = 12  # the compiler makes other code for many
RECONSIDERED = 64  # timed calls after which it is looked at again whether they matter

_cpu_clock = time.thread_time_ns
# warnings and logging skip frames of files so named, as those of the import system: stacklevel stays right.
_FILE_NAME = __file__ + " (skipped like importlib._bootstrap)"

with open(__file__, encoding="utf-8") as _stream:  # now, while it can be read
    _LINES = _stream.read().splitlines()
_compiled: Dict[Tuple[types.CodeType, Shape], types.CodeType] = {}


def recording(tools: Tuple[object, ...], function: Callable[..., object]) -> types.CodeType:
    """The code of a wrapper of ``function`` that records its calls; ``_record`` names the tools."""
    return _code(_record.__code__, tools, function)


def counting(
    target: Callable[..., object],
    function: Callable[..., object],
    words: memoryview,
    at: int,
    timing: List[bool],
    reconsider: Optional[Callable[[int, float], None]] = None,
) -> types.CodeType:
    """The code of a wrapper of ``function`` that counts its calls in ``words``, and calls ``target``.

    None is timed while ``timing`` holds something: a call within one that is timed is part of it.
    ``reconsider`` is told now and then how many there were, and how many nanoseconds one takes.
    """
    tools = (target, words, at, timing, _cpu_clock, TIMED, ONE_IN, reconsider, RECONSIDERED)
    # How a call is spelled matters to a cache.
    return _code(_counted.__code__, tools, function, by_name=target is function)


def _record(*args: object, **kwargs: object) -> object:
    """Calls are recorded; :class:`_Tools` are put in place of the string by :func:`_code`."""
    tools: Any = "tools"
    watched, function, known, wanted, local, clock, current, test_key, plain, kind, length, failure = (
        tools.all
    )
    try:
        if kwargs:
            number = known[(*args, watched.mark, *kwargs.items())]
        elif length(args) == 1 and kind(args[0]) in plain:
            number = known[args[0]]
        else:
            number = known[args]
    except failure:
        number = watched.meet(args, kwargs)
    token = watched.before(number, args, kwargs) if number in wanted else None
    try:
        lane = local.lane
        depth = lane.depth
        start = clock()
        if start > lane.due or depth >= lane.deep or current(test_key) is not lane.seen:
            start, token = watched.attend(lane, number, args, kwargs, token)
        index = lane.index
        lane.numbers[index] = number
        lane.starts[index] = start
        lane.index = index + 1
        ends = lane.ends
    except failure:
        lane, ends, index, depth = watched.reserve(number)
    lane.depth = depth + 1
    try:
        result = function(*args, **kwargs)
    except:
        watched.raised(lane, ends, index, depth, token)
        raise
    end = clock()
    try:
        ends[index] = end
        lane.depth = depth
        if token is not None or end > lane.due:
            watched.returned(lane, token, result)
    except failure:
        pass  # forked meanwhile: the entry is the parent's
    return result


def _counted(*args: object, **kwargs: object) -> object:
    """Calls are counted, and some of them timed."""
    tools: Any = "tools"
    function, words, at, timing, clock, many, one_in, reconsider, every = tools.all
    count = words[at] = words[at] + 1
    if timing or (words[at + 1] >= many and count % one_in):
        return function(*args, **kwargs)
    timing.append(True)
    start = clock()
    try:
        return function(*args, **kwargs)
    finally:
        words[at + 3] += clock() - start
        words[at + 2] += words[at] - count + 1
        words[at + 1] += 1
        timing.clear()
        if reconsider and not words[at + 1] % every:
            reconsider(words[at], words[at + 3] / words[at + 2])


class _Tools:
    """What a wrapper works with. It has a hash whatever is in it, and so has the code that holds it."""

    __slots__ = ("all",)

    def __init__(self, given: Tuple[object, ...]) -> None:
        self.all = given


def _code(
    template: types.CodeType,
    given: Tuple[object, ...],
    function: Callable[..., object],
    by_name: bool = False,
) -> types.CodeType:
    """The template's code with its tools in it, in the shape that the function's wrapper must have.

    Args:
        template: Takes and passes ``*args, **kwargs``.
        given: Its tools.
        function: What is wrapped.
        by_name: Whether to take and pass the function's own parameters instead, where it has no such ones.
    """
    own = function.__code__ if type(function) is types.FunctionType else None
    free: Tuple[str, ...] = () if own is None else own.co_freevars
    name = getattr(function, "__name__", template.co_name)
    constants: Dict[object, object] = {"tools": _Tools(given)}
    names = _parameters(own) if own is not None and by_name else ()
    if own is not None and names:
        code = _shaped(template, (own.co_argcount, own.co_kwonlyargcount, len(free)))
        passed, meant = code.co_varnames[own.co_argcount : len(names)], names[own.co_argcount :]
        constants[passed] = meant
        constants.update(zip(passed, meant))  # of many, CPython 3.15 builds a table, name by name
        variables = names + _unlike(code.co_varnames[len(names) :], names + free)
        code = code.replace(co_varnames=variables, co_posonlyargcount=own.co_posonlyargcount)
    else:
        code = _shaped(template, (0, 0, len(free))) if free else template
        code = code.replace(co_varnames=_unlike(code.co_varnames, free))
    if sys.version_info >= (3, 11):
        code = code.replace(co_qualname=getattr(function, "__qualname__", name))
    return code.replace(
        co_consts=tuple(
            constants.get(constant, constant) if type(constant) in (str, tuple) else constant
            for constant in code.co_consts
        ),
        co_freevars=free,
        co_filename=_FILE_NAME,
        co_name=name,
    )


def _parameters(code: types.CodeType) -> Tuple[str, ...]:
    """The names of a function's parameters; none where they are not all, or too many to be passed by name."""
    others = code.co_flags & (inspect.CO_VARARGS | inspect.CO_VARKEYWORDS)
    if others or code.co_argcount > PASSED or code.co_kwonlyargcount > PASSED:
        return ()
    return code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]


def _shaped(template: types.CodeType, shape: Shape) -> types.CodeType:
    """The template with so many parameters, as it is compiled within a function that has variables for it.

    So the compiler itself makes what such code needs. Code that only says that it has free variables, and has
    no instruction that copies them, ends CPython 3.11 and 3.12 when the locals of its frame are read. Without
    parameters of its own it takes any.
    """
    if (template, shape) not in _compiled:
        positional, keywords, free = shape
        taken = ["_%d" % n for n in range(positional)]
        passed = taken + ["key%d=key%d" % (n, n) for n in range(keywords)]
        taken += ["*"][:keywords] + ["key%d" % n for n in range(keywords)]
        first = template.co_firstlineno - 1
        body = itertools.takewhile(lambda line: not line or line[0].isspace(), _LINES[first + 1 :])
        text = "\n ".join((_LINES[first], *body))
        if positional or keywords:
            text = text.replace("*args: object, **kwargs: object", ", ".join(taken))
            text = text.replace("*args, **kwargs", ", ".join(passed))
        names = ", ".join("free%06d" % n for n in range(free))  # the compiler sorts them
        outer = "def outer(%s):\n %s\n     %s" % (names, text, names or "pass")
        made = _code_in(compile("\n" * (first - 1) + outer, _FILE_NAME, "exec"), "outer")
        _compiled[template, shape] = _code_in(made, template.co_name)
    return _compiled[template, shape]


def _code_in(code: types.CodeType, name: str) -> types.CodeType:
    return next(each for each in code.co_consts if isinstance(each, types.CodeType) and each.co_name == name)


def _unlike(names: Tuple[str, ...], others: Tuple[str, ...]) -> Tuple[str, ...]:
    """The names, each with as many underscores behind it as make it none of the others."""
    while not set(names).isdisjoint(others):
        names = tuple(name + "_" if name in others else name for name in names)
    return names
