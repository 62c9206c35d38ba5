"""References of tox that would grow without end are cut, and ordinary ones are followed."""

import configparser

from hitrate.environment.declared.toxini import ToxIni


def ini(text: str) -> ToxIni:
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    parser.read_string(text)
    return ToxIni(parser)


def test_references_that_double_are_cut() -> None:
    sections = "".join(f"[s{n}]\nx = {{[s{n + 1}]x}} {{[s{n + 1}]x}} {{[s{n + 1}]x}}\n" for n in range(40))
    found = ini(f"[testenv]\ncommands = pytest {{[s0]x}}\n{sections}")
    (line,) = found.filled(found.lines("py", "commands"), "py")
    assert line.startswith("pytest")
    assert len(line) < 100_000


def test_a_setting_named_again_and_again_is_followed_once() -> None:
    sections = (
        "".join(f"[s{n}]\nx =\n" + f"  {{[s{n + 1}]x}}\n" * 50 for n in range(9)) + "[s9]\nx = pytest\n"
    )
    found = ini(f"[testenv]\ndeps =\n  {{[s0]x}}\n{sections}")
    assert list(found.lines("py", "deps")) == ["pytest"]


def test_ordinary_references_are_followed() -> None:
    found = ini("[testenv]\ndeps =\n  {[base]deps}\n  six\n[base]\ndeps =\n  pytest\n  py312: attrs\n")
    assert list(found.lines("py312", "deps")) == ["pytest", "attrs", "six"]
    assert list(found.lines("py311", "deps")) == ["pytest", "six"]
