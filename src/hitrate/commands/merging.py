"""``hitrate merge``: reports of shards in, one report and an exit code out."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from hitrate.action.acknowledgement import marked
from hitrate.action.acknowledging import Acknowledging
from hitrate.action.runner import Connect, Log
from hitrate.action.secondstage import runner_of
from hitrate.commands.outputs import Outputs, check_outputs, console_for, deliver
from hitrate.commands.run import exit_code
from hitrate.commands.shards import merge
from hitrate.errors import ExitCode, InputError
from hitrate.github.event import plan
from hitrate.github.post import addressee
from hitrate.github.retry import GitHubError
from hitrate.report import sense
from hitrate.report.model import Report
from hitrate.settings.model import build_settings


def merge_command(
    paths: Sequence[Path],
    expected: int | None,
    given: Mapping[str, Any],
    outputs: Outputs,
    environ: Mapping[str, str],
    connect: Connect,
) -> ExitCode:
    """Join the reports of shards, write and show the whole, and decide by its gate.

    In a job on GitHub with a token, what the pull request's conversation acknowledges fails no gate.

    Args:
        paths: The reports.
        expected: Shards that were planned; None where that is not said.
        given: Settings given as options, by field name.
        outputs: What to write.
        environ: The caller's environment.
        connect: Opens GitHub's API.

    Raises:
        HitrateError: A file is no report, or the reports do not belong together.
    """
    check_outputs(outputs)
    comment_id = build_settings(given, {}).comment_id
    shards = [_read(path) for path in paths]
    report = merge(shards, expected)
    console = console_for(outputs)
    log = Log(sys.stderr if console.stderr else sys.stdout)
    known = _by_conversation(report, environ, log, connect, comment_id)
    if known is not None:
        report = _joined(shards, expected, report, known)
    deliver(report, outputs, console, environ)
    return exit_code(report)


def _read(path: Path) -> Report:
    return sense.read(sense.content_of(path, "name the report.json of a shard"), str(path))


def _by_conversation(
    report: Report, environ: Mapping[str, str], log: Log, connect: Connect, comment_id: str
) -> Report | None:
    """The report with what its pull request's conversation acknowledges; None where there is none to ask.

    One that GitHub does not let be read, or that is about something else, acknowledges nothing.
    """
    if environ.get("GITHUB_ACTIONS") != "true":
        return None
    try:
        runner = runner_of(environ)
        target = plan(runner.event).target
        if runner.access is None or (target.pull_request or report.change.pull_request) is None:
            return None
        with connect(runner) as client:
            number = addressee(client, report, target)
            if number is None:
                return None
            return Acknowledging(runner, log, connect).again(client, number, report, comment_id)
    except (GitHubError, InputError) as error:
        log.say(f"{error}; what the conversation acknowledges is not known")
        return None


def _joined(shards: Sequence[Report], expected: int | None, before: Report, known: Report) -> Report:
    """The whole report once more, from shards whose own gates know what is acknowledged."""
    accepted = {(one.id, one.line): one.acknowledged for one in known.functions}
    joined = merge(
        [marked(shard, [accepted[one.id, one.line] for one in shard.functions]) for shard in shards], expected
    )
    added = [note for note in known.notes if note not in before.notes]
    return joined.model_copy(update={"notes": (*joined.notes, *added)})
