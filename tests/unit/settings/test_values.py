"""Values as users write them: what is meant, and what is refused and how."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitrate.files.limits import GLOB_CHARACTERS, GLOBS
from hitrate.settings import values
from hitrate.vocabulary import GateRule

everything = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.text())
PARSERS = [
    values.parse_fraction,
    values.parse_seconds,
    values.parse_maxsize,
    values.parse_text,
    values.parse_list,
    values.parse_globs,
    values.parse_names,
    values.parse_rules,
    values.parse_command,
    values.parse_size,
    values.parse_comment_id,
]


@pytest.mark.parametrize("parse", PARSERS)
@given(value=everything)
def test_whatever_is_written_is_read_or_refused_in_words(parse, value):
    refused = ""
    try:
        parse(value)
    except ValueError as error:
        refused = str(error)
    assert not refused or len(refused.split()) > 2


@pytest.mark.parametrize(
    ("written", "share"),
    [("20 %", 0.2), ("20%", 0.2), ("0.2", 0.2), (0.2, 0.2), (20, 0.2), ("0", 0), ("100 %", 1), ("1 %", 0.01),
     (0.999, 0.999), ("1.5", 0.015), (1.0, 1.0)],
)  # fmt: skip
def test_shares(written, share):
    assert values.parse_fraction(written) == pytest.approx(share)


@pytest.mark.parametrize(
    "written", ["1", 1, True, None, "a fifth", "101 %", "-1", "nan", "inf", [0.2], "20 % %"]
)
def test_what_is_no_share(written):
    with pytest.raises(ValueError, match=r"%"):
        values.parse_fraction(written)


@given(st.integers(0, 10_000))
def test_percent_and_fractions_mean_the_same(hundredths):
    share = hundredths / 10_000
    assert values.parse_fraction(f"{hundredths / 100} %") == pytest.approx(share)
    if share != 1:
        assert values.parse_fraction(str(share)) == pytest.approx(share)


@pytest.mark.parametrize(
    ("written", "seconds"),
    [("90", 90), (90, 90), ("90s", 90), ("1.5 min", 90), ("10 minutes", 600), ("1 minute", 60), ("1h", 3600),
     ("2 Hours", 7200), ("0", 0), ("7 s ", 7), ("3 sec", 3), ("168h", 604_800)],
)  # fmt: skip
def test_durations(written, seconds):
    assert values.parse_seconds(written) == seconds


@pytest.mark.parametrize("written", ["", "soon", "-1", "1 d", True, None, "1h 30m", "169h", "1e9"])
def test_what_is_no_duration(written):
    with pytest.raises(ValueError, match=r"write it as|at most a week"):
        values.parse_seconds(written)


@pytest.mark.parametrize(
    ("written", "size"), [("128", 128), (1, 1), (" 2 ", 2), ("none", None), ("Unbounded", None), (None, None)]
)
def test_cache_sizes(written, size):
    assert values.parse_maxsize(written) == size


@pytest.mark.parametrize("written", [0, -1, "0", "1.5", "many", True, []])
def test_what_is_no_cache_size(written):
    with pytest.raises(ValueError, match="at least 1"):
        values.parse_maxsize(written)


def test_a_number_is_read_as_it_is_written_unless_yaml_dropped_a_digit():
    assert values.parse_text(3) == "3"
    assert values.parse_text(3.11) == "3.11"
    assert values.parse_text("3.10") == "3.10"
    with pytest.raises(ValueError, match="in quotes"):
        values.parse_text(3.1)


def test_lists():
    assert values.parse_list("a, b\nc,,\n") == ("a", "b", "c")
    assert values.parse_list(["a", " ", 3]) == ("a", 3)
    assert values.parse_list("") == ()
    with pytest.raises(ValueError, match="one item a line"):
        values.parse_list({"a": 1})


def test_globs_have_limits_and_begin_in_the_repository():
    assert values.parse_globs("src/**, a.py") == ("src/**", "a.py")
    assert len(values.parse_globs(["a"] * GLOBS)) == GLOBS
    assert values.parse_globs(["a" * GLOB_CHARACTERS])
    for wrong in (["a"] * (GLOBS + 1), ["a" * (GLOB_CHARACTERS + 1)], ["/etc"]):
        with pytest.raises(ValueError, match=r"at most|characters|slash"):
            values.parse_globs(wrong)


def test_functions_are_named_with_their_file():
    assert values.parse_names("a.py::f, b.py::C.g") == ("a.py::f", "b.py::C.g")
    for wrong in ("f", "::f", "a.py::"):
        with pytest.raises(ValueError, match=r"path::Qual\.name"):
            values.parse_names(wrong)


def test_gate_rules():
    assert values.parse_rules(", ".join(GateRule)) == tuple(GateRule)
    assert values.parse_rules("Unsafe") == ("unsafe",)
    assert values.parse_rules("never") == values.parse_rules("") == ()
    with pytest.raises(ValueError, match="never stands alone"):
        values.parse_rules("never, unsafe")
    with pytest.raises(ValueError, match=r"choose from unsafe, .*, never"):
        values.parse_rules("slow")


def test_a_blank_command_is_none():
    assert values.parse_command(" \n") is None
    assert values.parse_command("make test ") == "make test "


@pytest.mark.parametrize(
    ("written", "size"),
    [("4 GB", 4 * 10**9), ("4g", 4 * 10**9), ("1.5 GiB", 15 * 10**8), ("512 MB", 512 * 10**6), (2000, 2000),
     ("1000000 GB", 10**15), (None, None), ("1 kb", 1000)],
)  # fmt: skip
def test_sizes(written, size):
    assert values.parse_size(written) == size


@pytest.mark.parametrize("written", ["0", "much", True, "-1", "1 TB", "1000001 GB"])
def test_what_is_no_size(written):
    with pytest.raises(ValueError, match="GB"):
        values.parse_size(written)


def test_comment_ids():
    assert values.parse_comment_id("nightly_3.12-a") == "nightly_3.12-a"
    assert values.parse_comment_id(7) == "7"
    for wrong in ("", "a b", "é", "a" * 65, "a\n", True, None, "-->"):
        with pytest.raises(ValueError, match="letters, digits"):
            values.parse_comment_id(wrong)
