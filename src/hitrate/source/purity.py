"""What a function's source alone suggests: hidden inputs, effects, results that cannot be shared.

Source explains and warns; it proves nothing about a run. What is :data:`STRONG` is a doubt even if no watched
call reached it, for no test can show that it does not matter: the current directory, the clock, random
numbers, results that can be used only once, what other methods put into self. Anything else is only named.
"""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property

from hitrate.source.doubt import Doubt, Grounds, Topic
from hitrate.source.eligibility import own_nodes
from hitrate.source.names import Bindings, Dotted, written
from hitrate.source.syntax import walk

CALLS_DEEP = 6
_MEMO_NAME = re.compile(r"cache|memo(?!r)|lazy", re.IGNORECASE)

Def = ast.FunctionDef | ast.AsyncFunctionDef


STRONG = frozenset({Topic.CWD, Topic.CLOCK, Topic.RANDOM, Topic.ONE_SHOT, Topic.GROWN})


_READS = {
    Topic.CWD: (
        "os.getcwd os.getcwdb os.path.abspath os.path.realpath os.path.relpath pathlib.Path.cwd "
        "pathlib.Path.absolute pathlib.Path.resolve"
    ),
    Topic.CLOCK: (
        "time.time time.time_ns time.localtime time.gmtime time.ctime datetime.datetime.now "
        "datetime.datetime.utcnow datetime.datetime.today datetime.date.today django.utils.timezone.now"
    ),
    Topic.RANDOM: (
        "random.random random.randint random.randrange random.choice random.choices random.sample "
        "random.gauss random.shuffle random.uniform random.getrandbits os.urandom uuid.uuid1 uuid.uuid4 "
        "secrets.token_hex secrets.token_bytes secrets.token_urlsafe secrets.choice secrets.randbelow "
        "random.triangular random.betavariate random.expovariate random.normalvariate random.randbytes "
        "os.getrandom secrets.randbits random.SystemRandom secrets.SystemRandom "
        "numpy.random.rand numpy.random.randn numpy.random.randint numpy.random.random numpy.random.choice "
        "numpy.random.random_sample numpy.random.normal numpy.random.uniform numpy.random.permutation "
        "numpy.random.shuffle numpy.random.standard_normal numpy.random.poisson numpy.random.binomial "
        "numpy.random.exponential numpy.random.beta numpy.random.gamma numpy.random.bytes "
        "torch.rand torch.randn torch.randint torch.randperm torch.normal torch.bernoulli torch.multinomial "
        "torch.rand_like torch.randn_like torch.nn.functional.dropout "
        "tensorflow.random.normal tensorflow.random.uniform"
    ),
    Topic.ENVIRONMENT: "os.getenv os.environ os.path.expanduser os.path.expandvars pathlib.Path.home",
    Topic.FILE: (
        "open io.open os.listdir os.scandir os.walk os.stat os.path.exists os.path.isfile os.path.isdir "
        "os.path.getmtime os.path.getsize glob.glob glob.iglob importlib.metadata.version"
    ),
    Topic.LOCALE: "locale.getlocale locale.localeconv locale.setlocale gettext.gettext locale.strxfrm",
    Topic.OUTPUT: "print logging.debug logging.info logging.warning logging.error warnings.warn",
}
_TOPICS = {name: topic for topic, names in _READS.items() for name in names.split()}
# With an argument these read no clock.
_GIVEN_A_TIME = frozenset({"time.localtime", "time.gmtime", "time.ctime"})
_PATH_METHODS = frozenset({"cwd", "absolute", "resolve", "home"})
_ONE_SHOT = {
    "iter": "an iterator",
    "map": "an iterator",
    "filter": "an iterator",
    "zip": "an iterator",
    "reversed": "an iterator",
    "enumerate": "an iterator",
    "open": "an open file",
}
_SHARED = (ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp)
_MAKES_SHARED = {"list": "list", "dict": "dict", "set": "set", "sorted": "list", "bytearray": "bytearray"}
_CHANGING = frozenset(
    {
        *("append", "appendleft", "extend", "insert", "add", "update", "setdefault", "sort", "reverse"),
        *("remove", "discard", "pop", "popleft", "popitem", "clear", "difference_update"),
    }
)
_WANT_FUNCTIONS = ("click.", "typer.", "celery.", "beartype.", "typeguard.", "pydantic.validate", "flask.")


