"""Review suggestions on the lines of a diff, through real HTTP."""

import difflib

import pytest

from hitrate.action.acknowledgement import acknowledged, in_config
from hitrate.demo.standin import File
from hitrate.github.answers import Owner
from hitrate.github.suggestions import Reviewed, review, shown_lines
from hitrate.report.model import FunctionReport, Report
from hitrate.vocabulary import Kind, Verdict
from tests.integration.on_github.job import function, report
from tests.integration.on_github.world import HEAD, NUMBER, World

BEFORE = '''"""Prices."""

import re


def price(weight):
    return weight * 2


{far}def label(text):
    return re.sub("a", "b", text)
'''
AFTER = BEFORE.replace("price(weight)", "price(weight, unit=1)").replace('"a"', '"x"')
FAR = "\n".join(f"LINE_{number} = {number}" for number in range(40)) + "\n\n\n"


def file(far: str = "", path: str = "shop/prices.py") -> File:
    before, after = BEFORE.replace("{far}", far), AFTER.replace("{far}", far)
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="")
    return File(path, after, "\n".join(list(lines)[2:]))


def advised(text: str, name: str, verdict: Verdict = Verdict.CACHE, size: int = 64) -> FunctionReport:
    line = next(number for number, one in enumerate(text.splitlines(), 1) if one.startswith(f"def {name}("))
    made = function(verdict, path="shop/prices.py", qualname=name, line=line, recommended_maxsize=size)
    kind = Kind.NEW if verdict is Verdict.CACHE else Kind.EXISTING
    return made.model_copy(update={"kind": kind, "suggestion": "@evil(maxsize=1)"})


def suggest(world: World, given: Report, login: str | None = "github-actions[bot]") -> Reviewed:
    with world.client() as client:
        return review(client.review(NUMBER, HEAD), given, "hitrate", login and Owner(login=login))


def applied(world: World, text: str) -> str:
    """The file after somebody has clicked on every suggestion."""
    lines = text.split("\n")
    for comment in sorted(world.github.review_of(NUMBER), key=lambda one: one.line or 0, reverse=True):
        _, _, block = comment.body.partition("```suggestion\n")
        assert block.endswith("```")
        new = block.removesuffix("```").removesuffix("\n").split("\n") if block != "```" else []
        assert comment.line is not None
        lines[(comment.start or comment.line) - 1 : comment.line] = new
    return "\n".join(lines)


def test_one_click_adds_import_and_decorator_where_both_are_near(github: World) -> None:
    made = file()
    github.github.pull_requests[NUMBER].files = (made,)
    assert suggest(github, report(advised(made.text, "price"))) == Reviewed(posted=1)
    (comment,) = github.github.review_of(NUMBER)
    assert (comment.path, comment.start, comment.line, comment.commit) == ("shop/prices.py", 3, 6, HEAD)
    assert "`price` is worth caching." in comment.body
    assert applied(github, made.text) == made.text.replace(
        "import re\n", "import re\nfrom functools import lru_cache\n"
    ).replace("def price", "@lru_cache(maxsize=64)\ndef price")


def test_one_line_is_enough_where_the_import_is_there_already(github: World) -> None:
    text = "import functools as ft\n\n\ndef price(weight):\n    return weight * 2\n"
    patch = "@@ -0,0 +1,5 @@\n" + "".join(f"+{line}\n" for line in text.splitlines())
    github.github.pull_requests[NUMBER].files = (File("shop/prices.py", text, patch),)
    given = report(advised(text, "price"))
    assert [suggest(github, given) for _ in range(2)] == [Reviewed(posted=1), Reviewed(standing=1)]
    (comment,) = github.github.review_of(NUMBER)
    assert (comment.start, comment.line) == (None, 4)
    assert applied(github, text) == text.replace("def price", "@ft.lru_cache(maxsize=64)\ndef price")


def test_an_import_in_another_hunk_is_a_suggestion_of_its_own(github: World) -> None:
    made = file(FAR)
    github.github.pull_requests[NUMBER].files = (made,)
    assert suggest(github, report(advised(made.text, "label"))) == Reviewed(posted=2)
    assert "from functools import lru_cache\n" in applied(github, made.text)
    assert "@lru_cache(maxsize=64)\ndef label" in applied(github, made.text)
    assert all("together with the import" in one.body for one in github.github.review_of(NUMBER))


def test_an_import_that_several_need_is_suggested_once(github: World) -> None:
    made = file()
    github.github.pull_requests[NUMBER].files = (made,)
    given = report(advised(made.text, "price"), advised(made.text, "label", size=8))
    assert suggest(github, given) == Reviewed(posted=3)
    text = applied(github, made.text)
    assert text.count("import lru_cache") == 1
    assert "@lru_cache(maxsize=64)\ndef price" in text
    assert "@lru_cache(maxsize=8)\ndef label" in text


def test_a_change_outside_the_diff_is_counted_not_posted(github: World) -> None:
    made = file(FAR)
    _, _, second_hunk = made.patch.partition("\n@@")
    github.github.pull_requests[NUMBER].files = (File(made.path, made.text, f"@@{second_hunk}"),)
    assert suggest(github, report(advised(made.text, "label"))) == Reviewed(outside=1)
    assert github.github.review_of(NUMBER) == []


