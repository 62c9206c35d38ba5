"""What can go wrong for a user, and the exit code that says so."""

from enum import IntEnum


class ExitCode(IntEnum):
    """Exit codes of the command line and of the action."""

    PASSED = 0
    GATE_FAILED = 1
    BAD_INPUT = 2
    NOT_MEASURED = 3
    DEFECT = 4


class HitrateError(Exception):
    """An error for the user: one line that says what, where and what to do."""

    exit_code = ExitCode.DEFECT

    def __init__(self, message: str, *, output: str = "", snippet: str = "") -> None:
        """Say it in ``message``.

        Args:
            message: The line.
            output: What the project's own command printed last: untrusted.
            snippet: Lines of a workflow that are likely to change it.
        """
        super().__init__(message)
        self.output = output
        self.snippet = snippet


class InputError(HitrateError):
    """Wrong input or configuration; the message names the input and the remedy."""

    exit_code = ExitCode.BAD_INPUT


class AnalysisError(HitrateError):
    """The analysis could not be made: install failed, tests fail without any change, nothing to run."""

    exit_code = ExitCode.NOT_MEASURED
