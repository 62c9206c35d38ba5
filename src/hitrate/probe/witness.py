"""Watches what one call does besides returning: what it reads that is no argument, what it changes elsewhere.

Laid out beside the oracle inside the analysed project's processes. Standard library, CPython 3.8+, one file.

Two sources are joined while a watched call runs. A profile function sees every call in the thread, so also
the reads that raise no audit event (``os.getcwd``, ``os.stat``, the clock, random numbers, the environment,
output streams, logging); an audit hook sees paths and modes of files, processes and sockets. What the import
system, ``logging``, ``warnings`` and ``linecache`` do on their own behalf is not the call's doing and is left
out. A file that is made and removed again within the call leaves nothing behind and is left out as well.
"""

import io
import os
import sys
import types

EVENTS = 200_000
FRAMES = 60

# What a call may read that is not among its arguments …
CWD, ENVIRONMENT, CLOCK, RANDOM, FILE, DATABASE, LOCALE, CONTEXT, CALLER = (
    "cwd",
    "environment",
    "clock",
    "random",
    "file",
    "database",
    "locale",
    "context",
    "caller",
)
# … and what it may do that a cached call would not.
OUTPUT, LOG, WRITE, PROCESS, NETWORK, THREAD, SYSTEM, INPUT = (
    "output",
    "log",
    "write",
    "process",
    "network",
    "thread",
    "system",
    "input",
)
READS = frozenset({CWD, ENVIRONMENT, CLOCK, RANDOM, FILE, DATABASE, LOCALE, CONTEXT, CALLER})

_CREATED, _GONE = "created", "gone"
_WRITE_FLAGS = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_HERE = os.path.dirname(os.path.abspath(__file__))
_STDLIB = os.path.dirname(os.path.abspath(os.__file__))
_LIBRARY = (os.path.join(_STDLIB, ""), "<frozen ")
_BUILTIN = types.BuiltinFunctionType
_FILE_STREAMS = (io.TextIOWrapper, io.BufferedWriter, io.BufferedRandom, io.BufferedReader, io.FileIO)
# Modules that look at files, the clock and the environment on their own behalf.
_INNOCENT = (
    "<frozen importlib",
    "<frozen zipimport",
    os.path.join(_STDLIB, "importlib", "_bootstrap"),
    os.path.join(_STDLIB, "logging", ""),
    os.path.join(_STDLIB, "linecache.py"),
    os.path.join(_STDLIB, "warnings.py"),
    os.path.join(_STDLIB, "_py_warnings.py"),
    os.path.join(_STDLIB, "traceback.py"),
    os.path.join(_STDLIB, "tokenize.py"),
)
CONSTANT_PLACES = tuple(
    os.path.join(place, "")
    for place in {sys.prefix, sys.base_prefix, _STDLIB, "/usr/share/zoneinfo", "/usr/share/locale", "/dev"}
)

_AUDITED = {
    "os.chdir": SYSTEM,
    "os.putenv": SYSTEM,
    "os.unsetenv": SYSTEM,
    "os.kill": PROCESS,
    "os.killpg": PROCESS,
    "os.system": PROCESS,
    "os.exec": PROCESS,
    "os.fork": PROCESS,
    "os.forkpty": PROCESS,
    "os.posix_spawn": PROCESS,
    "os.spawn": PROCESS,
    "os.startfile": PROCESS,
    "subprocess.Popen": PROCESS,
    "webbrowser.open": PROCESS,
    "os.rename": WRITE,
    "os.remove": WRITE,
    "os.rmdir": WRITE,
    "os.mkdir": WRITE,
    "os.link": WRITE,
    "os.symlink": WRITE,
    "os.chmod": WRITE,
    "os.chown": WRITE,
    "os.truncate": WRITE,
    "os.utime": WRITE,
    "os.setxattr": WRITE,
    "os.removexattr": WRITE,
    "tempfile.mkstemp": WRITE,
    "tempfile.mkdtemp": WRITE,
    "socket.connect": NETWORK,
    "socket.bind": NETWORK,
    "socket.sendto": NETWORK,
    "socket.sendmsg": NETWORK,
    "socket.getaddrinfo": NETWORK,
    "socket.gethostbyname": NETWORK,
    "urllib.Request": NETWORK,
    "http.client.connect": NETWORK,
    "smtplib.connect": NETWORK,
    "ftplib.connect": NETWORK,
    "_thread.start_new_thread": THREAD,
    "_thread.start_joinable_thread": THREAD,
    "sqlite3.connect": DATABASE,
    "os.listdir": FILE,
    "os.scandir": FILE,
    "open": FILE,
}
_CREATING = frozenset({"os.mkdir", "tempfile.mkstemp", "tempfile.mkdtemp", "os.symlink", "os.link"})
_REMOVING = frozenset({"os.remove", "os.rmdir"})


