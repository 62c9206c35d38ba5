"""The requests about a diff's lines: what is asked and written, and what may be gone already."""

import pytest

from hitrate.demo.standin import File
from hitrate.github.answers import Owner
from hitrate.github.retry import GitHubError
from hitrate.github.review import Draft
from tests.integration.on_github.world import HEAD, NUMBER, World

PATCH = "@@ -1,2 +1,3 @@\n a = 1\n-b = 2\n+b = 3\n+c = 4"
SHOWN = File("shop/a b.py", "a = 1\nb = 3\nc = 4\n", PATCH)
HIDDEN = File("large.py", "ö = 1\n", "")


@pytest.fixture
def changed(github: World) -> World:
    github.github.pull_requests[NUMBER].files = (SHOWN, HIDDEN)
    return github


def write(world: World, *drafts: Draft) -> None:
    with world.client() as client:
        client.review(NUMBER, HEAD).create(drafts)


def test_only_files_that_github_shows_a_patch_of_have_one(changed: World) -> None:
    with changed.client() as client:
        review = client.review(NUMBER, HEAD)
        assert changed.requests() == []
        assert review.patches() == {"shop/a b.py": PATCH}


def test_a_file_of_the_head_is_its_bytes_and_one_that_is_missing_is_none(changed: World) -> None:
    with changed.client() as client:
        review = client.review(NUMBER, HEAD)
        assert review.content("shop/a b.py") == b"a = 1\nb = 3\nc = 4\n"
        assert review.content("large.py") == b"\xc3\xb6 = 1\n"
        assert review.content("missing.py") is None


def test_drafts_become_one_review_on_the_lines_they_name(changed: World) -> None:
    write(changed, Draft("shop/a b.py", 2, 3, "both"), Draft("shop/a b.py", 2, 2, "one"))
    both, one = sorted(changed.github.review_of(NUMBER), key=lambda comment: comment.body)
    assert (both.start, both.line, both.path, both.commit) == (2, 3, "shop/a b.py", HEAD)
    assert (one.start, one.line) == (None, 2)
    assert both.review == one.review


def test_replies_are_not_listed_but_mark_what_they_answer(changed: World) -> None:
    write(changed, Draft("shop/a b.py", 2, 2, "first"), Draft("shop/a b.py", 3, 3, "second"))
    first, second = sorted(changed.github.review_of(NUMBER), key=lambda comment: comment.body)
    changed.github.add_reply(first, changed.account("personal"), "no")
    second.line = None
    with changed.client() as client:
        found = {comment.body: comment for comment in client.review(NUMBER, HEAD).comments()}
    assert set(found) == {"first", "second"}
    assert (found["first"].line, found["first"].answered) == (2, True)
    assert (found["second"].line, found["second"].answered) == (None, False)
    author = found["first"].author
    assert author is not None
    assert author.login == "github-actions[bot]"


def test_a_comment_that_somebody_took_away_is_neither_edited_nor_deleted(changed: World) -> None:
    write(changed, Draft("shop/a b.py", 2, 2, "x"))
    (comment,) = changed.github.review_of(NUMBER)
    with changed.client() as client:
        review = client.review(NUMBER, HEAD)
        review.edit(comment.id, "y")
        assert [one.body for one in changed.github.review_of(NUMBER)] == ["y"]
        for _ in range(2):
            review.delete(comment.id)
            assert changed.github.review_of(NUMBER) == []
        review.edit(comment.id, "z")


@pytest.mark.parametrize(("token", "login"), [("default", "github-actions[bot]"), ("personal", "octocat")])
def test_a_reaction_shows_whose_the_token_is_and_is_taken_back(
    changed: World, token: str, login: str
) -> None:
    write(changed, Draft("shop/a b.py", 2, 2, "x"))
    (comment,) = changed.github.review_of(NUMBER)
    with changed.client(token) as client:
        assert client.review(NUMBER, HEAD).owner(comment.id) == Owner(login=login)
    assert comment.reactions == []


def test_a_token_that_may_not_react_is_asked_for_itself(changed: World) -> None:
    write(changed, Draft("shop/a b.py", 2, 2, "x"))
    (comment,) = changed.github.review_of(NUMBER)
    with changed.client("fork") as client:
        assert client.review(NUMBER, HEAD).owner(comment.id) == Owner(login=None)


def test_a_token_that_may_not_write_makes_no_review(changed: World) -> None:
    with (
        changed.client("fork") as client,
        pytest.raises(GitHubError, match="could not write the suggestions"),
    ):
        client.review(NUMBER, HEAD).create([Draft("shop/a b.py", 2, 2, "x")])
    assert changed.github.review_of(NUMBER) == []
