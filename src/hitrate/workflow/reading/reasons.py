"""Why a job is, or is not, the one for the step: data with a weight; the sentences are made here only."""

from dataclasses import dataclass
from enum import Enum

SURE = 18
"""From this sum of weights on a job is taken without asking."""

NEVER = -1000
"""The weight of what excludes a job, whatever else speaks for it."""


class Point(Enum):
    """Something that speaks for a job or against it: its weight, and what is said of it.

    ``{}`` in the words is what was seen in the file.
    """

    RUNNER = 30, "runs the tests: `{}`"
    TOX = 25, "runs the tests by tox: `{}`"
    NOX = 25, "runs the tests by nox: `{}`"
    HATCH = 25, "runs the tests by Hatch: `{}`"
    TARGET = 20, "runs `{}`, which by its name runs the tests"
    NAMED = 8, "is named after tests"
    NAMED_AMONG_OTHERS = 6, "has tests in its name"
    IN_FILE_OF_TESTS = 5, "is in a file named after tests"
    PYTHONS = 3, "runs on several Pythons"

    UNKNOWN_ENVIRONMENT = -15, "what `{}` runs cannot be told"
    PART = -20, "runs only a part of the tests, or an unusual variant: {}"
    IN_FILE_OF_OTHERS = -6, "is in a file named after something else"
    ODD_ROW = -2, "its matrix has nothing plainer than {}"
    CONTAINER = -6, "runs in the container {}"
    ALPINE = -20, "runs in the container {}, whose C library is not the one of Hitrate's image"
    COMMAND_OF_MANY = -4, "the tests are in a script with branches, which is taken as it is"
    SUBFOLDER = -12, "runs only the tests in {}"
    OLD = -1, "runs on Python {}, which is past its end of life"
    PRERELEASE = -4, "runs on Python {}, which is not released"
    SERVICES = -3, "needs services: {}"
    NO_CHECKOUT = -10, "has no step that checks out the code"
    PULL_REQUESTS_BY_PUSH = -3, "runs when a branch is pushed, not for pull requests"

    CALLED_OTHERWISE = NEVER, "is named after something other than tests"
    ANOTHER_PYTHON = NEVER, "runs on Python {} only, which Hitrate cannot measure"
    ELSEWHERE = NEVER, "runs on {} only, and the action needs Linux"
    NO_PLATFORM = NEVER, "does not say that it runs on Linux"
    DYNAMIC = NEVER, "has a matrix that is computed at run time, so which row runs on Linux is not known"
    DIST = NEVER, "tests a built package (`{}`), not the code that a pull request changes"
    OTHER_CODE = NEVER, "does not test the checkout: `{}`"
    CHANGES_FILES = NEVER, "removes or changes files first: `{}`"
    CUT = NEVER, "has the tests within a script that would have to be cut: `{}`"
    SKIPS = NEVER, "skips some pull requests: `if: {}`"
    NOT_ON_PULL_REQUESTS = NEVER, "does not run on pull requests or pushes"
    ONLY_FOR_OTHER_FILES = NEVER, "runs only when other files than the code change: {}"
    HIDDEN = NEVER, "runs `{}`, which is not read"
    UNEDITABLE = NEVER, "cannot be changed safely: {}"

    @property
    def weight(self) -> int:
        """For the job above 0, against it below."""
        return self.value[0]


@dataclass(frozen=True, slots=True)
class Reason:
    """A point with what was seen in the file."""

    point: Point
    seen: str = ""

    @property
    def excludes(self) -> bool:
        """Whether the job is not to be taken, whatever else speaks for it."""
        return self.point.weight == NEVER

    def __str__(self) -> str:
        """As the end of a sentence about the job."""
        seen = " ".join(self.seen.split())
        return self.point.value[1].format(seen if len(seen) <= _SHOWN else f"{seen[:_SHOWN]}…")


_SHOWN = 90


class Absence(Enum):
    """Something that the job's tests have and the action's container has not."""

    SERVER = "Step “{}” starts a server that the action's container does not reach at localhost"
    ACTION = "Step “{}” installs something on the runner that the action's container does not have"
    RUNNER = "Step “{}” changes the runner, not the checkout, and the action's container does not see it"

    def sentence(self, step: str) -> str:
        """What is absent, and what to do about it."""
        remedy = {
            Absence.SERVER: "make it one of the job's `services` if the tests need it",
            Absence.ACTION: "install it in `setup` if the tests need it",
            Absence.RUNNER: "repeat it in `setup` or `test-command` if the tests need it",
        }[self]
        return f"{self.value.format(step)}; {remedy}."