class Sight:
    """One thing that a call was seen to do.

    Attributes:
        kind: One of this module's kinds.
        what: The path, variable or name that it is about, "" where there is none.
        where: Function, file and line of the analysed code that did it.
    """

    __slots__ = ("kind", "step", "what", "where")

    def __init__(self, kind, what="", where="", step=""):
        self.kind = kind
        self.what = what
        self.where = where
        self.step = step


class Testimony:
    """What was seen of one call.

    Attributes:
        sights: By kind and object, in the order first seen.
        partial: Whether watching stopped before the call ended.
    """

    __slots__ = ("code", "constants", "left", "partial", "sights", "thread")

    def __init__(self, code, constants):
        self.code = code
        self.constants = constants
        self.sights = {}
        self.left = EVENTS
        self.partial = False

    def add(self, kind, what, frame, step=""):
        """Note one thing, once."""
        key = (kind, what, step)
        if key not in self.sights and len(self.sights) < 64:
            self.sights[key] = Sight(kind, what, _where(frame), step)

    def lasting(self):
        """The sights, less files that the call itself made and removed."""
        sights = [*self.sights.values()]
        made = {
            sight.what for sight in sights if sight.step == _CREATED and sight.what and _is_gone(sight.what)
        }
        return [
            sight for sight in sights if not (sight.kind in (WRITE, FILE) and _is_below(sight.what, made))
        ]


class _Stacks:
    """The watches under way, innermost last, by thread."""

    def __init__(self):
        self.by_thread = {}
        self.hooked = False


_stacks = _Stacks()
_thread_of = sys.modules["_thread"].get_ident if "_thread" in sys.modules else __import__("_thread").get_ident


def begin(code, constants):
    """Watch what the current thread does until ``end``; None when another profiler is at work.

    Args:
        code: The code object of the function that is called.
        constants: Folders, each ending with a separator, whose files never change.
    """
    current = sys.getprofile()
    if current is not None and current is not _profile:
        return None
    _learn()
    if not _stacks.hooked:
        _stacks.hooked = True
        sys.addaudithook(_audit)
    watch = Testimony(code, constants)
    _stacks.by_thread.setdefault(_thread_of(), []).append(watch)
    if current is None:
        sys.setprofile(_profile)
    return watch


def end(watch):
    """Stop watching, whatever has become of watches begun later in this thread."""
    thread = _thread_of()
    stack = _stacks.by_thread.get(thread, [])
    if watch in stack:
        del stack[stack.index(watch) :]
    if not stack:
        _stacks.by_thread.pop(thread, None)
        if sys.getprofile() is _profile:
            sys.setprofile(None)


def _profile(frame, event, arg):
    """The profile function: must be fast, must not raise."""
    if event == "c_call":
        rule = _C_CALLS.get(arg.__name__) if type(arg) is _BUILTIN else None
        if rule is not None:
            _note(rule, arg, frame)
    elif event == "call":
        rule = _codes.get(id(frame.f_code))
        if rule is not None:
            _note(rule, None, frame)
        stack = _stacks.by_thread.get(_thread_of())
        if stack:
            watch = stack[-1]
            watch.left -= 1
            if watch.left < 0:
                watch.partial = True
                sys.setprofile(None)


def _note(rule, arg, frame):
    try:
        found = rule(arg, frame)
        if found is not None:
            _sighted(found[0], found[1], frame)
    except Exception:  # noqa: S110 - an observer never disturbs what it observes
        pass


def _sighted(kind, what, frame, step=""):
    stack = _stacks.by_thread.get(_thread_of())
    if not stack:
        return
    for watch in stack:
        if kind == FILE and what.startswith(watch.constants):
            continue
        if kind == LOG or not _is_innocent(frame, watch.code):
            watch.add(kind, what, frame, step)


def _is_innocent(frame, code):
    """Whether machinery between the watched function and here acts on its own behalf."""
    if frame.f_code.co_filename.startswith(_HERE):
        return True
    for _ in range(FRAMES):
        if frame is None or frame.f_code is code:
            return False
        if frame.f_code.co_filename.startswith(_INNOCENT):
            return True
        frame = frame.f_back
    return False


def _where(frame):
    """Function, file and line of the nearest frame outside the standard library."""
    found = frame
    for _ in range(FRAMES):
        if found is None:
            break
        file = found.f_code.co_filename
        if not file.startswith(_LIBRARY) or "site-packages" in file:
            return "%s, %s:%d" % (found.f_code.co_name, os.path.basename(file), found.f_lineno)
        found = found.f_back
    return ""


