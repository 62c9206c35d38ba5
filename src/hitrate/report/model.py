"""The report: one versioned JSON document (DESIGN 3.3). Renderers read this and nothing else."""

import json
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, NonNegativeFloat
from pydantic_core import PydanticSerializationError

from hitrate.vocabulary import Effort, GateRule, GateVerdict, HazardKind, Kind, Metric, Stop, Verdict

SCHEMA_VERSION = 1
LARGEST = 2**53 - 1  # every whole number up to it survives any JSON reader

Fraction = Annotated[float, Field(ge=0, le=1)]
Ratio = Annotated[float, Field(gt=0)]
Count = Annotated[int, Field(ge=0, le=LARGEST)]
Ordinal = Annotated[int, Field(ge=1, le=LARGEST)]


class Part(BaseModel):
    """A part of the report: frozen, finite, and open to fields that a newer version adds.

    Text is untrusted: renderers escape it. Sentences (reasons, details, remedies, remarks, notes) may mark
    code with backticks; nothing else in them is markup.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False)


class ToolReport(Part):
    """The program that made the report."""

    name: Literal["hitrate"] = "hitrate"
    version: str


class ChangeReport(Part):
    """What was compared."""

    repository: str | None = Field(description="owner/name, null outside GitHub")
    base: str | None = Field(description="sha of the merge base, null where functions were named directly")
    head: str | None = Field(description="sha of the head commit")
    uncommitted: bool = Field(False, description="whether what was measured differs from the head commit")
    pull_request: Ordinal | None = None
    server_url: str | None = Field(None, description="where the repository is, such as https://github.com")
    run: Ordinal | None = Field(None, description="id of the workflow run that measured")


class RunsReport(Part):
    """How often the test command was run."""

    baseline: Count = 0
    observed: Count = 0
    cached: Count = 0
    trial_pairs: Count = 0


class ProcessesReport(Part):
    """Processes announced and received."""

    expected: Count
    received: Count


class MemoryReport(Part):
    """What is remembered of a run of all tests on the base, and which of them were run for it."""

    commit: str = Field(description="sha of the commit that the memory is of")
    age_seconds: NonNegativeFloat
    run: Count = Field(description="tests that were run, of those that are remembered")
    tests: Count = Field(description="tests that are remembered")
    everything: str | None = Field(
        None, description="why all tests were run, as the second half of a sentence; null where they were not"
    )


class SuiteReport(Part):
    """The test command and what running it cost."""

    command: str
    directory: str = Field(".", description="folder that it is run in, relative to the repository")
    workload: str | None = None
    workload_cpu_seconds: NonNegativeFloat | None = Field(
        None, description="CPU time of one plain run of the workload; null where the tests are the workload"
    )
    workload_wall_seconds: NonNegativeFloat | None = Field(None, description="the same by wall time")
    effort: Effort
    tests: Count | None = Field(description="tests run by the command, null if it does not say")
    cpu_seconds: NonNegativeFloat | None
    wall_seconds: NonNegativeFloat | None
    estimated: bool = Field(
        False,
        description="whether these times are those of an observed run, less what observing added",
    )
    runs: RunsReport
    suite_equivalents: NonNegativeFloat | None = Field(
        description="CPU time of the whole analysis divided by that of one plain run"
    )
    observed_cpu_seconds: NonNegativeFloat | None = Field(
        None, description="CPU time of the observed run; null where there was none"
    )
    cached_cpu_seconds: NonNegativeFloat | None = Field(
        None,
        description="CPU time of all runs with other caches than the tree has; null where there was none",
    )
    processes: ProcessesReport | None
    passed: bool | None = Field(
        None, description="whether the tests pass without any change; null if not run"
    )
    failing_tests: tuple[str, ...] = Field((), description="tests that fail without any change")
    failing_left_out: bool = Field(
        False, description="whether these were left out and the others measured; tests counts the others"
    )
    broken_off: str | None = Field(
        None, description="how the observed run ended before its time, null where it got to its end"
    )
    memory: MemoryReport | None = Field(
        None, description="which tests were run by what is remembered of the base; null without memory"
    )

    @property
    def nothing_imported(self) -> bool:
        """Whether no test process imported the changed files, so that nothing was measured."""
        return self.processes is not None and not self.processes.expected


class TrialReport(Part):
    """An A/B measurement of all recommended caches together."""

    speedup: Ratio | None = Field(description="time without the caches divided by time with them")
    low: Ratio | None = None
    high: Ratio | None = None
    confidence: Fraction | None = None
    pairs: Count
    detectable: NonNegativeFloat | None = Field(
        None, description="smallest relative saving that it could see"
    )
    metric: Metric = Metric.CPU
    tests_selected: Count | None = None
    broken_tests: tuple[str, ...] = ()
    failure: str | None = Field(None, description="why the caches do not hold together, null where they do")
    slowed_by: tuple[str, ...] = Field((), description="functions whose caches made the tests slower")
    seconds_without: NonNegativeFloat | None = Field(None, description="mean time of a run, by the metric")
    seconds_with: NonNegativeFloat | None = None
    predicted_saving_seconds: float | None = Field(None, description="what the trace promised for one run")
    wall_speedup: Ratio | None = Field(None, description="the same by wall time, where CPU time decides")
    wall_low: Ratio | None = None
    wall_high: Ratio | None = None
    stop: Stop | None = Field(None, description="why no more pairs were run, null where none was to be")
    processes: Count | None = Field(
        None, description="processes that ran the tests several times; null where each run was a process"
    )


class TogetherReport(Part):
    """The function's figures when every recommended function is cached at once."""

    hits: Count
    misses: Count
    hit_rate: Fraction | None
    saved_seconds: float | None


