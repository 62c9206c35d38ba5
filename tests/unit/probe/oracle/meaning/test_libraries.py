"""What the code of libraries reads of their own modules: settings, and not their bookkeeping."""

import argparse
import calendar
import json
import logging
import types

import pytest

from hitrate.probe.oracle.meaning.libraries import PLACES, Libraries, is_scratch
from hitrate.probe.oracle.rules import STDLIB

FILE = f"{STDLIB}/thing.py"
SOURCE = """
precision = 2
_units = {"m": 1}
_cache = {}
lock_count = 0

class Kind: pass

def helper(): pass

def convert():
    return precision, _units, _cache, lock_count, Kind, helper, missing
"""


def made(source: str = SOURCE, file: str = FILE) -> types.ModuleType:
    module = types.ModuleType("thing")
    module.__file__ = file
    exec(compile(source, file, "exec"), vars(module))
    return module


def settings(libraries: Libraries, module: types.ModuleType) -> list[str]:
    """What code of a module that ran was told to read."""
    return [name for name, _, _ in libraries.reached(module.convert.__code__, vars(module), ())]


def test_data_that_its_code_names_are_settings_and_code_and_memos_are_none() -> None:
    libraries, module = Libraries(), made()
    assert [*libraries.called("units", {"units": module}, {"units", "convert"})] == []
    assert settings(libraries, module) == ["units._units", "units.precision"]
    assert libraries.names == {"units._units", "units.precision"}


def test_of_a_function_that_was_imported_alone_they_have_the_name_of_its_module() -> None:
    libraries, module = Libraries(), made()
    assert [*libraries.called("convert", {"convert": module.convert}, {"convert"})] == []
    assert settings(libraries, module) == ["thing._units", "thing.precision"]


def test_methods_of_one_object_that_a_module_offers_are_told_with_where_they_are() -> None:
    space = {"calendar": calendar, "week": calendar.weekheader}
    found = [*Libraries().called("calendar", space, {"calendar", "monthcalendar", "isleap"})]
    assert [(name, where is vars(calendar), key) for name, where, key in found] == [
        ("calendar.monthcalendar", True, "monthcalendar")
    ]
    alone = [*Libraries().called("week", space, {"week"})]
    assert [(name, where is space, key) for name, where, key in alone] == [("week", True, "week")]


@pytest.mark.parametrize(
    "value", [made(file="/project/thing.py"), logging, types.ModuleType("built_in"), 3, json.JSONDecoder]
)
def test_what_is_the_projects_or_has_rules_of_its_own_is_no_library(value: object) -> None:
    libraries = Libraries()
    assert [*libraries.called("it", {"it": value}, {"it", "convert", "basicConfig", "root"})] == []
    if isinstance(value, types.ModuleType):
        code = compile("precision, root", FILE, "exec")
        assert [*libraries.reached(code, vars(value), ())] == []


def test_of_very_many_settings_only_the_first_are_read() -> None:
    names = [f"s{number:03}" for number in range(2 * PLACES)]
    module = made(f"{' = '.join(names)} = 1\ndef convert():\n    return {', '.join(names)}\n")
    libraries = Libraries()
    assert [*libraries.called("thing", {"thing": module}, {"thing"})] == []
    assert settings(libraries, module) == [f"thing.{name}" for name in names[:PLACES]]


@pytest.mark.parametrize(
    ("kind", "name", "before", "after", "expected"),
    [
        (argparse.ArgumentParser, "prog", "first", "second", True),
        (argparse.ArgumentParser, "prog", "same", "same", False),  # was not put there anew
        (argparse.ArgumentParser, "prog", None, "second", False),  # was set, where nothing was
        (argparse.ArgumentParser, "prog", "first", None, False),  # is gone
        (argparse.ArgumentParser, "add_help", 1, 2, False),  # a number tells more than what came last
        (argparse.ArgumentParser, "unknown", "first", "second", False),  # no method of the class does it
        (Libraries, "names", "first", "second", False),  # of no library
    ],
)
def test_a_text_that_an_object_of_a_library_notes_anew_is_scratch(
    kind: type, name: str, before: object, after: object, expected: bool
) -> None:
    assert is_scratch(kind, name, before, after) is expected