def _audit(event, args):
    kind = _AUDITED.get(event)
    if kind is None and not event.startswith("shutil."):
        return
    if _thread_of() not in _stacks.by_thread:
        return
    try:
        frame = sys._getframe(1)
        if event == "open":
            _opened(args, frame)
        elif kind is None:
            _sighted(WRITE, _path(args[-1]) if event != "shutil.rmtree" else _path(args[0]), frame)
        elif kind == WRITE:
            step = _CREATED if event in _CREATING else _GONE if event in _REMOVING else ""
            _sighted(
                kind, _path(args[1] if event in ("os.symlink", "os.link") else args[0], args[-1]), frame, step
            )
        else:
            what = args[0] if args and kind in (FILE, SYSTEM, PROCESS, DATABASE) else ""
            _sighted(kind, _path(what), frame)
    except Exception:  # noqa: S110 - an observer never disturbs what it observes
        pass


def _opened(args, frame):
    path, mode, flags = args
    name = _path(path)
    if name == os.devnull:
        return
    writes = any(letter in mode for letter in "wax+") if type(mode) is str else bool(flags & _WRITE_FLAGS)
    if writes:
        _sighted(WRITE, name, frame, _CREATED)
    else:
        _sighted(FILE, name, frame)


def _path(value, folder=-1):
    """A path as text, absolute where it can be; "" for what is none.

    Args:
        value: The path.
        folder: Descriptor of the folder that it is relative to; anything else means the current one.
    """
    if type(value) is bytes:
        value = os.fsdecode(value)
    if type(value) is int:
        return _folder(value)
    if type(value) is not str:
        return ""
    return os.path.normpath(os.path.join(_folder(folder), value)) if value else ""


def _folder(descriptor, getcwd=os.getcwd, readlink=os.readlink):
    try:
        if type(descriptor) is int and descriptor >= 0:
            return readlink("/proc/self/fd/%d" % descriptor)
        return getcwd()
    except OSError:
        return ""


def _is_gone(path, lstat=os.lstat):
    try:
        lstat(path)
    except OSError:
        return True
    return False


def _is_below(path, folders):
    return any(path == folder or path.startswith(folder + os.sep) for folder in folders)


# Rules of the profile function: (builtin or None, frame) -> (kind, what) or None.


def _of_module(module, kind, what=""):
    def rule(arg, frame):
        del frame
        return (kind, what) if arg.__module__ == module else None

    return rule


def _without_time(arguments):
    """``time.localtime()`` and its like read the clock only when they are given no time."""

    def rule(arg, frame):
        code = frame.f_code.co_code
        given = code[frame.f_lasti + 1] if frame.f_lasti >= 0 else 255
        return (CLOCK, "") if arg.__module__ == "time" and given <= arguments else None

    return rule


def _now(arg, frame):
    del frame
    owner = arg.__self__
    lineage = type.__dict__["__mro__"].__get__(owner) if isinstance(owner, type) else ()
    return (CLOCK, "") if any(cls.__name__ in ("datetime", "date") for cls in lineage) else None


def _shared_random(arg, frame):
    """Random numbers from the generators that everybody shares; one that is seeded and local is no secret."""
    del frame
    shared = getattr(sys.modules.get("random"), "_inst", None)
    numpy_shared = getattr(sys.modules.get("numpy.random.mtrand"), "_rand", None)
    owner = arg.__self__
    return (RANDOM, "") if owner is not None and (owner is shared or owner is numpy_shared) else None


def _looked_at(arg, frame):
    """``os.stat`` and its like; the path is a local of the function of the standard library that calls it."""
    if arg.__module__ != "posix":
        return None
    if not frame.f_code.co_filename.startswith(_LIBRARY):
        return (FILE, "")
    found = frame.f_locals
    for name in ("path", "filename", "p", "f1", "self", "top", "src"):
        value = found.get(name)
        if type(value) in (str, bytes):
            return (FILE, _path(value))
        if value is not None and type(value).__module__.startswith("pathlib"):
            return (FILE, _path(str(value)))
    return (FILE, "")


def _printed(arg, frame):
    del arg
    code = frame.f_code
    if any(type(constant) is tuple and "file" in constant for constant in code.co_consts):
        return (OUTPUT, "") if {"stdout", "stderr"} & {*code.co_names} else None
    return (OUTPUT, "")


def _written(arg, frame):
    del frame
    owner = arg.__self__
    if owner is sys.stdout or owner is sys.stderr:
        return (OUTPUT, "")
    return (WRITE, _stream_name(owner)) if _is_file(owner) else None


def _read(arg, frame):
    del frame
    owner = arg.__self__
    if owner is sys.stdin:
        return (INPUT, "")
    return (FILE, _stream_name(owner)) if _is_file(owner) else None


def _is_file(owner):
    """Whether a stream of the ``io`` module leads to a file and not to memory."""
    for _ in range(3):
        if type(owner) is io.FileIO:
            return True
        if not issubclass(type(owner), _FILE_STREAMS):
            return False
        owner = object.__getattribute__(
            owner, "buffer" if issubclass(type(owner), io.TextIOWrapper) else "raw"
        )
    return False


