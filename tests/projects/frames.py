"""Looks at the frames and code of observed functions in every way that tools have, on any CPython from 3.8 on.

``sys.argv``: the folder and the module name of the recorder, and ``plain`` to look at unobserved functions.
Exits with 0 if all checks hold; an interpreter that a wrapper confuses dies or gives other results.
"""

import bdb
import cProfile
import copy
import dis
import faulthandler
import functools
import gc
import importlib
import inspect
import io
import itertools
import linecache
import marshal
import pdb
import pickle
import pstats
import sys
import tempfile
import threading
import traceback
import tracemalloc
import types

sys.path.append(sys.argv[1])
recorder = importlib.import_module(sys.argv[2])
tracefile = importlib.import_module(recorder.__package__ + ".tracefile")
PLAIN = "plain" in sys.argv[3:]
slots = itertools.count()
looks = []  # what is done from within the observed functions


def observe(function):
    return function if PLAIN else recorder.observe(next(slots))(function)


def look():
    for each in looks:
        each(sys._getframe(1))


class Base:
    def price(self, n):
        look()
        if n < 0:
            raise ValueError(n)
        return n


class Derived(Base):
    @observe
    def price(self, n):
        doubled = 2 * n
        return super().price(n) + doubled

    @classmethod
    @observe
    def of_class(cls, n):
        look()
        return __class__, cls, n

    @observe
    def with_default(self, n, *, of=None):
        look()
        return super().price(n), of


def closure_over_names_of_a_wrapper():
    args, kwargs, number, lane, function, watched, tools, result = range(8)
    clock, token, ends, index, depth, start, count, words, timing = range(8, 17)

    @observe
    def inner(n):
        look()
        return (
            n, args, kwargs, number, lane, function, watched, tools, result,
            clock, token, ends, index, depth, start, count, words, timing,
        )

    return inner


def closure_that_changes():
    total = 0

    @observe
    def add(n):
        nonlocal total
        total += n
        look()
        return total

    return add


def closure_that_is_empty():
    @observe
    def ask(n):
        look()
        try:
            return later
        except NameError:
            return n

    if "never" in sys.argv:
        later = 1
    return ask


def closure_over(count):
    names = ["name%d" % n for n in range(count)]
    lines = ["def outer(%s):" % ", ".join(names), " @observe", " def inner(n):", "  look()"]
    lines += ["  return n + %s" % " + ".join(names), " return inner"]
    space = {"observe": observe, "look": look, "__name__": "made"}
    exec("\n".join(lines), space)
    return space["outer"](*range(count))


def of_many_arguments(count):
    names = ["a%d" % n for n in range(count)]
    space = {"observe": observe, "look": look}
    exec("@observe\ndef many(%s):\n look()\n return a0 + %s" % (", ".join(names), names[-1]), space)
    return space["many"]


@observe
def positional_only(first, second=2, /, third=3, *rest, fourth, fifth=5, **others):
    look()
    return first, second, third, rest, fourth, fifth, others


@observe
def of_args_and_kwargs(*args, **kwargs):
    look()
    return args, kwargs


@observe
def failing(n):
    local = [n]
    raise KeyError(local)


@observe
def generator(n):
    look()
    yield n
    look()


@observe
def recursive(n):
    if n == 0:
        look()
        return 0
    return recursive(n - 1) + 1


short = observe(lambda n: (look(), n)[1])
named = closure_over_names_of_a_wrapper()
changing = closure_that_changes()
empty = closure_that_is_empty()
one, hundreds, many = closure_over(1), closure_over(300), of_many_arguments(300)
thing = Derived()


def call_all():
    """What all of them give; the same with and without wrappers, whoever is looking."""
    given = [thing.price(1), thing.price(n=2), Derived.of_class(3), thing.with_default(4, of=5)]
    given += [named(1), changing(0), empty(2), one(3), hundreds(n=4), many(*range(300))]
    given += [positional_only(1, fourth=4), positional_only(1, 9, 8, 7, fourth=6, fifth=5, sixth=6)]
    given += [of_args_and_kwargs(1, 2, args=3, kwargs=4), [*generator(5)], recursive(5), short(6)]
    for call in (lambda: thing.price(-1), lambda: failing(1), lambda: failing(n=2)):
        try:
            call()
        except (ValueError, KeyError) as error:
            given.append((type(error).__name__, error.args))
            for each in looks:
                frame = error.__traceback__
                while frame is not None:
                    each(frame.tb_frame)
                    frame = frame.tb_next
    return given


EXPECTED = call_all()


def frames_from(frame):
    while frame is not None:
        yield frame
        frame = frame.f_back


