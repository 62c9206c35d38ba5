"""The commands: arguments become settings, the outcome becomes an exit code."""

import codecs
import contextlib
import io
import os
import shutil
import signal
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

import click

from hitrate import __version__, starting
from hitrate.commands import outputs as outputs_
from hitrate.errors import ExitCode, HitrateError

DEBUG = "--debug"
READER_GONE = 141
"""As of a command that SIGPIPE ends: whoever read its output has gone."""
EXIT_CODES = (
    "Exit codes: 0 the gate passed, 1 it failed, 2 wrong input or configuration, "
    "3 nothing could be measured, 4 a defect in Hitrate."
)
SPELLED = {
    "\N{NO-BREAK SPACE}": " ",
    "\N{EN DASH}": "-",
    "\N{MINUS SIGN}": "-",
    "\N{MULTIPLICATION SIGN}": "x",
    "\N{ALMOST EQUAL TO}": "~",
    "\N{MICRO SIGN}": "u",
    "\N{HORIZONTAL ELLIPSIS}": "...",
}
"""What figures are made of, for terminals that speak no Unicode."""

Settable = Callable[[Callable[..., Any]], Callable[..., Any]]


def _options(*names: str) -> Settable:
    """Options for settings, each with its own description; values are checked by the settings model."""
    from hitrate.settings.model import described, option_name  # noqa: PLC0415 - keeps `--version` fast

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        for name in reversed(names):
            repeatable = name in {"paths", "exclude"}
            option = click.option(
                f"--{option_name(name)}",
                name,
                multiple=repeatable,
                default=() if repeatable else None,
                help=described(name),
                metavar="GLOB" if repeatable else "VALUE",
            )
            command = option(command)
        return command

    return decorate


class Commands(click.Group):
    """The group of all commands; one whose reader has gone does not end as a failed gate does."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that was asked for."""
        try:
            return super().invoke(ctx)
        except ImportError:
            if shutil.which("git") is None:  # GitPython looks for it as soon as it is imported
                raise click.ClickException("git: not found on the PATH; install it") from None
            raise
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what is left has nowhere to go
            return READER_GONE


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]}, epilog=EXIT_CODES)
@click.version_option(__version__, prog_name="hitrate")
@click.option(DEBUG, is_flag=True, help="Show a traceback on errors; accepted anywhere on the line.")
def cli(debug: bool) -> None:
    """Measure which functions deserve functools.lru_cache, and which caches are wrong."""
    del debug  # read before the commands are, so that it may stand anywhere


@cli.command(epilog=EXIT_CODES)
@_options("base")
@click.option(
    "--head", metavar="REF", help="The commit that is checked out; by default the working tree as it is."
)
@click.option(
    "--function",
    "functions",
    multiple=True,
    metavar="PATH::QUAL.NAME",
    help="Look at this function, changed or not.",
)
@click.option("--json", "json_path", metavar="PATH", help="Write the report as JSON; - is standard output.")
@click.option("--html", "html_path", metavar="PATH", help="Write the report as one HTML page.")
@click.option("--markdown", "markdown_path", metavar="PATH", help="Write the comment's text.")
@_options(
    "effort",
    "test_command",
    "workload",
    "working_directory",
    "paths",
    "exclude",
    "maxsize",
    "time_budget",
    "timeout",
    "min_hit_rate",
    "min_saving",
    "min_cache_hit_rate",
    "max_missed_saving",
    "fail_on",
    "config",
    "memory",
)
@click.option("--dry-run", is_flag=True, help="Say which functions would be measured, and run nothing.")
def run(
    head: str | None,
    functions: tuple[str, ...],
    json_path: str | None,
    html_path: str | None,
    markdown_path: str | None,
    dry_run: bool,
    **given: Any,
) -> ExitCode:
    """Measure the changed functions of the checkout in the current folder."""
    from hitrate.commands import run as command  # noqa: PLC0415 - keeps `--version` fast
    from hitrate.testrun.run import cpu_seconds  # noqa: PLC0415

    starting.begun()
    chosen = {name: value for name, value in given.items() if value not in (None, ())}
    if dry_run:
        chosen["dry_run"] = True
    outputs = outputs_.Outputs(json_path, html_path, markdown_path)
    with tempfile.TemporaryDirectory(prefix="hitrate-") as scratch:
        return command.run_command(
            command.Request(Path.cwd(), head, functions, chosen, outputs),
            environ=os.environ,
            scratch=Path(scratch),
            cpu_clock=cpu_seconds,
        )