def test_is_not_repeated_and_is_withdrawn_when_no_longer_right(github: World) -> None:
    made = file()
    github.github.pull_requests[NUMBER].files = (made,)
    given = report(advised(made.text, "price"))
    suggest(github, given)
    (first,) = github.github.review_of(NUMBER)
    assert suggest(github, given) == Reviewed(standing=1)
    assert suggest(github, report(advised(made.text, "price", size=128))) == Reviewed(posted=1, withdrawn=1)
    (second,) = github.github.review_of(NUMBER)
    assert second.id != first.id
    assert suggest(github, report()) == Reviewed(withdrawn=1)
    assert github.github.review_of(NUMBER) == []


def test_is_withdrawn_when_the_finding_is_acknowledged(github: World) -> None:
    made = file()
    github.github.pull_requests[NUMBER].files = (made,)
    given = report(advised(made.text, "price"))
    suggest(github, given)
    accepted = acknowledged(given, in_config([given.functions[0].id]))
    assert suggest(github, accepted) == Reviewed(withdrawn=1)
    assert suggest(github, accepted) == Reviewed()


def test_one_whose_line_has_changed_is_made_anew(github: World) -> None:
    made = file()
    github.github.pull_requests[NUMBER].files = (made,)
    given = report(advised(made.text, "price"))
    suggest(github, given)
    (first,) = github.github.review_of(NUMBER)
    first.line = None
    assert suggest(github, given) == Reviewed(posted=1, withdrawn=1)
    (second,) = github.github.review_of(NUMBER)
    assert (second.id != first.id, second.line) == (True, 6)


def test_one_that_was_answered_stays_as_a_word(github: World) -> None:
    made = file()
    github.github.pull_requests[NUMBER].files = (made,)
    suggest(github, report(advised(made.text, "price")))
    (first,) = github.github.review_of(NUMBER)
    answer = github.github.add_reply(first, github.account("personal"), "why?")
    assert suggest(github, report()) == Reviewed(withdrawn=1)
    assert [one.id for one in github.github.review_of(NUMBER)] == [first.id, answer.id]
    assert first.body.endswith("Withdrawn: this suggestion is no longer right.")
    assert suggest(github, report()) == Reviewed()


def test_others_comments_are_left_alone_even_with_our_marker(github: World) -> None:
    made = file()
    github.github.pull_requests[NUMBER].files = (made,)
    suggest(github, report(advised(made.text, "price")))
    (planted,) = github.github.review_of(NUMBER)
    planted.account = github.account("other")
    for login in ("github-actions[bot]", None):
        assert suggest(github, report(), login) == Reviewed()
    assert github.github.review_of(NUMBER) == [planted]
    assert planted.reactions == []


def test_finds_out_whose_the_token_is_where_no_comment_told(github: World) -> None:
    made = file()
    github.github.pull_requests[NUMBER].files = (made,)
    assert suggest(github, report(advised(made.text, "price")), None) == Reviewed(posted=1)
    assert suggest(github, report(), None) == Reviewed(withdrawn=1)


def test_text_of_the_report_is_never_used(github: World) -> None:
    made = file()
    github.github.pull_requests[NUMBER].files = (made,)
    suggest(github, report(advised(made.text, "price")))
    (comment,) = github.github.review_of(NUMBER)
    assert "evil" not in comment.body
    suggest(github, report(advised(made.text, "price").model_copy(update={"qualname": "nothing", "line": 1})))
    assert github.github.review_of(NUMBER) == []


@pytest.mark.parametrize("text", ["def f(:\n", "x = 1\n", "\ufeff"])
def test_a_file_that_does_not_hold_the_function_gets_no_suggestion(github: World, text: str) -> None:
    github.github.pull_requests[NUMBER].files = (
        File("shop/prices.py", text, f"@@ -1 +1 @@\n+{text.strip()}"),
    )
    assert suggest(github, report(function(path="shop/prices.py", line=1))) == Reviewed(outside=1)


def test_reads_many_comments_through_all_pages(github: World) -> None:
    made = file()
    github.github.pull_requests[NUMBER].files = (made,)
    suggest(github, report(advised(made.text, "price")))
    (first,) = github.github.review_of(NUMBER)
    for number in range(230):
        github.github.add_reply(first, github.account("personal"), f"answer {number}")
    github.requests()
    assert suggest(github, report(advised(made.text, "price"))) == Reviewed(standing=1)
    assert github.requests().count("GET /pulls/7/comments") == 3


def test_lines_that_a_patch_shows() -> None:
    patch = (
        "@@ -1,3 +1,4 @@ class A:\n a\n-b\n+c\n+d\n e\n@@ -10 +11,2 @@\n+x\n y\n\\ No newline at end of file"
    )
    assert shown_lines(patch) == {1: 1, 2: 1, 3: 1, 4: 1, 11: 2, 12: 2}
    assert shown_lines("") == {}