def suspicions(function: Def, scene: "Scene") -> tuple[Doubt, ...]:
    """What the source of a function, and of what it calls in its own module, suggests; each text once.

    Args:
        function: The function, a node of the scene's module.
        scene: Its whole module.
    """
    found = [*_own(function, scene)]
    for callee, via in scene.callees(function):
        found += [replace(each, via=via) for each in scene.reads(callee) if each.topic is not Topic.OUTPUT]
    return tuple({replace(each, place=""): each for each in found}.values())


def doubts(found: Iterable[Doubt]) -> tuple[Doubt, ...]:
    """Why a cache cannot be recommended whatever the tests show."""
    return tuple(each for each in found if each.topic in STRONG)


def warnings(found: Iterable[Doubt]) -> tuple[Doubt, ...]:
    """What is only worth knowing."""
    return tuple(each for each in found if each.topic not in STRONG)


def _suspect(topic: Topic, line: int, *names: str, by: str = "") -> Doubt:
    return Doubt(topic, Grounds.STATIC, names, f"line {line}", by=by)


def _returned(nodes: Iterable[ast.AST]) -> Iterator[ast.expr]:
    for node in nodes:
        if isinstance(node, ast.Return) and node.value is not None:
            yield node.value


def _own(function: Def, scene: "Scene") -> Iterator[Doubt]:
    yield from scene.reads(function)
    yield from _globals(function, scene)
    yield from _state(function, scene)
    yield from _results(scene.nodes(function))
    for decorator in function.decorator_list:
        name = scene.names.dotted(decorator)
        if name.startswith(_WANT_FUNCTIONS):
            yield _suspect(Topic.DECORATOR, decorator.lineno, name)


