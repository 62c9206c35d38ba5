"""What was reached in which context: a test, a shared fixture, the collecting of a file, or none of these.

Runs inside the analysed project's processes. Standard library, CPython 3.8+.
"""

from __future__ import annotations

import os
import sys
import time
from types import CodeType

from . import log
from .watch import Monitoring, Profiling

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType
    from typing import Dict, Iterable, List, Optional, Set, Tuple, Union

    from .tree import Tree

    Key = Tuple[str, int]

_frame = sys._getframe  # tests may take it away
_clock = time.thread_time
_STARTING = frozenset(
    (
        *("subprocess.Popen", "os.system", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "os.exec"),
        "pty.spawn",
    )
)
_HARMLESS = frozenset(("uname", "ldconfig", "gcc", "cc", "ld", "objdump", "lsb_release", "hostname"))
"""Programs that the standard library asks about the machine; none of them runs the project's code."""
_ASKED = frozenset(("file", "git", "hg", "lscpu", "nproc", "svn", "svnversion", "sysctl"))
"""Programs that plugins ask about the commit and the machine for what they report, between the tests."""
_SPAWNING = frozenset(
    (
        *("multiprocessing.popen_spawn_posix", "multiprocessing.popen_forkserver"),
        *("loky.backend.popen_loky_posix", "joblib.externals.loky.backend.popen_loky_posix"),
    )
)
"""Modules that are imported when a process is started in a way that no audit event tells."""
_TOLD = _STARTING | {"exec", "open", "os.listdir", "os.scandir", "sqlite3.connect"}
"""Audit events that are looked at; most are others, and programs raise many."""
_CONTEXTS = 64
"""Of so many it is written at a time what they reached: a file that has no end is of no use anyway."""
_IMPORTING = ("<frozen importlib._bootstrap_external>", os.path.join("_pytest", "assertion", "rewrite.py"))
_READING_LINES = ("linecache.py", "tokenize.py")
_BY_FOLDER = "shutil.py"
_HOOKS = "/pluggy/"
_WRITING = os.O_WRONLY
_CALLERS = 4  # of a call of open, such as pathlib's


