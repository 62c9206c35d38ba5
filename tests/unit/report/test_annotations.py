from hitrate.report.annotations import PER_LEVEL, commands
from hitrate.wording.figures import NBSP
from tests.unit import reports


def test_news_are_annotations_with_place_and_level() -> None:
    said = [command.replace(NBSP, " ") for command in commands(reports.mixed())]
    assert said[0] == (
        "::error title=Hitrate::The gate fails: 1 cache proven to be wrong (unsafe); "
        "a cache hits 0.3 %25, at least 20 %25 wanted (wasteful)."
    )
    assert [command.split("::")[1] for command in said[1:]] == [
        "error file=src/shop/cart.py,line=57,title=Hitrate%3A This cache is wrong",
        "warning file=src/shop/geo.py,line=71,title=Hitrate%3A This cache does not earn its keep",
        "warning file=src/shop/geo.py,line=44,title=Hitrate%3A This cache has the wrong size",
        "notice file=src/shop/rates.py,line=41,title=Hitrate%3A Worth caching",
        "notice file=src/shop/packing.py,line=88,title=Hitrate%3A Worth caching",
    ]
    assert said[3].endswith("%0ABetter: maxsize=2048.")
    assert said[4].endswith("%0AWrite @lru_cache(maxsize=512) above it.")


def test_a_hazard_is_told_with_test_and_key() -> None:
    [_, wrong, *_] = commands(reports.mixed())
    assert "aliased: a result was changed after it was returned ([2]: nothing, then Line(id=9)); " in wrong
    assert "Seen in tests/test_cart.py::test_discount_twice with the arguments (Cart(id=7),)." in wrong


def test_no_level_has_more_than_github_keeps() -> None:
    said = commands(reports.many(500).model_copy(update={"gate": reports.failing()}))
    for level in ("error", "warning", "notice"):
        assert sum(command.startswith(f"::{level} ") for command in said) <= PER_LEVEL
    assert "::warning title=Hitrate::42 more functions: see the job summary." in said
    assert "::notice title=Hitrate::42 more functions: see the job summary." in said


def test_nothing_to_say_is_no_annotation() -> None:
    assert commands(reports.nothing()) == []


def test_an_undecided_gate_says_that_the_tests_fail() -> None:
    failing = reports.broken_suite().model_copy(update={"gate": reports.undecided()})
    (said,) = commands(failing)
    assert said.startswith(
        "::warning title=Hitrate::Nothing was measured: 2 tests already fail without any change. "
        "The gate's rule"
    )
