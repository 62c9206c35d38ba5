"""Values as users write them."""

import pytest

from hitrate.errors import InputError
from hitrate.settings.model import build_settings
from hitrate.vocabulary import Effort, GateRule


@pytest.mark.parametrize(
    ("written", "share"),
    [("20 %", 0.2), ("20%", 0.2), ("0.2", 0.2), (0.2, 0.2), (20, 0.2), ("1 %", 0.01), ("0", 0.0)],
)
def test_a_share_is_percent_or_fraction(written: object, share: float) -> None:
    assert build_settings({"min_hit_rate": written}, {}).min_hit_rate == pytest.approx(share)


@pytest.mark.parametrize("written", ["1", 1, "-3 %", "120 %", "many", True, None])
def test_a_share_that_is_none_is_refused(written: object) -> None:
    with pytest.raises(InputError, match="min-hit-rate"):
        build_settings({"min_hit_rate": written}, {})


@pytest.mark.parametrize(
    ("written", "seconds"),
    [("90", 90), (90, 90), ("90s", 90), ("10 minutes", 600), ("1h", 3600), ("1.5 m", 90)],
)
def test_durations(written: object, seconds: float) -> None:
    assert build_settings({"timeout": written}, {}).timeout == seconds


@pytest.mark.parametrize("written", ["-1", "soon", True, "1 day"])
def test_a_duration_that_is_none_is_refused(written: object) -> None:
    with pytest.raises(InputError, match="timeout"):
        build_settings({"timeout": written}, {})


@pytest.mark.parametrize(
    ("written", "size"), [("128", 128), (1, 1), ("none", None), ("None", None), (None, None)]
)
def test_maxsize(written: object, size: int | None) -> None:
    assert build_settings({"maxsize": written}, {}).maxsize == size


@pytest.mark.parametrize("written", ["-1", 0, "1.5", "big", -128])
def test_a_maxsize_below_one_is_refused_with_the_remedy(written: object) -> None:
    with pytest.raises(InputError, match=r"^maxsize: .*at least 1, or none for unbounded$"):
        build_settings({"maxsize": written}, {})


def test_rules_are_a_list_and_never_is_none() -> None:
    assert build_settings({"fail_on": "unsafe, missed"}, {}).fail_on == (GateRule.UNSAFE, GateRule.MISSED)
    assert build_settings({"fail_on": "never"}, {}).fail_on == ()
    with pytest.raises(InputError, match="fail-on"):
        build_settings({"fail_on": "never,unsafe"}, {})
    with pytest.raises(InputError, match=r"no rule wastefull; choose from unsafe, .*, never$"):
        build_settings({"fail_on": "unsafe,wastefull"}, {})


def test_an_input_goes_before_the_config_file() -> None:
    settings = build_settings({"effort": "quick"}, {"effort": "thorough", "maxsize": 7})
    assert (settings.effort, settings.maxsize) == (Effort.QUICK, 7)


@pytest.mark.parametrize("written", ["", " , ", ["", "src/*.py"], ("src/*.py", " ")])
def test_empty_items_of_a_list_are_none(written: object) -> None:
    """As from ``--paths "$VARIABLE"`` where the variable is empty."""
    wanted = () if isinstance(written, str) else ("src/*.py",)
    assert build_settings({"paths": written}, {}).paths == wanted