def _stream_name(owner):
    try:
        return _path(object.__getattribute__(owner, "name"))
    except Exception:
        return ""


def _executed(arg, frame):
    del frame
    return (DATABASE, "") if arg.__self__ is not None and type(arg.__self__) is not types.ModuleType else None


def _sent(arg, frame):
    del frame
    names = [cls.__name__ for cls in type(arg.__self__).__mro__]
    return (NETWORK, "") if "socket" in names or "_SSLSocket" in names else None


def _context(arg, frame):
    del frame
    return (CONTEXT, "") if type(arg.__self__).__name__ == "ContextVar" else None


def _caller(arg, frame):
    del arg
    stack = _stacks.by_thread.get(_thread_of()) or [None]
    return (CALLER, "") if stack[-1] is not None and frame.f_code is stack[-1].code else None


_C_CALLS = {
    "getcwd": _of_module("posix", CWD),
    "getcwdb": _of_module("posix", CWD),
    "time": _of_module("time", CLOCK),
    "time_ns": _of_module("time", CLOCK),
    "localtime": _without_time(0),
    "gmtime": _without_time(0),
    "ctime": _without_time(0),
    "asctime": _without_time(0),
    "strftime": _without_time(1),
    "now": _now,
    "utcnow": _now,
    "today": _now,
    "urandom": _of_module("posix", RANDOM),
    "getrandom": _of_module("posix", RANDOM),
    "generate_time_safe": _of_module("_uuid", RANDOM),
    **dict.fromkeys(("random", "getrandbits"), _shared_random),
    **dict.fromkeys(("rand", "randn", "randint", "random_sample", "choice", "shuffle"), _shared_random),
    **dict.fromkeys(("normal", "uniform", "permutation", "standard_normal"), _shared_random),
    **dict.fromkeys(("stat", "lstat", "access", "readlink", "statvfs"), _looked_at),
    "setlocale": _of_module("_locale", LOCALE),
    "localeconv": _of_module("_locale", LOCALE),
    "nl_langinfo": _of_module("_locale", LOCALE),
    "getcontext": _of_module("decimal", CONTEXT),
    "get": _context,
    "_getframe": _caller,
    "print": _printed,
    "input": _of_module("builtins", INPUT),
    **dict.fromkeys(("write", "writelines"), _written),
    **dict.fromkeys(("read", "readline", "readlines", "readinto"), _read),
    **dict.fromkeys(("execute", "executemany", "executescript"), _executed),
    **dict.fromkeys(("send", "sendall", "sendto", "recv", "recv_into", "connect"), _sent),
    "start_new_thread": _of_module("_thread", THREAD),
    "start_joinable_thread": _of_module("_thread", THREAD),
    "register": _of_module("atexit", SYSTEM, "an exit handler"),
    "signal": _of_module("_signal", SYSTEM, "a signal handler"),
    "setitimer": _of_module("_signal", SYSTEM, "a timer"),
    "setrecursionlimit": _of_module("sys", SYSTEM, "the recursion limit"),
}
_codes = {}


def _variable(arg, frame):
    del arg
    name = frame.f_locals.get("key")
    return (ENVIRONMENT, name if type(name) is str else "")


def _all_variables(arg, frame):
    del arg, frame
    return (ENVIRONMENT, "")


def _logged(arg, frame):
    del arg
    name = getattr(frame.f_locals.get("self"), "name", "")
    return (LOG, name if type(name) is str else "")


def _frozen_clock(arg, frame):
    del arg, frame
    return (CLOCK, "")


def _learn():
    """Python functions of the standard library, and of a library that replaces the clock, by their code."""
    if "environ" not in _codes:
        _codes["environ"] = None
        for name, rule in (
            ("__getitem__", _variable),
            ("__iter__", _all_variables),
            ("copy", _all_variables),
        ):
            _register(vars(os._Environ).get(name), rule)
    logger = getattr(sys.modules.get("logging"), "Logger", None)
    if logger is not None and "logging" not in _codes:
        _codes["logging"] = None
        _register(vars(logger).get("handle"), _logged)
    frozen = sys.modules.get("freezegun.api")
    if frozen is not None and "freezegun" not in _codes:
        _codes["freezegun"] = None
        for owner in (frozen, getattr(frozen, "FakeDatetime", None), getattr(frozen, "FakeDate", None)):
            for name in ("fake_time", "fake_time_ns", "now", "utcnow", "today"):
                found = vars(owner).get(name) if owner is not None else None
                _register(getattr(found, "__func__", found), _frozen_clock)


def _register(function, rule):
    code = getattr(function, "__code__", None)
    if code is not None:
        _codes[id(code)] = rule