def functions():
    return [
        Derived.price, Derived.with_default, Derived.of_class.__func__, named, changing, empty, one, hundreds,
        many, positional_only, of_args_and_kwargs, failing, generator, recursive, short,
    ]


def looking(action):
    """All calls while something looks at each frame of the stack, in each."""
    looks.append(lambda frame: [action(each) for each in frames_from(frame)])
    try:
        assert call_all() == EXPECTED
    finally:
        looks.clear()


def silent(*_, **__):
    return None


def read(frame):
    found = {**frame.f_locals}
    assert all(type(name) is str for name in found)
    if frame.f_code is named.__code__:
        assert set(frame.f_code.co_freevars) <= {*found}, found
        assert found["lane"] == 3 and found["function"] == 4


def check_locals():
    looking(read)


def check_code():
    def examine(frame):
        code = frame.f_code
        for name in dir(code):
            if name.startswith("co_") and name != "co_lnotab":  # which warns
                getattr(code, name)
        names = (*code.co_varnames, *(name for name in code.co_freevars))
        assert len(set(names)) == len(names), names
        for lines in ("co_lines", "co_positions", "_co_code_adaptive", "co_branches"):
            found = getattr(code, lines, None)
            if callable(found):
                [*found()]
        hash(code)
        repr(frame)
        sys.getsizeof(code)
        gc.get_referents(code, frame)
        assert frame.f_lineno is None or frame.f_lineno > 0
        try:
            marshal.dumps(code)
        except ValueError:
            pass

    looking(examine)


def check_disassembly():
    for function in functions():
        out = io.StringIO()
        dis.dis(function, file=out)
        dis.show_code(function, file=out)
        [*dis.get_instructions(function)]
        dis.stack_effect(dis.opmap["POP_TOP"])
        code = function.__code__
        copied = [each.opname for each in dis.get_instructions(code)].count("COPY_FREE_VARS")
        assert copied == (bool(code.co_freevars) and sys.version_info >= (3, 11)), out.getvalue()


def check_replaced_code():
    for function in (Derived.price, named, one, hundreds, short):
        code = function.__code__.replace(co_name="other")
        assert code.co_name == "other"
        made = types.FunctionType(
            code, function.__globals__, "made", function.__defaults__, function.__closure__
        )
        made.__kwdefaults__ = function.__kwdefaults__
        given = (thing, 1) if function is Derived.price else (1,)
        looks.append(read)
        assert made(*given) == function(*given)
        looks.clear()


def check_tracebacks():
    seen = []

    def summarize(frame):
        traceback.StackSummary.extract(traceback.walk_stack(frame), capture_locals=True).format()

    looking(summarize)
    for call in (lambda: thing.price(-1), lambda: failing(1)):
        try:
            call()
        except (ValueError, KeyError) as error:
            told = traceback.TracebackException.from_exception(error, capture_locals=True)
            seen.append("".join(told.format()))
            traceback.clear_frames(error.__traceback__)
    assert "doubled = -2" in seen[0], seen[0]
    assert "local = [1]" in seen[1], seen[1]


def check_inspection():
    for function in functions():
        inspect.signature(function)
        inspect.signature(function, follow_wrapped=False)
        inspect.getfullargspec(function)
        inspect.getmodule(function)
        unwrapped = inspect.unwrap(function)
        if function is empty:
            continue  # inspect fails on an empty cell, whatever function has it
        closed = inspect.getclosurevars(function)
        assert closed.nonlocals == inspect.getclosurevars(unwrapped).nonlocals, closed
        assert function.__code__.co_freevars == unwrapped.__code__.co_freevars
        assert function.__closure__ is unwrapped.__closure__ or function.__closure__ == unwrapped.__closure__
    assert "super().price(n) + doubled" in inspect.getsource(Derived.price)
    assert inspect.getclosurevars(named).nonlocals["lane"] == 3
    assert inspect.getclosurevars(Derived.price).nonlocals["__class__"] is Derived
    looking(lambda frame: (inspect.getframeinfo(frame), inspect.formatargvalues(*inspect.getargvalues(frame))))
    looking(lambda frame: inspect.getouterframes(frame, 2))


def check_copies():
    for function in (positional_only, of_args_and_kwargs, failing):
        assert pickle.loads(pickle.dumps(function)) is function
    assert pickle.loads(pickle.dumps(Derived.price)) is Derived.price
    for function in functions():
        assert copy.copy(function) is copy.deepcopy(function) is function


