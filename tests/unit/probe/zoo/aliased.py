"""What a cache would share is changed by one of its receivers, or can be used only once."""

import collections
import dataclasses
import functools
import io
import random
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree

from hitrate.vocabulary import HazardKind
from tests.unit.probe.zoo import Keeper, specimen

aliased = specimen(HazardKind.ALIASED)


@aliased
def list_appended(keeper: Keeper) -> None:
    parts = keeper.observe(lambda text: text.split())
    parts("a b").append("c")
    parts("a b")


@aliased
def list_sorted_in_place(keeper: Keeper) -> None:
    parts = keeper.observe(lambda text: text.split())
    parts("b a").sort()
    parts("b a")


@aliased
def list_emptied(keeper: Keeper) -> None:
    queue = keeper.observe(lambda size: list(range(size)))
    todo = queue(3)
    while todo:
        todo.pop()
    queue(3)


@aliased
def dict_key_added(keeper: Keeper) -> None:
    environment = keeper.observe(lambda: {"os_name": "posix"})
    environment()["extra"] = ""
    environment()


@aliased
def dict_updated_much_later(keeper: Keeper) -> None:
    options = keeper.observe(lambda name: {"name": name})
    for _ in range(8):
        options("a")
    options("a").update(verbose=True)
    for number in range(4):
        keeper.test(f"test_{number}")
        options("a")


@aliased
def dict_popped(keeper: Keeper) -> None:
    options = keeper.observe(lambda name: {"name": name, "x": 1})
    for _ in range(2):
        options("a").pop("x")


@aliased
def default_dict_that_grows_when_read(keeper: Keeper) -> None:
    groups = keeper.observe(lambda words: collections.defaultdict(list, {word: [word] for word in words}))
    groups(("a",))["b"]
    groups(("a",))


@aliased
def set_discarded(keeper: Keeper) -> None:
    names = keeper.observe(lambda text: set(text))
    names("ab").discard("a")
    names("ab")


@aliased
def bytearray_extended(keeper: Keeper) -> None:
    frame = keeper.observe(lambda size: bytearray(size))
    frame(2).extend(b"x")
    frame(2)


@aliased
def deque_popped(keeper: Keeper) -> None:
    queue = keeper.observe(lambda size: collections.deque(range(size)))
    queue(3).popleft()
    queue(3)


@aliased
def nested_list_in_a_tuple(keeper: Keeper) -> None:
    pair = keeper.observe(lambda name: (name, []))
    pair("a")[1].append(1)
    pair("a")


@aliased
def attribute_set(keeper: Keeper) -> None:
    class Options:
        def __init__(self, name: str) -> None:
            self.name, self.verbose = name, False

    make = keeper.observe(lambda name: Options(name))
    make("a").verbose = True
    make("a")


@aliased
def attribute_added(keeper: Keeper) -> None:
    make = keeper.observe(lambda name: SimpleNamespace(name=name))
    make("a").extra = 1
    make("a")


@aliased
def dataclass_field(keeper: Keeper) -> None:
    @dataclasses.dataclass
    class Token:
        text: str
        tags: list[str] = dataclasses.field(default_factory=list)

    token = keeper.observe(lambda text: Token(text))
    token("a").tags.append("noun")
    token("a")


@aliased
def slot_set(keeper: Keeper) -> None:
    class Cell:
        __slots__ = ("value",)

        def __init__(self) -> None:
            self.value = 0

    cell = keeper.observe(lambda name: Cell())
    cell("a").value += 1
    cell("a")


@aliased
def changed_through_a_method(keeper: Keeper) -> None:
    class Stack:
        def __init__(self) -> None:
            self._items: list[int] = []

        def push(self, item: int) -> None:
            self._items.append(item)

    stack = keeper.observe(lambda name: Stack())
    stack("a").push(1)
    stack("a")


@aliased
def linked_into_a_tree(keeper: Keeper) -> None:
    class Node:
        def __init__(self, name: str) -> None:
            self.name, self._parent, self.children = name, None, []

        def add(self, child: "Node") -> None:
            child._parent = self
            self.children.append(child)

    make = keeper.observe(lambda name: Node(name))
    root = Node("root")
    root.add(make("a"))
    root.add(make("a"))