@cli.command(short_help="Show the whole action on a small sample repository.")
@_options("effort")
@click.option("--json", "json_path", metavar="PATH", help="Keep the report as JSON.")
@click.option("--html", "html_path", metavar="PATH", help="Keep the report as a page.")
def demo(json_path: str | None, html_path: str | None, **given: Any) -> ExitCode:
    """Show the whole action on a small sample repository: no network, no token, nothing left behind."""
    from hitrate.demo import demo as sample  # noqa: PLC0415 - keeps `--version` fast
    from hitrate.demo.sample import PULL_REQUEST, REPOSITORY  # noqa: PLC0415
    from hitrate.sandbox.variables import without_tokens  # noqa: PLC0415
    from hitrate.settings.model import build_settings  # noqa: PLC0415
    from hitrate.testrun.run import cpu_seconds  # noqa: PLC0415

    starting.begun()
    inputs = {name: value for name, value in given.items() if value is not None}
    build_settings(inputs, {})  # says what is wrong with them before anything is made
    kept = outputs_.Outputs(json=json_path, html=html_path)
    outputs_.check_outputs(kept)
    machine = sample.Machine(without_tokens(os.environ), sys.stdout, cpu_seconds)
    with tempfile.TemporaryDirectory(prefix="hitrate-demo-") as folder:
        shown = sample.demonstrate(Path(folder), machine, inputs)
        outputs_.write_outputs(shown.report, kept)
    click.echo(f"\nThe comment on {REPOSITORY}#{PULL_REQUEST}:\n\n{shown.comment}")
    for text in outputs_.written(kept):
        click.echo(text)
    return ExitCode.PASSED


@cli.command()
@_options("base")
@click.option("--head", metavar="REF", help="The commit that is checked out.")
@_options("paths", "exclude", "config")
@click.option("--shards", type=int, required=True, metavar="N", help="Shards at most, 1 to 256.")
def plan(head: str | None, shards: int, **given: Any) -> ExitCode:
    """Print a matrix that divides the changed functions over N jobs."""
    from hitrate.commands import run as command  # noqa: PLC0415 - keeps `--version` fast

    starting.begun()
    chosen = {name: value for name, value in given.items() if value not in (None, ())}
    click.echo(
        command.plan_command(command.Request(Path.cwd(), head, (), chosen, outputs_.Outputs()), shards)
    )
    return ExitCode.PASSED


@cli.command()
@click.argument("reports", nargs=-1, type=click.Path(path_type=Path), metavar="REPORT...")
@click.option(
    "--expect", type=int, metavar="N", help="Number of shards that were planned; missing ones are reported."
)
@click.option("--json", "json_path", metavar="PATH", help="Write the whole report as JSON.")
@click.option("--html", "html_path", metavar="PATH", help="Write it as one HTML page.")
@click.option("--markdown", "markdown_path", metavar="PATH", help="Write the comment's text.")
@_options("comment_id")
def merge(
    reports: tuple[Path, ...],
    expect: int | None,
    json_path: str | None,
    html_path: str | None,
    markdown_path: str | None,
    **given: Any,
) -> ExitCode:
    """Join the reports of the shards of one change into one."""
    from hitrate.action import step  # noqa: PLC0415 - keeps `--version` fast
    from hitrate.commands import merging as command  # noqa: PLC0415

    starting.begun()
    outputs = outputs_.Outputs(json_path, html_path, markdown_path)
    chosen = {name: value for name, value in given.items() if value is not None}
    return command.merge_command(reports, expect, chosen, outputs, os.environ, step.connect)


@cli.command(short_help="Add the step to a workflow, or write a workflow.")
@click.argument("workflow", required=False)
def init(workflow: str | None) -> ExitCode:
    """Add the step to a workflow, or write a workflow; a second time changes nothing."""
    from hitrate.workflow import init as workflows  # noqa: PLC0415 - keeps `--version` fast
    from hitrate.workflow.writing.step import ACTION, VERSION  # noqa: PLC0415
    from hitrate.workspace.release import released_commit  # noqa: PLC0415

    starting.begun()
    here = Path.cwd()
    root = next((folder for folder in (here, *here.parents) if (folder / ".git").exists()), here)
    named = Path(os.path.relpath(workflow, root)).as_posix() if workflow else None
    proposal = workflows.propose(root, named, lambda: released_commit(os.environ, ACTION, VERSION))
    for line in (*proposal.notes, *filter(None, [proposal.snippet or proposal.diff()])):
        click.echo(line, nl=not line.endswith("\n"))
    if proposal.changes:
        workflows.write(root, proposal)
        click.echo(f"\n{proposal.path} is written; look it through and commit it.")
    return ExitCode.BAD_INPUT if proposal.after is None else ExitCode.PASSED


