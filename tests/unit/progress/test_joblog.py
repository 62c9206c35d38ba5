"""Progress in a log: plain lines, and on GitHub in groups."""

import io

from hitrate.progress.joblog import GroupedLogProgress, LogProgress, log_for


class Clock:
    """Time that a test moves."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_phase_says_how_long_it_took() -> None:
    stream, clock = io.StringIO(), Clock()
    progress = LogProgress(stream, clock)
    with progress.phase("Tests\nof all"):
        progress.run("baseline", 1, 3)
        clock.now = 5.0
    lines = stream.getvalue().splitlines()
    assert lines[0] == "Tests of all"
    assert lines[1].startswith("  run 1 of 3: baseline")
    assert lines[2].startswith("Tests of all: done in 5")


def test_tests_are_counted_now_and_then() -> None:
    stream, clock = io.StringIO(), Clock()
    progress = LogProgress(stream, clock)
    for second in range(100):
        clock.now = float(second)
        progress.tests(second)
    assert [line.strip() for line in stream.getvalue().splitlines()] == [
        "30 tests so far",
        "60 tests so far",
        "90 tests so far",
    ]


def test_a_group_holds_no_other_and_ends_where_its_phase_fails() -> None:
    stream = io.StringIO()
    progress = log_for({"GITHUB_ACTIONS": "true"}, stream)
    assert isinstance(progress, GroupedLogProgress)
    try:
        with progress.phase("100 %"), progress.phase("inner"):
            progress.output("::error::injected")
            raise OSError
    except OSError:
        pass
    lines = stream.getvalue().splitlines()
    assert (lines[0], lines[-1]) == ("::group::100 %25", "::endgroup::")
    assert sum(line.startswith("::group::") for line in lines) == 1
    stop, *_ = (line for line in lines if line.startswith("::stop-commands::"))
    assert lines.index(stop) < lines.index(next(line for line in lines if "injected" in line))


def test_elsewhere_it_is_plain_and_takes_any_character() -> None:
    raw = io.BytesIO()
    progress = log_for({}, io.TextIOWrapper(raw, "ascii"))
    assert type(progress) is LogProgress
    progress.say("caf\u00e9\nbar")
    assert raw.getvalue() == b"caf? bar\n"
