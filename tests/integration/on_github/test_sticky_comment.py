"""One comment a pull request and id, through real HTTP."""

import pytest

from hitrate.github.comment import BODY_LIMIT, Posting, post, refresh, text_limit
from hitrate.github.retry import GitHubError
from tests.integration.on_github.world import NUMBER, World, marker


def comment_id(github: World) -> int:
    (comment,) = github.github.conversation(NUMBER)
    return comment.id


@pytest.mark.parametrize("token", ["default", "app", "personal"])
def test_is_created_then_edited_whoever_the_token_stands_for(github: World, token: str) -> None:
    for run, expected in ((100, Posting.CREATED), (101, Posting.UPDATED)):
        with github.client(token) as client:
            posted = post(client.conversation(NUMBER), marker(run), f"run {run}")
        assert posted.posting is expected
        assert posted.url == f"https://github.com/octo/widgets/pull/7#issuecomment-{comment_id(github)}"
        assert github.bodies() == [f"{marker(run)}\nrun {run}"]
    assert [comment.account for comment in github.github.conversation(NUMBER)] == [github.account(token)]
    assert [comment.reactions for comment in github.github.conversation(NUMBER)] == [[]]


def test_costs_five_requests_to_edit_on_page_one_and_three_to_create(github: World) -> None:
    with github.client() as client:
        post(client.conversation(NUMBER), marker(100), "first")
    assert github.requests() == [
        "GET /issues/7/comments",
        "POST /issues/7/comments",
        "GET /issues/7/comments",
    ]
    comment = comment_id(github)
    with github.client() as client:
        post(client.conversation(NUMBER), marker(101), "second")
    requests = github.requests()
    assert len(requests) == 5
    assert requests[0] == "GET /issues/7/comments"
    assert requests[3] == f"PATCH /issues/comments/{comment}"


def test_is_found_behind_other_pages(github: World) -> None:
    for number in range(250):
        github.github.add_comment(NUMBER, github.account("other"), f"talk {number}")
    with github.client() as client:
        post(client.conversation(NUMBER), marker(100), "first")
    for number in range(120):
        github.github.add_comment(NUMBER, github.account("other"), f"more talk {number}")
    with github.client() as client:
        posted = post(client.conversation(NUMBER), marker(101), "second")
    assert posted.posting is Posting.UPDATED
    assert sum("hitrate id=" in body for body in github.bodies()) == 1


def test_another_accounts_comment_with_our_marker_is_left_alone(github: World) -> None:
    planted = github.github.add_comment(NUMBER, github.account("other"), f"{marker(999_999_999)}\nplanted")
    for run in (100, 101):
        with github.client() as client:
            post(client.conversation(NUMBER), marker(run), f"run {run}")
    assert planted.body == f"{marker(999_999_999)}\nplanted"
    assert planted.reactions == []
    assert github.bodies()[1:] == [f"{marker(101)}\nrun 101"]


@pytest.mark.parametrize("edited", ["{}\n\nA word from a person.", "\n  {}", "\ufeff{}", "{}"])
def test_what_a_person_has_edited_is_still_our_comment(github: World, edited: str) -> None:
    with github.client() as client:
        post(client.conversation(NUMBER), marker(100), "first\nline")
    comment = github.github.conversation(NUMBER)[0]
    comment.body = edited.format(comment.body.replace("\n", "\r\n"))
    with github.client() as client:
        assert post(client.conversation(NUMBER), marker(101), "second").posting is Posting.UPDATED
    assert github.bodies() == [f"{marker(101)}\nsecond"]


@pytest.mark.parametrize("around", ["> {}\n> quoted", "said:\n{}", "```\n{}\n```", "x {}"])
def test_a_comment_that_holds_our_marker_elsewhere_is_not_our_comment(github: World, around: str) -> None:
    held = github.github.add_comment(NUMBER, github.account("default"), around.format(marker(999)))
    text = held.body
    for run, expected in ((100, Posting.CREATED), (101, Posting.UPDATED)):
        with github.client() as client:
            assert post(client.conversation(NUMBER), marker(run), "ours").posting is expected
    assert github.bodies() == [text, f"{marker(101)}\nours"]


def test_a_thousand_comments_and_the_longest_body(github: World) -> None:
    for number in range(1000):
        github.github.add_comment(NUMBER, github.account("other"), f"talk {number}")
    for run in (100, 101):
        ours = marker(run, comment_id="z" * 64)
        with github.client() as client:
            post(client.conversation(NUMBER), ours, "é" * text_limit(ours))
    assert [len(body) for body in github.bodies()[1000:]] == [BODY_LIMIT]


def test_several_ids_live_side_by_side(github: World) -> None:
    for run in (100, 101):
        for name in ("api", "api-2"):
            with github.client() as client:
                post(client.conversation(NUMBER), marker(run, comment_id=name), f"{name} {run}")
    assert [body.splitlines()[1] for body in github.bodies()] == ["api 101", "api-2 101"]


@pytest.mark.parametrize(("run", "attempt"), [(99, 1), (99, 7), (100, 1)])
def test_an_older_run_never_overwrites_a_newer_one(github: World, run: int, attempt: int) -> None:
    with github.client() as client:
        post(client.conversation(NUMBER), marker(100, 2), "newer")
    with github.client() as client:
        posted = post(client.conversation(NUMBER), marker(run, attempt), "older")
    assert posted.posting is Posting.SUPERSEDED
    assert github.bodies() == [f"{marker(100, 2)}\nnewer"]


def test_duplicates_of_a_race_are_removed_and_the_newest_is_kept(github: World) -> None:
    for run in (98, 99, 97):
        github.github.add_comment(NUMBER, github.account("default"), f"{marker(run)}\nrun {run}")
    with github.client() as client:
        assert post(client.conversation(NUMBER), marker(100), "run 100").posting is Posting.UPDATED
    assert github.bodies() == [f"{marker(100)}\nrun 100"]


def test_nothing_to_say_creates_nothing_but_updates_what_is_there(github: World) -> None:
    with github.client() as client:
        assert refresh(client.conversation(NUMBER), marker(100), "resolved").posting is Posting.NONE
    assert github.bodies() == []
    assert github.requests() == ["GET /issues/7/comments"]
    with github.client() as client:
        post(client.conversation(NUMBER), marker(100), "news")
        assert refresh(client.conversation(NUMBER), marker(101), "resolved").posting is Posting.UPDATED
    assert github.bodies() == [f"{marker(101)}\nresolved"]


def test_a_lease_left_behind_by_a_dead_run_ends_by_its_age(github: World) -> None:
    with github.client() as client:
        post(client.conversation(NUMBER), marker(100), "first")
        comment = github.github.conversation(NUMBER)[0].id
        assert client.conversation(NUMBER).react(comment) is not None
    with github.client() as client:
        assert post(client.conversation(NUMBER), marker(101), "second").posting is Posting.UPDATED
    assert 60 <= github.time.slept <= 70
    assert github.github.conversation(NUMBER)[0].reactions == []


def test_a_forks_token_is_told_which_permission_is_missing(github: World) -> None:
    with (
        github.client("fork") as client,
        pytest.raises(GitHubError, match=r"`pull-requests: write` \(403\).*fork"),
    ):
        post(client.conversation(NUMBER), marker(), "text")
    assert github.bodies() == []