def check_trace():
    def trace(frame, event, argument):
        frame.f_trace_opcodes = len(steps) < 20_000
        steps.append(event)
        read(frame)
        return trace

    steps = []
    sys.settrace(trace)
    try:
        given = call_all()
    finally:
        sys.settrace(None)
    assert given == EXPECTED
    assert {"call", "line", "return", "exception"} <= {*steps}  # CPython 3.12.1 traces no opcodes


def check_profile():
    def profile(frame, event, argument):
        steps.append(event)
        read(frame)

    steps = []
    sys.setprofile(profile)
    try:
        given = call_all()
    finally:
        sys.setprofile(None)
    assert given == EXPECTED
    assert {"call", "return", "c_call"} <= {*steps}


def check_monitoring():
    monitoring = getattr(sys, "monitoring", None)
    if monitoring is None:
        return
    tool, events = 4, monitoring.events
    wanted = [events.PY_START, events.PY_RETURN, events.LINE, events.INSTRUCTION, events.CALL, events.JUMP]
    wanted += [events.RAISE, events.PY_UNWIND, events.BRANCH]
    steps = set()

    def step(event):
        def note(code, *_):
            steps.add(event)
            frame = sys._getframe(1)
            read(frame)

        return note

    monitoring.use_tool_id(tool, "frames")
    for event in wanted:
        monitoring.register_callback(tool, event, step(event))
    try:
        monitoring.set_events(tool, functools.reduce(int.__or__, wanted))
        given = call_all()
    finally:
        monitoring.set_events(tool, 0)
        monitoring.free_tool_id(tool)
    assert given == EXPECTED
    assert len(steps) >= len(wanted) - 1, steps


class Stepper(bdb.Bdb):
    """Steps through everything, and reads all there is."""

    steps = 0

    def step(self, frame, *_):
        self.steps += 1
        read(frame)
        self.get_stack(frame, None)
        self.format_stack_entry((frame, frame.f_lineno or 1))
        self.set_step()

    user_call = user_line = user_return = user_exception = step


def check_stepping():
    stepper = Stepper()
    assert stepper.runcall(call_all) == EXPECTED
    assert stepper.steps > 100


def check_debugger():
    commands = "\n".join(["break Base.price", "continue", "where", "up", "p locals()", "args", "up", "p dir()"])
    commands += "\np doubled\n" + "step\nnext\n" * 20 + "return\nclear\ncontinue\n" * 10
    out = io.StringIO()
    debugger = pdb.Pdb(stdin=io.StringIO(commands), stdout=out, nosigint=True, readrc=False)
    debugger.use_rawinput = False
    break_at = inspect.unwrap(Base.price).__code__.co_firstlineno + 1
    debugger.set_break(__file__, break_at)
    linecache.checkcache(__file__)
    try:
        assert debugger.runcall(thing.price, 7) == 21
    except bdb.BdbQuit:
        raise AssertionError(out.getvalue())
    finally:
        sys.settrace(None)
    assert "return super().price(n) + doubled" in out.getvalue(), out.getvalue()


def check_profilers():
    profile = cProfile.Profile()
    assert profile.runcall(call_all) == EXPECTED
    out = io.StringIO()
    pstats.Stats(profile, stream=out).print_stats()
    assert "price" in out.getvalue()
    tracemalloc.start(25)
    try:
        assert call_all() == EXPECTED
        tracemalloc.take_snapshot().statistics("traceback")
    finally:
        tracemalloc.stop()


def check_faulthandler():
    with tempfile.TemporaryFile() as out:
        looking(lambda frame: faulthandler.dump_traceback(out, all_threads=True))
        out.seek(0)
        assert b"price" in out.read()


def check_frames_of_another_thread():
    done, seen = threading.Event(), []

    def work():
        while not done.is_set():
            assert call_all() == EXPECTED

    thread = threading.Thread(target=work)
    thread.start()
    for _ in range(300):
        frame = sys._current_frames().get(thread.ident)
        seen += [frame.f_code.co_name for frame in frames_from(frame)]
        del frame
    done.set()
    thread.join()
    assert seen


def check_frames_that_are_kept():
    kept = []
    looks.append(kept.append)
    try:
        assert call_all() == EXPECTED
    finally:
        looks.clear()
    for frame in kept:
        for each in frames_from(frame):
            read(each)
    for frame in kept:
        try:
            frame.clear()
        except RuntimeError:
            pass
    gc.collect()


def check_all():
    for name, check in list(globals().items()):
        if name.startswith("check_") and check is not check_all:
            check()


check_all()
if not PLAIN:
    for watched in recorder._recorder.live():
        watched.stop(tracefile.BUSY)  # from now on counted
    check_all()