class Scene:
    """A module, as far as it matters to its functions; worth keeping while several of them are looked at."""

    def __init__(self, module: ast.Module) -> None:
        self.module = module
        self.names = Bindings()
        self._known_calls: dict[Def, Sequence[tuple[str, Def]]] = {}
        self._known_reads: dict[Def, Sequence[Doubt]] = {}
        self._known_changes: dict[Def, Sequence[str]] = {}
        self._known_nodes: dict[Def, Sequence[ast.AST]] = {}
        self._known_attributes: dict[tuple[Def, type[ast.expr_context]], Mapping[str, int]] = {}
        self.all = walk(module)
        for node in self.all:
            if isinstance(node, ast.Import | ast.ImportFrom):
                self.names.bind_import(node)

    @cached_property
    def functions(self) -> Mapping[str, Def]:
        """Functions of the module by name, methods by ``Class.name``."""
        found: dict[str, Def] = {}
        for node in self.module.body:
            for inner in walk(node) if isinstance(node, ast.If | ast.Try) else (node,):
                if isinstance(inner, Def):
                    found[inner.name] = inner
                elif isinstance(inner, ast.ClassDef):
                    found |= {
                        f"{inner.name}.{each.name}": each for each in inner.body if isinstance(each, Def)
                    }
        return found

    def nodes(self, function: Def) -> Sequence[ast.AST]:
        """Nodes of a function's own body."""
        if function not in self._known_nodes:
            self._known_nodes[function] = own_nodes(function)
        return self._known_nodes[function]

    def attributes(self, method: Def, context: type[ast.expr_context]) -> Mapping[str, int]:
        """Attributes of ``self`` that a method reads or sets, with the line."""
        if (method, context) not in self._known_attributes:
            self._known_attributes[method, context] = _own_attributes(self.nodes(method), context)
        return self._known_attributes[method, context]

    def changed_in_place(self, method: Def) -> Sequence[str]:
        """Attributes of ``self`` whose items a method changes."""
        if method not in self._known_changes:
            self._known_changes[method] = tuple(_changed_in_place(self.nodes(method)))
        return self._known_changes[method]

    @cached_property
    def owners(self) -> Mapping[ast.AST, ast.ClassDef]:
        """The class that each method stands in."""
        classes = [node for node in self.all if isinstance(node, ast.ClassDef)]
        return {each: owner for owner in classes for each in owner.body if isinstance(each, Def)}

    def callees(self, function: Def) -> Iterator[tuple[Def, str]]:
        """Functions of the module that it calls, directly or not, and the name by which it reaches them."""
        seen: set[ast.AST] = {function}
        pending = [(function, "", 0)]
        while pending:
            caller, via, depth = pending.pop()
            for name, callee in self._called(caller):
                if callee not in seen and depth < CALLS_DEEP:
                    seen.add(callee)
                    yield callee, via or name
                    pending.append((callee, via or name, depth + 1))

    def _called(self, function: Def) -> Sequence[tuple[str, Def]]:
        if function not in self._known_calls:
            self._known_calls[function] = tuple(self._calls(function))
        return self._known_calls[function]

    def _calls(self, function: Def) -> Iterator[tuple[str, Def]]:
        owner = self.owners.get(function)
        for node in walk(function):
            if not isinstance(node, ast.Call):
                continue
            name = written(node.func) if isinstance(node.func, ast.Name | ast.Attribute) else ""
            head, _, rest = name.partition(".")
            if owner is not None and head in ("self", "cls"):
                name = f"{owner.name}.{rest}"
            callee = self.functions.get(name)
            if callee is not None:
                yield name, callee

    def reads(self, function: Def) -> Sequence[Doubt]:
        """Calls and names of the function's body that reach outside."""
        if function not in self._known_reads:
            self._known_reads[function] = tuple(self._reads(function))
        return self._known_reads[function]

    def _reads(self, function: Def) -> Iterator[Doubt]:
        for node in self.nodes(function):
            if not isinstance(node, ast.Call | ast.Attribute):
                continue
            name = self._outside(node)
            topic = _TOPICS.get(name)
            if topic is not None:
                yield _suspect(topic, node.lineno, name)

    def _outside(self, node: ast.Call | ast.Attribute) -> str:
        """The dotted name of what a node calls or reads outside of the module, "" if it does not."""
        if isinstance(node, ast.Attribute):
            return "os.environ" if self.names.meaning(node) == Dotted("os.environ") else ""
        name = self._path_method(node.func) or self.names.dotted(node)
        return "" if name in _GIVEN_A_TIME and node.args else name

    def _path_method(self, callee: ast.expr) -> str:
        """``pathlib.Path.resolve`` for ``Path(x).resolve``; what ``x`` is in ``x.resolve`` is not known."""
        if not isinstance(callee, ast.Attribute) or callee.attr not in _PATH_METHODS:
            return ""
        value = callee.value
        if isinstance(value, ast.Call) and self.names.dotted(value) == "pathlib.Path":
            return f"pathlib.Path.{callee.attr}"
        return ""

    @cached_property
    def changed_globals(self) -> Mapping[str, str]:
        """Globals that a function of the module rebinds or changes in place, and one such function."""
        tops = {name for node in self.module.body for name in _bound(node)}
        found: dict[str, str] = {}
        for node in self.all:
            if isinstance(node, Def):
                for name in _changed(self.nodes(node)):
                    if name in tops:
                        found.setdefault(name, node.name)
        return found


def _globals(function: Def, scene: Scene) -> Iterator[Doubt]:
    """Globals that it reads and that another function changes."""
    own = set(_changed(scene.nodes(function)))
    local = {argument.arg for argument in walk(function.args) if isinstance(argument, ast.arg)}
    for node in scene.nodes(function):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id not in own | local:
            changer = scene.changed_globals.get(node.id)
            if changer is not None:
                yield _suspect(Topic.GLOBAL, node.lineno, node.id, by=changer)


