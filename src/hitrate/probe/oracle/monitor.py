"""Watches what one call does besides returning: what it reads that is no argument, what it changes elsewhere.

Runs inside the analysed project's processes. Standard library, CPython 3.8+.

Two sources are joined while a watched call runs. A profile function sees every call in the thread, so also
the reads that raise no audit event (``os.getcwd``, ``os.stat``, the clock, random numbers, the environment,
output streams, logging); an audit hook sees paths and modes of files, processes and sockets. What the import
system, ``logging``, ``warnings`` and ``linecache`` do on their own behalf is not the call's doing and is left
out.
"""

from __future__ import annotations

import _thread
import contextlib
import os
import stat
import sys
import types
import zlib

from . import rules, sightings
from .meaning import coderules
from .meaning.workers import Workers
from .nodes import id_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType
    from typing import Callable, Iterator, Mapping, Optional, Tuple

EVENTS, FRAMES = sightings.EVENTS, sightings.FRAMES
SLACK = 32

_WRITE_FLAGS = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_PROBE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
# Functions and methods written in C; since CPython 3.9 there are two types of them.
_BUILTIN = types.BuiltinFunctionType
_METHOD: type[types.BuiltinFunctionType] = type(zlib.compressobj().compress)  # type: ignore[assignment]
_STDLIB = rules.STDLIB
_LOGGING = os.path.join(_STDLIB, "logging", "")
_WARNINGS = (os.path.join(_STDLIB, "warnings.py"), os.path.join(_STDLIB, "_py_warnings.py"))
# Modules in whose frames something is done that their caller asked for, by its kind.
_GO_BETWEENS = {
    rules.LOG: (_LOGGING,),
    rules.EQUIPPED: (_LOGGING,),
    rules.WARNING: _WARNINGS,
    rules.CALLER: (os.path.join(_STDLIB, "inspect.py"),),
}
# Modules that look at files, the clock and the environment on their own behalf.
_INNOCENT = (
    "<frozen importlib",
    "<frozen zipimport",
    os.path.join(_STDLIB, "importlib", "_bootstrap"),
    _LOGGING,
    os.path.join(_STDLIB, "_bootlocale.py"),
    os.path.join(_STDLIB, "linecache.py"),
    *_WARNINGS,
    os.path.join(_STDLIB, "traceback.py"),
    os.path.join(_STDLIB, "tokenize.py"),
    os.path.join(_STDLIB, "_strptime.py"),
)
CONSTANT_PLACES = tuple(
    os.path.join(place, "")
    for place in {sys.prefix, sys.base_prefix, _STDLIB, "/usr/share/zoneinfo", "/usr/share/locale", "/dev"}
)

_MEANINGS = {
    rules.SYSTEM: "os.chdir os.putenv os.unsetenv",
    rules.PROCESS: """os.kill os.killpg os.system os.exec os.fork os.forkpty os.posix_spawn os.spawn
        subprocess.Popen webbrowser.open""",
    rules.WRITE: """os.rename os.remove os.rmdir os.mkdir os.link os.symlink os.chmod os.chown os.truncate
        os.utime os.setxattr os.removexattr tempfile.mkstemp tempfile.mkdtemp shutil.copyfile shutil.copymode
        shutil.copystat shutil.copytree shutil.move shutil.rmtree shutil.chown shutil.make_archive
        shutil.unpack_archive""",
    rules.NETWORK: """socket.connect socket.bind socket.sendto socket.sendmsg socket.getaddrinfo
        socket.gethostbyname urllib.Request http.client.connect smtplib.connect ftplib.connect""",
    rules.CONNECTED: "sqlite3.connect/handle",
    rules.DATABASE: "sqlite3.connect",
    rules.FILE: "os.listdir os.scandir open",
}
_AUDITED = {event: kind for kind, events in _MEANINGS.items() for event in events.split()}
_CREATING = frozenset({"os.mkdir", "tempfile.mkstemp", "tempfile.mkdtemp", "os.symlink", "os.link"})
_IN_MEMORY = (":memory:", "", b":memory:", b"")
# Without a lookup that would decode, or be seen as a read of the environment.
_VARIABLES: Mapping[object, object] = vars(os.environ).get("_data", os.environ)
_TO_SECOND = frozenset({"os.symlink", "os.link", "shutil.copyfile", "shutil.copytree", "shutil.move"})


