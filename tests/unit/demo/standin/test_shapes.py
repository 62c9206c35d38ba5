"""The stand-in's answers say what its state is, as git and GitHub's clients read them."""

from base64 import b64decode
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hitrate.demo.standin.shapes import Shapes
from hitrate.demo.standin.state import Account, Comment, File, GitHub, PullRequest, ReviewComment
from hitrate.github import answers
from hitrate.github.wishes.holding import Marks

API, HEAD, BASE = "http://127.0.0.1:8080", "a" * 40, "b" * 40
OCTOCAT, BOT = Account("octocat", 5), Account("github-actions[bot]", 6)
WORDS = st.text(max_size=20)


def shapes(**permissions: str) -> Shapes:
    github = GitHub("octo/widgets")
    for login, permission in permissions.items():
        github.add_person(login, permission)
    return Shapes(github, API)


@settings(max_examples=30)
@given(
    title=WORDS,
    labels=st.lists(WORDS, max_size=3).map(tuple),
    draft=st.booleans(),
    state=st.sampled_from(["open", "closed"]),
    origin=st.sampled_from(["octo/widgets", "someone/fork"]),
)
def test_hitrate_reads_a_pull_request_as_it_is(
    title: str, labels: tuple[str, ...], draft: bool, state: str, origin: str
) -> None:
    pull = PullRequest(7, HEAD, BASE, origin, title=title, labels=labels, draft=draft, state=state)
    for answer in (shapes().pull_request(pull), shapes().whole_pull_request(pull)):
        found = answers.PullRequest.model_validate(answer)
        assert (found.number, found.head, found.base, found.head_repository) == (7, HEAD, BASE, origin)
        assert found.marks == Marks(title=title, labels=labels, draft=draft)
        assert found.open is (state == "open")


@settings(max_examples=30)
@given(body=WORDS, seconds=st.integers(0, 4_000_000_000))
def test_hitrate_reads_a_comment_as_it_is(body: str, seconds: int) -> None:
    answer = shapes().comment(Comment(11, 7, BOT, body, float(seconds), float(seconds)))
    found = answers.Comment.model_validate(answer)
    assert (found.id, found.body, found.created_seconds) == (11, body, seconds)
    assert found.url == "https://github.com/octo/widgets/pull/7#issuecomment-11"
    assert found.author is not None
    assert (found.author.login, found.author.type) == ("github-actions[bot]", "Bot")


@pytest.mark.parametrize(
    ("permission", "association"),
    [("admin", "COLLABORATOR"), ("write", "COLLABORATOR"), ("read", "NONE"), ("none", "NONE")],
)
def test_who_may_write_is_a_collaborator(permission: str, association: str) -> None:
    made = shapes(octocat=permission)
    assert made.association(OCTOCAT) == association
    found = answers.Permission.model_validate(made.permission("octocat"))
    assert found.may_write is (association == "COLLABORATOR")
    assert made.association(Account("stranger", 9)) == "NONE"


@pytest.mark.parametrize(
    ("text", "sha"),
    [
        ("", "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"),
        ("hello\n", "ce013625030ba8dba906f756967f9e9ca394464a"),
    ],
)
def test_a_file_has_the_name_that_git_gives_its_content(text: str, sha: str) -> None:
    file = File("src/a.py", text, "@@ -0,0 +1 @@")
    assert shapes().content(file, HEAD)["sha"] == shapes().changed_file(file, HEAD)["sha"] == sha


def test_a_files_content_is_its_bytes_whatever_its_name() -> None:
    answer = shapes().content(File("src/a b#1.py", "x = 'ö'\n", ""), HEAD)
    assert (answer["name"], answer["path"], answer["size"]) == ("a b#1.py", "src/a b#1.py", 9)
    assert b64decode(answer["content"]) == b"x = '\xc3\xb6'\n"
    assert answer["url"] == f"{API}/repos/octo/widgets/contents/src/a%20b%231.py?ref={HEAD}"


def test_lines_of_a_patch_are_counted() -> None:
    answer = shapes().changed_file(File("a.py", "", "@@ -1,3 +1,3 @@\n-a\n-b\n+c\n d\n"), HEAD)
    assert (answer["additions"], answer["deletions"], answer["changes"]) == (1, 2, 3)


def review_comment(**facts: Any) -> dict[str, Any]:
    known = {"start": None, "line": 4, "commit": HEAD, "body": "x", "created": 0.0, "updated": 0.0}
    return shapes().review_comment(ReviewComment(3, 2, 7, OCTOCAT, "a.py", **(known | facts)))


def test_a_review_comment_leaves_out_what_it_does_not_have() -> None:
    """As GitHub does for one line, for one that has changed since, and where nothing was answered."""
    plain = review_comment()
    assert plain["line"] == 4
    assert not {"start_line", "start_side", "in_reply_to_id"} & set(plain)
    assert "line" not in review_comment(line=None)
    assert review_comment(start=2)["start_line"] == 2
    assert review_comment(reply_to=1)["in_reply_to_id"] == 1