def _state(function: Def, scene: Scene) -> Iterator[Doubt]:
    """Attributes of ``self`` that it reads and that other methods set."""
    owner = scene.owners.get(function)
    if owner is None or not function.args.args or function.args.args[0].arg != "self":
        return
    setters: dict[str, str] = {}
    changers: dict[str, str] = {}
    for method in owner.body:
        if isinstance(method, Def) and method is not function and method.name not in ("__init__", "__new__"):
            setters |= dict.fromkeys(scene.attributes(method, ast.Store), method.name)
            # A private method may be a step of ``__init__``.
            if not method.name.startswith("_") or method.name.endswith("__"):
                changers |= dict.fromkeys(scene.changed_in_place(method), method.name)
    for name, line in scene.attributes(function, ast.Load).items():
        if name in changers and not _MEMO_NAME.search(name) and _is_told_by_identity(owner):
            yield _suspect(Topic.GROWN, line, f"self.{name}", by=changers[name])
        elif name in setters:
            yield _suspect(Topic.STATE, line, f"self.{name}", by=setters[name])


def _changed_in_place(nodes: Iterable[ast.AST]) -> Iterator[str]:
    """Attributes of ``self`` whose items the nodes of a method change."""
    for node in nodes:
        match node:
            case ast.Subscript(value=ast.Attribute(value=ast.Name(id="self"), attr=name)) if not isinstance(
                node.ctx, ast.Load
            ):
                yield name
            case ast.Call(
                func=ast.Attribute(value=ast.Attribute(value=ast.Name(id="self"), attr=name), attr=changing)
            ) if changing in _CHANGING:
                yield name


def _is_told_by_identity(owner: ast.ClassDef) -> bool:
    """Whether a class is not seen to say when two of its instances are equal."""
    defined = {each.name for each in owner.body if isinstance(each, Def)}
    return "__hash__" not in defined and not owner.decorator_list


def _results(nodes: Iterable[ast.AST]) -> Iterator[Doubt]:
    for value in _returned(nodes):
        kind, shared = _one_shot_value(value), _shared_value(value)
        if kind is not None:
            yield _suspect(Topic.ONE_SHOT, value.lineno, kind)
        elif shared is not None:
            yield _suspect(Topic.SHARED, value.lineno, f"a {shared}")


def _one_shot_value(value: ast.expr) -> str | None:
    if isinstance(value, ast.GeneratorExp):
        return "a generator"
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Name):
        return _ONE_SHOT.get(value.func.id)
    return None


def _shared_value(value: ast.expr) -> str | None:
    if isinstance(value, _SHARED):
        return type(value).__name__.removesuffix("Comp").lower()
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Name):
        return _MAKES_SHARED.get(value.func.id)
    return None


def _own_attributes(nodes: Iterable[ast.AST], context: type[ast.expr_context]) -> dict[str, int]:
    """Attributes of ``self`` that the nodes of a method read or set, with the line."""
    found: dict[str, int] = {}
    for node in nodes:
        match node:
            case ast.Attribute(value=ast.Name(id="self"), attr=name) if isinstance(node.ctx, context):
                found.setdefault(name, node.lineno)
    return found


def _bound(statement: ast.stmt) -> Iterator[str]:
    """Names that an assignment at the top of the module binds."""
    match statement:
        case ast.Assign(targets=targets):
            yield from (target.id for target in targets if isinstance(target, ast.Name))
        case ast.AnnAssign(target=ast.Name(id=name)) | ast.AugAssign(target=ast.Name(id=name)):
            yield name


def _changed(nodes: Sequence[ast.AST]) -> Iterator[str]:
    """Names outside of the function that it rebinds (``global``) or whose value it changes in place."""
    declared = {name for node in nodes if isinstance(node, ast.Global) for name in node.names}
    for node in nodes:
        match node:
            case ast.Name(id=name, ctx=ast.Store()) if name in declared:
                yield name
            case ast.Subscript(value=ast.Name(id=name), ctx=ast.Store() | ast.Del()):
                yield name
            case ast.Attribute(value=ast.Name(id=name), ctx=ast.Store()) if name not in ("self", "cls"):
                yield name
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=method)) if method in _CHANGING:
                yield name