class _Stacks:
    """The watches under way, innermost last, by thread."""

    def __init__(self) -> None:
        self.by_thread: dict[int, list[sightings.Sightings]] = {}
        self.hooked = False
        self.limit = 0

    def make_room(self) -> None:
        """Let the profile function work at the bottom of a deep recursion too."""
        if not self.by_thread:
            self.limit = sys.getrecursionlimit() + SLACK
            sys.setrecursionlimit(self.limit)

    def give_back(self) -> None:
        """Undo that, unless the limit was set otherwise meanwhile."""
        if not self.by_thread and sys.getrecursionlimit() == self.limit:
            with contextlib.suppress(RecursionError):  # too deep for it at this moment
                sys.setrecursionlimit(self.limit - SLACK)


_stacks = _Stacks()
_thread_of = _thread.get_ident


def begin(code: types.CodeType, constants: tuple[str, ...]) -> Optional[sightings.Sightings]:
    """Watch what the current thread does until ``end``; None when another profiler is at work.

    Args:
        code: The code object of the function that is called.
        constants: Folders, each ending with a separator, whose files never change.
    """
    current = sys.getprofile()
    if current is not None and current is not _profile:
        return None
    coderules.learn()
    if not _stacks.hooked:
        _stacks.hooked = True
        sys.addaudithook(_audit)
    watch = sightings.Sightings(code, constants)
    _stacks.make_room()
    _stacks.by_thread.setdefault(_thread_of(), []).append(watch)
    if current is None:
        sys.setprofile(_profile)
    return watch


def end(watch: sightings.Sightings) -> None:
    """Stop watching, whatever has become of watches begun later in this thread."""
    thread = _thread_of()
    stack = _stacks.by_thread.get(thread, [])
    if watch in stack:
        del stack[stack.index(watch) :]
    _workers.let_go(watch)
    if stack:
        stack[-1].codes.update(watch.codes)
    if not stack:
        _stacks.by_thread.pop(thread, None)
        _stacks.give_back()
        if sys.getprofile() is _profile:
            sys.setprofile(None)


def _profile(frame: FrameType, event: str, arg: object) -> None:
    """The profile function: must be fast, must not raise."""
    if event == "c_call":
        rule = None
        if type(arg) is _BUILTIN or type(arg) is _METHOD:
            rule = rules.C_CALLS.get(arg.__name__)
        if rule is not None:
            _note(frame, rule, arg, frame)
    elif event == "call":
        code_rule = coderules.CODES.get(id_of(frame.f_code))
        if code_rule is not None:
            _note(frame, code_rule, frame)
        stack = _stacks.by_thread.get(_thread_of())
        if stack:
            watch = stack[-1]
            watch.left -= 1
            code, codes = frame.f_code, watch.codes
            if id_of(code) not in codes and len(codes) < sightings.CODES:
                codes[id_of(code)] = code, frame.f_globals
            if code is watch.code:
                watch.nested -= 1
            if watch.left < 0 or watch.nested < 0:
                watch.partial = True
                sys.setprofile(None)
        else:
            sys.setprofile(None)  # a worker's call has ended, and it goes on


_workers = Workers(_stacks.by_thread, _profile)


def _note(frame: FrameType, rule: Callable[..., rules.Finding], *told: object) -> None:
    try:
        found = rule(*told)
        if found is not None:
            _sighted(found[0], found[1], frame)
    except Exception:  # noqa: S110 - an observer never disturbs what it observes
        pass


def _sighted(kind: str, what: object, frame: FrameType, step: str = "") -> None:
    watches = [*_watches(kind, frame)]
    for watch in watches:
        watch.note(kind, what, frame, step)
    if kind == rules.STARTED and watches and what is not None:
        _workers.expect(what, watches)


def _watches(kind: str, frame: FrameType) -> Iterator[sightings.Sightings]:
    """The watches under way in this thread whose function does what is done in a frame."""
    stack = _stacks.by_thread.get(_thread_of())
    if not stack:
        return
    asker = rules.outside(frame, _GO_BETWEENS[kind]) if kind in _GO_BETWEENS else frame
    if asker is None:
        return
    if kind == rules.WARNING and sightings.is_library(asker.f_code.co_filename):
        return  # of a library about itself: no word of the project to its users
    for watch in stack:
        if kind == rules.CALLER and asker.f_code is not watch.code:
            continue
        if _is_its_doing(asker, watch.code):
            yield watch


