"""The rule of the house: imports go down the list, in no circle, and only edge folders have effects."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[3] / "src" / "hitrate"
FLOORS = (
    {"__main__", "cli", "patch", "screen", "validate"},
    {"demo"},
    {"commands"},
    {"action"},
    {"analysis"},
    {"replay", "github", "workflow"},
    {"trace", "verdict", "trials", "memory"},
    {"evidence", "environment"},
    {"workspace"},
    {"patching", "hazards", "sandbox"},
    {"change", "testrun"},
    {"source", "report"},
    {"settings", "progress"},
    {"files", "wording"},
    {"vocabulary", "errors", "starting"},
    {"probe"},
)
"""Who may import whom: only those of a lower floor."""
FLOOR = {room: floor for floor, rooms in enumerate(FLOORS) for room in rooms}
CORE = {
    "replay",
    "trace",
    "verdict",
    "trials",
    "memory",
    "evidence",
    "patching",
    "hazards",
    "change",
    "testrun",
} | {
    "source",
    "settings",
    "progress",
    "files",
    "wording",
    "vocabulary",
}
EFFECTS = {"subprocess", "socket", "http", "urllib.request", "github", "requests", "git"}
EDGES = {
    "action",
    "analysis",
    "change",
    "commands",
    "demo",
    "environment",
    "github",
    "sandbox",
    "testrun",
    "workspace",
}
"""Rooms that may start processes or talk to git and GitHub; in ``analysis`` only by what is handed in."""


def modules() -> list[Path]:
    return [path for path in sorted(PACKAGE.rglob("*.py")) if "sample_repository" not in path.parts]


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


def imports(path: Path, text: str | None = None) -> Iterator[tuple[str, str]]:
    """Module and name of everything that a file imports, wherever the statement stands."""
    for node in ast.walk(ast.parse(path.read_text() if text is None else text)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield from ((node.module or "", alias.name) for alias in node.names)


def rooms_imported(path: Path, text: str | None = None) -> set[str]:
    found = set()
    for module, name in imports(path, text):
        package, _, rest = module.partition(".")
        if package == "hitrate" and name != "__version__":
            found.add((rest or name).partition(".")[0])
    return found - {room_of(path), ""}


def upward(path: Path, text: str | None = None) -> set[str]:
    """Rooms that a file imports and must not."""
    room = room_of(path)
    return {
        other for other in rooms_imported(path, text) if FLOOR[other] <= FLOOR[room] and room != "__main__"
    }


def test_every_room_has_its_floor() -> None:
    assert {room_of(path) for path in modules()} - {"__init__"} <= FLOOR.keys()


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_go_down(path: Path) -> None:
    if path.parent != PACKAGE or path.stem != "__init__":
        assert upward(path) == set()


def test_an_import_turned_round_is_found() -> None:
    assert upward(PACKAGE / "trace" / "reader.py", "from hitrate.replay.replay import Replay") == {"replay"}
    assert upward(PACKAGE / "verdict" / "judge.py", "def f():\n    from hitrate import cli") == {"cli"}
    assert upward(PACKAGE / "replay" / "replay.py", "from hitrate.trace.reader import Trace") == set()


def test_the_core_knows_no_report() -> None:
    found = {path for path in modules() if room_of(path) in CORE and "report" in rooms_imported(path)}
    assert found == set()


def test_the_probe_imports_nothing_of_hitrate() -> None:
    assert {path for path in modules() if room_of(path) == "probe" and rooms_imported(path)} == set()


def test_only_edge_rooms_have_effects() -> None:
    found = {
        str(path.relative_to(PACKAGE))
        for path in modules()
        if room_of(path) not in EDGES | {"cli", "probe"}
        for module, _ in imports(path)
        if module in EFFECTS or module.partition(".")[0] in EFFECTS - {"urllib.request"}
    }
    assert found == set()


def test_no_module_is_long_and_no_room_is_crowded() -> None:
    assert {path.name for path in modules() if len(path.read_text().splitlines()) > 400} == set()
    crowded = {folder: len(list(folder.glob("[a-z]*.py"))) for folder in {path.parent for path in modules()}}
    assert {str(folder): number for folder, number in crowded.items() if number > 11} == {}


def test_functions_are_short() -> None:
    long = {
        f"{path.relative_to(PACKAGE)}:{node.lineno} {node.name}"
        for path in modules()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno + 1 >= 50
    }
    assert long == set()


def test_one_noun_has_one_meaning() -> None:
    """No two classes share a name, but for two ends of one format; the stand-in has GitHub's own nouns."""
    homes: dict[str, list[str]] = {}
    for path in modules():
        public = (
            node
            for node in ast.parse(path.read_text()).body
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
        )
        if "standin" not in path.parts:
            for node in public:
                homes.setdefault(node.name, []).append(str(path.relative_to(PACKAGE)))
    shared = {name: places for name, places in homes.items() if len(places) > 1}
    assert shared == {"Lane": ["probe/recording/lane.py", "trace/calls.py"]}


def test_every_folder_has_a_face() -> None:
    faceless = {
        str(folder.relative_to(PACKAGE))
        for folder in {path.parent for path in modules()} - {PACKAGE}
        if not ast.get_docstring(ast.parse((folder / "__init__.py").read_text()))
    }
    assert faceless == set()


def test_unit_tests_stand_where_their_modules_do() -> None:
    """A file ``tests/unit/a/b/test_x.py`` of a module ``x`` has it in ``hitrate/a/b``, not elsewhere."""
    unit = Path(__file__).parents[1]
    places: dict[str, set[Path]] = {}
    for path in modules():
        places.setdefault(path.stem, set()).add(path.parent.relative_to(PACKAGE))
    astray = {
        str(path.relative_to(unit))
        for path in unit.rglob("test_*.py")
        if path.parent.name != "documents"
        and (name := path.stem.removeprefix("test_")) in places
        and path.parent.relative_to(unit) not in places[name]
    }
    assert astray == set()


def test_the_probe_says_what_it_handles() -> None:
    """``Any`` is for what is foreign by nature: values of every class, numpy's and torch's generators."""
    words = [
        word for path in (PACKAGE / "probe").rglob("*.py") for word in re.findall(r"\w+", path.read_text())
    ]
    assert words.count("Any") <= 60