class Seen:
    """What this process has seen so far."""

    def __init__(self, folder: str, tree: Tree) -> None:
        """Begin in the context ``SESSION``."""
        self.tree = tree
        self.log = log.ReachLog(folder)
        self.lines: List[log.Line] = [["begin", log.VERSION, sys.version, sys.prefix]]
        self.numbers: Dict[Key, int] = {}
        self.reached: Dict[int, Set[int]] = {log.SESSION: set()}
        self.modules: Dict[int, Set[int]] = {}
        self.context = log.SESSION
        self.contexts = 1
        self.importing = False  # a module may be importing now
        self.last: Optional[int] = None  # the context of the test that ran last
        self.excused = False
        self.pid = os.getpid()
        self.spent = 0.0  # CPU seconds, in what follows
        self.watch: Union[Monitoring, Profiling] = (
            Monitoring(self.reach) if sys.version_info >= (3, 12) else Profiling(self.reach, self.number_of)
        )

    def start(self) -> None:
        """See from now on; what was imported before is not known."""
        if not self.watch.start():
            self.anything("another tool is in the place of Hitrate's")
        for name, module in list(sys.modules.items()):
            filename = getattr(module, "__file__", None)
            if isinstance(filename, str) and self.tree.source(filename) is not None:
                self.anything("%s was imported before" % name)
        sys.addaudithook(self._audit)
        self.flush()

    def begin(self) -> int:
        """Begin a new context; what follows belongs to it."""
        self.gather()
        self.context = self.contexts
        self.contexts += 1
        self.reached[self.context] = set()
        self._direct()
        self.watch.again()
        return self.context

    def back_to(self, context: int) -> None:
        """Go on with an earlier context."""
        self.gather()
        self.context = context
        self._direct()

    def ended(self) -> None:
        """The test of the current context has ended."""
        last = self.context
        self.back_to(log.SESSION)
        self.last = last
        self._direct()

    def gather(self) -> None:
        """Settle what belongs to the current context."""
        began = _clock()
        if not self.watch.gather():
            self.anything("another profiler was at work")
        if self.context != log.SESSION and _is_any_imported(_SPAWNING):
            self.anything("a process was started, or may have been")
        self.importing = False
        self._direct()
        self.spent += _clock() - began

    def _direct(self) -> None:
        """From now on nobody needs to know who called, unless a module is importing or no test is running."""
        asks = self.importing or (self.context == log.SESSION and self.last is not None)
        self.watch.direct = None if asks else self.reached.setdefault(self.context, set()).add

    def anything(self, why: str) -> None:
        """What is reached in the current context besides is not known."""
        self.lines.append(["anything", self.context, why])

    def flush_much(self) -> None:
        """Write what is not written yet where that is much."""
        if len(self.reached) >= _CONTEXTS:
            self.flush()

    def flush(self) -> None:
        """Write what is not written yet."""
        began = _clock()
        lines, self.lines = self.lines, []
        for context, reached in self.reached.items():
            if reached:
                lines.append(["reached", context, sorted(reached)])
        for module, reached in self.modules.items():
            if reached:
                lines.append(["module", module, sorted(reached)])
        self.modules = {}
        self.reached = {self.context: set()}
        self._direct()
        self.log.write(lines)
        self.spent += _clock() - began

    def end(self) -> None:
        """Write the last line."""
        self.gather()
        self.watch.stop()
        self.flush()
        self.log.write([["cost", self.spent + self.watch.slowed()], ["end"]])

    def reach(self, number: int, caller: Optional[FrameType]) -> None:
        """A piece was reached, called from a frame if that is known."""
        module = None
        if self.importing and caller is not None:
            module = self._importer(caller)
            self.importing = module is not None
            self._direct()
        if module is None and self.context == log.SESSION and self._is_left_over(caller):
            self.reached.setdefault(self.last or log.SESSION, set()).add(number)
        else:
            self.reach_in(module, number)

    def _is_left_over(self, caller: Optional[FrameType]) -> bool:
        """Whether something of the last test goes on: a thread, what is freed late, a stream that it left.

        Hooks are another matter: pytest has them run between all tests.
        """
        if self.last is None or caller is None:
            return False
        frame: Optional[FrameType] = caller
        while frame is not None and self.tree.source(frame.f_code.co_filename) is not None:
            frame = frame.f_back
        return frame is None or _HOOKS not in frame.f_code.co_filename.replace(os.sep, "/")

    def number_of(self, code: CodeType) -> Optional[int]:
        """The number of a code's piece; None outside of the tree."""
        path = self.tree.source(code.co_filename)
        if path is None:
            return None
        return self.number((path, 0 if code.co_name == "<module>" else max(1, code.co_firstlineno)))

    def number(self, key: Key) -> int:
        """The number of a piece."""
        number = self.numbers.get(key)
        if number is None:
            number = self.numbers[key] = len(self.numbers)
            self.lines.append(["piece", number, key[0], key[1]])
        return number

    def _importer(self, frame: Optional[FrameType]) -> Optional[int]:
        """The innermost module of the tree that is being imported."""
        while frame is not None:
            code = frame.f_code
            if code.co_name == "<module>":
                number = self.number_of(code)
                if number is not None:
                    return number
            frame = frame.f_back
        return None

    def _audit(self, event: str, arguments: Tuple[object, ...]) -> None:
        if event not in _TOLD:
            return
        if event == "exec":
            if isinstance(arguments[0], CodeType) and os.getpid() == self.pid:
                self._executed(arguments[0], _frame(1))
        elif event == "open":
            self._opened(arguments, _frame(1))
        elif event in ("os.listdir", "os.scandir"):
            if not _frame(1).f_code.co_filename.startswith("<frozen importlib"):
                self._listed(arguments[0])
        elif event == "sqlite3.connect":
            self._data(arguments[0])
        else:
            self._started(arguments)

    def _executed(self, code: CodeType, frame: FrameType) -> None:
        """A module is about to be imported."""
        number = self.number_of(code)
        if number is None or code.co_name != "<module>":
            return
        self._add(code)
        outer = self._importer(frame)
        if outer is None:
            self.gather()
        self.reach_in(outer, number)
        self.importing = True
        self._direct()
        self.watch.importing(code)

    def reach_in(self, module: Optional[int], number: int) -> None:
        """A piece was reached by what imports ``module``; None: by no import."""
        if module is None:
            self.reached.setdefault(self.context, set()).add(number)
        else:
            self.modules.setdefault(module, set()).add(number)

    def _add(self, code: CodeType) -> None:
        number = self.number_of(code)
        if number is not None:
            self.watch.add(code, number)
            for constant in code.co_consts:
                if type(constant) is CodeType:
                    self._add(constant)

    def _opened(self, arguments: Tuple[object, ...], frame: Optional[FrameType]) -> None:
        name, mode, flags = (*arguments, None, None, None)[:3]
        if type(name) is int or (mode is None and isinstance(flags, int) and flags & _WRITING):
            return
        if isinstance(mode, str) and mode[:1] in "wax" and "+" not in mode:
            return
        if mode is None and frame is not None and frame.f_code.co_filename.endswith(_BY_FOLDER):
            return  # a name in an open folder, which the event does not tell
        if frame is None or not (_is_source(name) and _is_import(frame)):
            self._data(name)

    def _data(self, name: object) -> None:
        path = self.tree.inside(name)
        if path is None or os.getpid() != self.pid:
            return
        if self.context != log.SESSION or not path.endswith(".py"):  # coverage tools read all at the end
            self._file((path, log.OPENED))

    def _listed(self, name: object) -> None:
        path = self.tree.inside("." if name is None else name)
        if path is not None and self.context != log.SESSION and os.getpid() == self.pid:
            self._file((path, log.LISTED))

    def _file(self, key: Key) -> None:
        number = self.number(key)
        module = self._importer(_frame(1)) if self.importing else None
        self.reach_in(module, number)

    def _started(self, arguments: Tuple[object, ...]) -> None:
        """Another process is started: what it reaches is not known."""
        if self.excused or os.getpid() != self.pid:
            return
        program = arguments[0] if arguments else ""
        name: Union[str, bytes] = program if isinstance(program, (str, bytes)) else ""
        name = os.path.basename(os.fsdecode(name))
        asked = name in _ASKED and self.context == log.SESSION and not self._is_of_tree(_frame(1))
        if name not in _HARMLESS and not asked:
            self.anything("it started a process")

    def _is_of_tree(self, frame: Optional[FrameType]) -> bool:
        """Whether code of the tree is running: a plugin's answer stays with the plugin."""
        while frame is not None:
            if self.tree.source(frame.f_code.co_filename) is not None:
                return True
            frame = frame.f_back
        return False


def _is_any_imported(names: Iterable[str]) -> bool:
    """Whether one of these modules is there; there are far more others, which are not looked at."""
    modules = sys.modules
    return any(name in modules for name in names)


def _is_source(name: object) -> bool:
    """Whether a file may be opened to be imported."""
    return isinstance(name, (str, bytes)) and os.fsdecode(name).endswith((".py", ".pyc"))


def _is_import(frame: FrameType) -> bool:
    """Whether a file is opened to be imported, or for its lines; not by what is being imported itself."""
    here: Optional[FrameType] = frame
    for _ in range(_CALLERS):
        if here is None or here.f_code.co_name == "<module>":
            return False
        filename = here.f_code.co_filename
        if filename.endswith(_IMPORTING) or filename.endswith(_READING_LINES):
            return True
        here = here.f_back
    return False