def _is_its_doing(frame: Optional[FrameType], code: types.CodeType) -> bool:
    """Whether the watched function is at work here, and not machinery that acts on its own behalf.

    In a thread that switches between greenlets, other work may go on while the function waits.
    """
    if frame is not None and frame.f_code.co_filename.startswith(_PROBE):
        return False
    for _ in range(FRAMES):
        if frame is None or frame.f_code.co_filename.startswith(_INNOCENT):
            return False
        if frame.f_code is code:
            return True
        frame = frame.f_back
        if frame is None and _thread_of() in _workers.threads:
            return True
    return True


def _audit(event: str, args: Tuple[object, ...]) -> None:
    """The audit hook: most events are none of its business."""
    if event in _AUDITED and _thread_of() in _stacks.by_thread:
        try:
            _audited(event, args, sys._getframe(1))
        except Exception:  # noqa: S110 - an observer never disturbs what it observes
            pass


def _audited(event: str, args: Tuple[object, ...], frame: FrameType) -> None:
    kind = _AUDITED[event]
    if event == "open":
        _opened(args, frame)
    elif kind == rules.SYSTEM:
        _turned(event, args, frame)
    elif kind == rules.WRITE:
        step = sightings.CREATED if event in _CREATING else ""
        path = args[1] if event in _TO_SECOND and len(args) > 1 else args[0]
        _sighted(kind, rules.path_of(path, args[-1]), frame, step)
    elif kind == rules.CONNECTED:
        _sighted(kind, args[0], frame)
    elif event != "sqlite3.connect" or args[0] not in _IN_MEMORY:
        what = args[0] if args and kind in (rules.FILE, rules.PROCESS, rules.DATABASE) else ""
        _sighted(kind, rules.path_of(what), frame)


def _turned(event: str, args: Tuple[object, ...], frame: FrameType) -> None:
    """The current directory, or an environment variable."""
    if event == "os.chdir":
        _turn("the current directory", lambda: rules.path_of("."), frame)
    else:
        name = args[0] if type(args[0]) is bytes else os.fsencode(str(args[0]))
        _turn("environment variable %s" % os.fsdecode(name), lambda: _VARIABLES.get(name), frame)


def _turn(what: str, read: Callable[[], object], frame: FrameType) -> None:
    for watch in _watches(rules.SYSTEM, frame):
        watch.turn(what, read, frame)


def _opened(args: Tuple[object, ...], frame: FrameType) -> None:
    path, mode, flags = args
    name = rules.path_of(path)
    found = _mode_of(name)
    if name == os.devnull or (found is None and _is_for_error_text(mode, flags)):
        return
    if found is not None and stat.S_ISDIR(found):  # tempfile opens the folder that its file is made in
        return
    writes = any(letter in mode for letter in "wax+") if type(mode) is str else _writes(flags)
    if writes:
        _sighted(rules.WRITE, name, frame, sightings.CREATED)
    else:
        _sighted(rules.FILE, name, frame)


def _writes(flags: object) -> bool:
    """Whether a file is opened to be changed."""
    return type(flags) is int and bool(flags & _WRITE_FLAGS)


def _is_for_error_text(mode: object, flags: object) -> bool:
    """Whether the interpreter itself looks for the line of a syntax error, which no flags tell.

    It asks for whatever name the code was compiled under: ``<unknown>``, that of a template.
    """
    return mode == "rb" and flags == 0


def _mode_of(path: str, stat_: Callable[[str], os.stat_result] = os.stat) -> Optional[int]:
    """Type and permissions of what is there; None where nothing is."""
    try:
        return stat_(path).st_mode
    except (OSError, ValueError):
        return None


def constant_places(function: types.FunctionType) -> Tuple[str, ...]:
    """Folders whose files come with the code: the function's own top-level package, and the interpreter's."""
    package = function.__globals__.get("__package__")
    places = CONSTANT_PLACES
    if type(package) is not str or not package:
        return places
    folder = os.path.dirname(os.path.abspath(function.__code__.co_filename))
    for _ in range(package.count(".")):
        folder = os.path.dirname(folder)
    return (os.path.join(folder, ""), *places)
