"""tox's ini files: names, factors, substitutions."""

import configparser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitrate.environment.declared.toxini import ToxIni, called_for_tests, expanded, filled, holds


def ini(text: str) -> ToxIni:
    parser = configparser.ConfigParser(interpolation=None)
    parser.read_string(text)
    return ToxIni(parser)


@pytest.mark.parametrize(
    ("pattern", "names"),
    [
        ("py311", ["py311"]),
        ("py3{10,11}", ["py310", "py311"]),
        ("py3{10-12}", ["py310", "py311", "py312"]),
        ("{a,b}-{c,d}", ["a-c", "a-d", "b-c", "b-d"]),
        ("a, b\nc", ["a", "b", "c"]),
        ("", []),
    ],
)
def test_names_that_a_pattern_stands_for(pattern: str, names: list[str]) -> None:
    assert expanded(pattern) == names


@given(st.lists(st.sampled_from("abcd"), min_size=1, unique=True), st.sampled_from("abcd"))
def test_a_condition_holds_under_all_its_factors(factors: list[str], other: str) -> None:
    assert holds("-".join(factors), frozenset(factors))
    assert holds(f"!{other}", frozenset(factors)) is (other not in factors)
    assert holds(f"{other},!{other}", frozenset(factors))
    assert holds(f"{other}-!{other}", frozenset(factors)) is False


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("pytest {posargs}", "pytest"),
        ("pytest {posargs:tests}", "pytest tests"),
        ("pytest {posargs:{toxinidir}/tests}", "pytest tests"),
        ("- {envpython} -m pytest", "python -m pytest"),
        ("pytest {env:FLAGS:-q}", "pytest -q"),
        ("pytest --basetemp={envtmpdir} tests", "pytest tests"),
    ],
)
def test_a_line_is_filled_as_tox_does_where_nobody_adds_anything(line: str, expected: str) -> None:
    assert filled(line) == expected


def test_lines_that_hold_follow_references_and_bases() -> None:
    tox = ini(
        "[base]\ndeps =\n    mock\n[testenv]\ndeps =\n    pytest\n    py311: backport\n    !py311: modern\n"
        "    {[base]deps}\ncommands = pytest {[own]flags}\n[own]\nflags = -q\n    -x\n"
        "[testenv:lint]\ncommands = ruff\n"
    )
    assert list(tox.lines("py311", "deps")) == ["pytest", "backport", "mock"]
    assert list(tox.lines("py312", "deps")) == ["pytest", "modern", "mock"]
    assert tox.filled(tox.lines("py312", "commands"), "py312") == ["pytest -q -x"]
    assert tox.section("lint") == "testenv:lint"
    assert list(tox.lines("lint", "deps")) == ["pytest", "modern", "mock"]
    assert tox.has("lint", "deps")
    assert not tox.has("lint", "changedir")


def test_the_environment_with_fewest_factors_comes_first() -> None:
    names = ini(
        "[tox]\nenvlist = py{311,312}-extra, py312, lint, docs\n[testenv]\ncommands = pytest"
    ).environments()
    assert names[0] == "py312"
    assert not {"lint", "docs"} & set(names)


@pytest.mark.parametrize(
    ("name", "expected"), [("py311", True), ("tests", True), ("lint", False), ("docs", False)]
)
def test_names_that_begin_as_tests_do(name: str, expected: bool) -> None:
    assert called_for_tests(name) is expected


@pytest.mark.parametrize(
    "service",
    [
        "postgresql",
        "postgres15",
        "psycopg3",
        "postgis3",
        "pg",
        "mysql",
        "mysql8",
        "mariadb",
        "oracle",
        "redis",
        "mongodb",
        "rabbitmq",
        "kafka",
    ],
)
def test_tests_that_need_a_service_come_after_their_sisters(service: str) -> None:
    listed = f"py3{{12,13}}-dj{{51,52}}-{{{service},sqlite}}"
    found = ini(f"[tox]\nenvlist = {listed}\n[testenv]\ncommands = pytest\n").environments()
    assert [name.endswith("sqlite") for name in found[:4]] == [True] * 4
    assert all(name.endswith(service) for name in found[4:8])


@pytest.mark.parametrize(
    ("factor", "first"),
    [("mysqlite", True), ("rediscover", True), ("pgn", True), ("plain", True), ("mysql", False)],
)
def test_factors_that_name_no_service(factor: str, first: bool) -> None:
    found = ini(
        f"[tox]\nenvlist = py3-{factor}, py3-more-sqlite\n[testenv]\ncommands = pytest\n"
    ).environments()
    assert (found[0] == f"py3-{factor}") is first
