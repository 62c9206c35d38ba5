"""What a comment has shown, kept in its hidden line."""

from hypothesis import given
from hypothesis import strategies as st

from hitrate.github.wishes.findings import ROOM, Shown, ShownFunction, key, line, read_seen

NAMES = st.sampled_from([f"a.py::f{number}" for number in range(200)])
WORDS = st.sampled_from(["resize", "drop", "inconclusive", "unsafe+stale", "unsafe+aliased"])
FINDINGS = st.dictionaries(
    NAMES, st.builds(ShownFunction, st.just("ab12"), st.integers(0, 10**9), WORDS), max_size=150
)


def shown(findings: dict[str, ShownFunction], now: float = 5.0) -> Shown:
    return Shown({name: one.digest for name, one in findings.items()}, findings, now)


@given(FINDINGS)
def test_what_is_shown_is_read_back_and_has_room(findings: dict[str, ShownFunction]) -> None:
    text = line("", shown(findings))
    assert len(text) <= ROOM
    found = read_seen(f"<!-- hitrate -->\n{text}## Hitrate\n")
    expected = {key(name): one for name, one in findings.items()}
    assert found.items() <= expected.items()
    assert len(found) == min(len(findings), 120)
    if len(found) < len(findings):
        oldest = min(one.since for one in found.values())
        assert all(one.since <= oldest for name, one in expected.items() if name not in found)


def test_a_run_that_shows_less_forgets_nothing() -> None:
    before = line("", shown({"f": ShownFunction("ab", 3, "resize")}))
    assert line(before, None) == before
    assert line(before, Shown({"f": "ab"}, {}, 9.0)) == before
    assert line(before, Shown({}, {}, 9.0)) == before


def test_where_the_source_has_changed_what_was_seen_is_over() -> None:
    before = line("", shown({"f": ShownFunction("ab", 3, "resize")}))
    assert line(before, Shown({"f": "cd"}, {}, 9.0)) == ""


def test_something_graver_is_seen_from_now_on() -> None:
    before = line("", shown({"f": ShownFunction("ab", 3, "resize")}))
    same = read_seen(line(before, shown({"f": ShownFunction("ab", 8, "drop")}, 9.0)))
    graver = read_seen(line(before, shown({"f": ShownFunction("ab", 8, "unsafe+stale")}, 9.0)))
    assert same[key("f")].since == 3
    assert graver[key("f")] == ShownFunction("ab", 9, "unsafe+stale")


def test_others_cannot_write_a_line_that_is_none() -> None:
    assert read_seen("") == {}
    assert read_seen("<!-- seen nonsense -->\n") == {}
    assert read_seen(f"<!-- seen {key('f')}=ab@3:nonsense -->\n") == {}
