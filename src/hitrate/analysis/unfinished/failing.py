"""Tests that fail without any change: where they are few, they are left out and the others measured."""

import re
from collections.abc import Sequence
from dataclasses import replace

from hitrate.analysis.session import Project
from hitrate.evidence import Evidence
from hitrate.source.doubt import Doubt, Grounds, Topic
from hitrate.testrun.narrowing import without_tests
from hitrate.testrun.run import Outcome, TestRun

SHARE_AT_MOST = 0.1
"""Of the tests; where more fail, what the others would say is not what the project's tests say."""
FEW = 3
"""So many where the number of tests is not known: files that cannot be imported, a run that ended at one."""

_ENDED = re.compile(r"^!+ (?:[\w.]+: )?stopping after \d+ failures !+$", re.MULTILINE)


def without_failing(project: Project, run: TestRun) -> Project | None:
    """The project without the tests that fail in a run; None where they are many, or cannot be left out.

    Args:
        project: How its tests were run.
        run: A run of them without any change, or what is known of one.
    """
    if run.outcome is not Outcome.FAILED or not _few(run) or set(run.failed) & set(project.left_out):
        return None
    command = without_tests(project.suite.command, project.suite.directory, run.failed)
    if command is None:
        return None
    left_out = (*project.left_out, *run.failed)
    return replace(project, suite=project.suite.with_command(command), left_out=left_out)


def _few(run: TestRun) -> bool:
    any_file = any("::" not in test for test in run.failed)  # pytest runs no test then
    if any_file or _ENDED.search(run.tail):
        return len(run.failed) <= FEW
    return len(run.failed) <= SHARE_AT_MOST * (run.tests or 0)


def are_few(left_out: Sequence[str], run: TestRun) -> bool:
    """Whether tests that were left out are few beside those that a run of the others ran."""
    return len(left_out) <= SHARE_AT_MOST * (len(left_out) + (run.tests or 0))


def doubted(evidence: Sequence[Evidence], seen: Sequence[Evidence], failing: Sequence[str]) -> list[Evidence]:
    """The evidence, with a doubt about functions that a failing test calls: it does not vouch for them.

    Args:
        evidence: What the other tests gave.
        seen: What runs gave in which those tests were.
        failing: Tests that fail without any change.
    """
    calling: dict[tuple[str, int], dict[str, None]] = {}
    for item in seen:
        tests = dict.fromkeys(test for test in failing if test in item.tests)
        calling.setdefault((item.function.path, item.function.line), {}).update(tests)
    return [
        _doubted(item, (*calling.get((item.function.path, item.function.line), ()),)) for item in evidence
    ]


def _doubted(item: Evidence, tests: tuple[str, ...]) -> Evidence:
    doubt = Doubt(Topic.FAILING, Grounds.SEEN, tests)
    return replace(item, doubts=(*item.doubts, doubt)) if tests else item