@aliased
def counter_updated(keeper: Keeper) -> None:
    count = keeper.observe(lambda text: collections.Counter(text))
    count("ab").update("a")
    count("ab")


@aliased
def dict_subclass(keeper: Keeper) -> None:
    class Record(dict[str, int]):
        pass

    record = keeper.observe(lambda name: Record({name: 1}))
    record("a")["b"] = 2
    record("a")


@aliased
def changed_by_the_second_receiver(keeper: Keeper) -> None:
    parts = keeper.observe(lambda text: text.split())
    parts("a b")
    parts("a b").append("c")
    parts("a b")


@aliased
def changed_after_the_last_call(keeper: Keeper) -> None:
    parts = keeper.observe(lambda text: text.split())
    parts("a b")
    parts("a b").append("c")


@aliased
def generator(keeper: Keeper) -> None:
    numbers = keeper.observe(lambda most: (number for number in range(most)))
    assert [*numbers(3)] == [*numbers(3)]


@aliased
def map_object(keeper: Keeper) -> None:
    numbers = keeper.observe(lambda text: map(int, text.split()))
    assert [*numbers("1 2")] == [*numbers("1 2")]


@aliased
def iterator_of_a_class(keeper: Keeper) -> None:
    class Lines:
        def __init__(self) -> None:
            self.left = 2

        def __iter__(self) -> "Lines":
            return self

        def __next__(self) -> int:
            if not self.left:
                raise StopIteration
            self.left -= 1
            return self.left

    lines = keeper.observe(lambda name: Lines())
    assert [*lines("a")] == [*lines("a")]


@aliased
def coroutine(keeper: Keeper) -> None:
    async def fetch(name: str) -> str:
        return name

    def start(name: str) -> Any:
        return fetch(name)

    observed = keeper.observe(start)
    observed("a").close()
    observed("a").close()


@aliased
def open_file(keeper: Keeper) -> None:
    file = keeper.path / "data"
    file.write_text("x")
    read = keeper.observe(lambda name: open(name))  # noqa: SIM115
    for _ in range(2):
        with read(str(file)) as stream:
            stream.read()


@aliased
def stream_that_is_read(keeper: Keeper) -> None:
    stream = keeper.observe(lambda text: io.StringIO(text))
    stream("ab").read(1)
    stream("ab")


@aliased
def list_in_a_partial(keeper: Keeper) -> None:
    adder = keeper.observe(lambda name: functools.partial(list.append, []))
    adder("a")(1)
    adder("a")


@aliased
def closure_with_state(keeper: Keeper) -> None:
    def make(start: int) -> Any:
        count = start

        def step() -> int:
            nonlocal count
            count += 1
            return count

        return step

    observed = keeper.observe(make)
    observed(0)()
    observed(0)


@aliased
def generator_of_random_numbers(keeper: Keeper) -> None:
    generator = keeper.observe(lambda seed: random.Random(seed))
    generator(1).random()
    generator(1)


@aliased
def element_written_in_c(keeper: Keeper) -> None:
    parse = keeper.observe(lambda text: ElementTree.fromstring(text))
    parse("<a/>").set("b", "c")
    parse("<a/>")


@aliased
def attribute_that_is_called_cache(keeper: Keeper) -> None:
    class Response:
        def __init__(self) -> None:
            self.cache_control = "no-store"

    respond = keeper.observe(lambda path: Response())
    respond("/").cache_control = "public"
    respond("/")


@aliased
def map_of_maps(keeper: Keeper) -> None:
    chain = keeper.observe(lambda name: collections.ChainMap({}, {name: 1}))
    chain("a")["b"] = 2
    chain("a")


@aliased
def view_of_bytes(keeper: Keeper) -> None:
    frame = keeper.observe(lambda size: memoryview(bytearray(size)))
    frame(2)[0] = 1
    frame(2)