@cli.command(short_help="Post a report that a run without write permission made.")
@click.option(
    "--report",
    required=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The report.json to post.",
)
@_options("comment", "comment_id", "suggestions")
def post(report: Path, **given: Any) -> ExitCode:
    """Post a report of a run without write permission; runs on GitHub, with the token in GITHUB_TOKEN."""
    from hitrate.action.secondstage import post_report  # noqa: PLC0415 - keeps `--version` fast
    from hitrate.action.step import RENDERING, connect  # noqa: PLC0415

    starting.begun()
    chosen = {name: value for name, value in given.items() if value is not None}
    return post_report(os.environ, sys.stdout, report, chosen, connect, RENDERING)


@cli.command()
def recover() -> ExitCode:
    """Put a tree back after a crash."""
    from hitrate.change.comparison import open_repository  # noqa: PLC0415
    from hitrate.patching.restore import name_of, recovered  # noqa: PLC0415

    starting.begun()
    tree = Path(open_repository(Path.cwd()).working_dir)
    restored = recovered(tree)
    for item in restored:
        name = name_of(item.path, tree.resolve())
        click.echo(
            f"restored {name}, with what was edited in it meanwhile" if item.edited else f"restored {name}"
        )
    if not restored:
        click.echo("Nothing to put back.")
    return ExitCode.PASSED


class Terminated(SystemExit):
    """SIGTERM came; the code is the exit code."""


@contextlib.contextmanager
def terminated_like_interrupted() -> Iterator[None]:
    """SIGTERM unwinds the stack as Ctrl-C does, so that patched files are put back."""

    def stop(number: int, frame: FrameType | None) -> NoReturn:
        del frame
        raise Terminated(128 + number)

    before = starting.on_termination(stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def show_what_can_be_shown() -> None:
    """What the terminal's encoding lacks is spelled otherwise there, or a question mark, and no error."""
    codecs.register_error("hitrate", spelled)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="hitrate")


def spelled(error: UnicodeError) -> tuple[str, int]:
    """Signs that an encoding lacks, in those that every encoding has: ``1.38x``, ``480 us``."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(SPELLED.get(sign, "?") for sign in error.object[error.start : error.end]), error.end


def main(arguments: list[str] | None = None) -> NoReturn:
    """Run a command; an error is one line on standard error, never a traceback unless ``--debug``."""
    given = sys.argv[1:] if arguments is None else arguments
    show_what_can_be_shown()
    with terminated_like_interrupted():
        sys.exit(_exit_code(given))


def _exit_code(arguments: list[str]) -> int:
    if not arguments:
        click.echo(cli.get_help(click.Context(cli, info_name="hitrate")), err=True)
        return ExitCode.BAD_INPUT
    try:
        with _tracebacks() if DEBUG in arguments else contextlib.nullcontext():
            code = cli.main(
                [argument for argument in arguments if argument != DEBUG],
                prog_name="hitrate",
                standalone_mode=False,
            )
    except (click.exceptions.Abort, KeyboardInterrupt):
        return _complain("interrupted; the tree is as it was", starting.INTERRUPTED)
    except Terminated:
        return _complain("terminated; the tree is as it was", 128 + signal.SIGTERM)
    except click.ClickException as error:
        return _complain(error.format_message(), ExitCode.BAD_INPUT)
    except HitrateError as error:
        return _complain(str(error), error.exit_code)
    except Exception as error:
        return _complain(
            f"a defect in Hitrate ({type(error).__name__}: {error}); report it with what --debug prints",
            ExitCode.DEFECT,
        )
    return int(code) if isinstance(code, int) else ExitCode.PASSED


@contextlib.contextmanager
def _tracebacks() -> Iterator[None]:
    """Show where an error came from, and pass it on: the exit code stays what it is."""
    try:
        yield
    except Exception:
        traceback.print_exc()
        raise


def _complain(message: str, code: int) -> int:
    line = " ".join(message.split())
    click.echo(f"hitrate: {line}", err=True)
    return code