class HazardReport(Part):
    """A proof that a cache is or would be wrong."""

    kind: HazardKind
    test: str | None = None
    key: str | None = None
    detail: str
    remedy: str | None = None
    gist: str | None = Field(None, description="the detail in a few words, without values, tests and keys")


class EditReport(Part):
    """One line to replace, so that the change can be shown as a diff or offered as a review suggestion."""

    line: Ordinal = Field(description="line of the head's file, 1-based")
    before: str = Field(description="the line as it is, without its line ending")
    after: tuple[str, ...] = Field(description="the lines to write instead; none removes the line")


class CacheReport(Part):
    """A cache as a decorator says it."""

    maxsize: Count | None = Field(description="null is unbounded")
    typed: bool = False


class AcknowledgementReport(Part):
    """That a finding is known and accepted."""

    by: str | None = Field(None, description="login of the account that said so; null: the config file does")
    found: str | None = Field(
        None, description="the finding that is accepted, such as unsafe+stale; null: whatever is found"
    )
    when: NonNegativeFloat | None = Field(None, description="when, in seconds since 1970")


class FunctionReport(Part):
    """One function: verdict, figures and the change to make."""

    path: str
    qualname: str
    line: Ordinal
    kind: Kind
    verdict: Verdict
    reason: str
    gist: str | None = Field(
        None, description="the reason in a few words, for where the figures stand beside it; null: as it is"
    )
    calls: Count | None = None
    hits: Count | None = None
    misses: Count | None = None
    hit_rate: Fraction | None = None
    hit_rate_within_test: Fraction | None = None
    distinct_keys: Count | None = None
    unhashable: Count | None = None
    maxsize: Count | None = Field(None, description="size the figures are for, null is unbounded")
    typed: bool = False
    recommended_maxsize: Count | None = Field(
        None, description="size to use; null is unbounded or not known, `suggested` tells which"
    )
    curve: tuple[tuple[Count, Fraction, float], ...] = Field(
        (), description="rows [maxsize, hit_rate, saved_seconds]"
    )
    mean_call_seconds: NonNegativeFloat | None = None
    saved_seconds: float | None = None
    saved_low: float | None = Field(
        None, description="lower end of the interval of saved_seconds before any trial; null where not known"
    )
    saved_high: float | None = Field(None, description="upper end of that interval")
    metric: Metric = Field(Metric.CPU, description="what its times are; wall time where its calls wait")
    speedup: Ratio | None = Field(
        None, description="mean duration of a call without the cache divided by with it"
    )
    memory_bytes: Count | None = None
    together: TogetherReport | None = None
    trial: TrialReport | None = Field(None, description="this function cached alone (thorough)")
    hazards: tuple[HazardReport, ...] = ()
    doubted: bool = Field(False, description="whether something speaks against a cache but proves nothing")
    remarks: tuple[str, ...] = ()
    tests: tuple[str, ...] = Field((), description="some of the tests that call it")
    source: str | None = Field(
        None, pattern="^[0-9a-f]{6,64}$", description="short hash of its source, decorators included"
    )
    attainable_hit_rate: Fraction | None = Field(
        None,
        description="hit rate of an existing cache at its own or the advised size, which a gate looks at",
    )
    acknowledged: AcknowledgementReport | None = Field(
        None, description="that the finding is accepted: it asks nothing of a reader and fails no gate"
    )
    suggestion: str | None = Field(None, description="the decorator line to write, null if none is advised")
    suggested: CacheReport | None = Field(
        None, description="the cache that the suggestion gives it, null where it gives none"
    )
    suggested_import: str | None = Field(
        None, description="the import line that the suggestion needs, where no `edits` show it"
    )
    edits: tuple[EditReport, ...] = Field(
        (), description="the whole change to make, import included, top down"
    )

    @property
    def id(self) -> str:
        """``path::Qual.name``."""
        return f"{self.path}::{self.qualname}"


class LimitsReport(Part):
    """The thresholds that decided the verdicts, as fractions."""

    min_hit_rate: Fraction
    min_saving: Fraction
    min_cache_hit_rate: Fraction


class RuleReport(Part):
    """One gate rule: ``passed`` is null where it could not be decided.

    ``limit`` and ``value`` are caches for ``unsafe``, the lowest hit rate for ``wasteful``, a share of the
    workload's CPU time for ``missed``, failing tests for ``broken``, undecided rules for ``inconclusive``.
    """

    rule: GateRule
    limit: float
    value: float | None
    passed: bool | None


class GateReport(Part):
    """The thresholds and whether they hold."""

    verdict: GateVerdict
    rules: tuple[RuleReport, ...] = ()


class Report(Part):
    """The whole report."""

    model_config = ConfigDict(populate_by_name=True, serialize_by_alias=True)

    schema_version: Literal[1] = Field(1, alias="schema")
    tool: ToolReport
    change: ChangeReport
    suite: SuiteReport
    trial: TrialReport | None
    functions: tuple[FunctionReport, ...]
    gate: GateReport
    limits: LimitsReport | None = None
    notes: tuple[str, ...] = ()

    def to_json(self) -> str:
        """The report as JSON text, indented, ending in a newline.

        Names of files need not be Unicode; what of them is not is spelled out, so that any JSON can hold it.
        """
        try:
            return self.model_dump_json(indent=1) + "\n"
        except PydanticSerializationError:
            return json.dumps(_encodable(self.model_dump()), indent=1) + "\n"


def _encodable(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode("utf-8")
    if isinstance(value, dict):
        return {name: _encodable(item) for name, item in value.items()}
    return [_encodable(item) for item in value] if isinstance(value, list | tuple) else value
