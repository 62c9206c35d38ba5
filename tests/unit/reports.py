"""Realistic reports, as code: the states that renderers, posts and gates are designed for."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from hitrate.report.model import (
    AcknowledgementReport,
    CacheReport,
    ChangeReport,
    EditReport,
    FunctionReport,
    GateReport,
    HazardReport,
    LimitsReport,
    MemoryReport,
    ProcessesReport,
    Report,
    RuleReport,
    RunsReport,
    SuiteReport,
    TogetherReport,
    ToolReport,
    TrialReport,
)
from hitrate.vocabulary import Effort, GateRule, GateVerdict, HazardKind, Kind, Metric, Stop, Verdict

BASE = "4f2a9d1c07b35e6689ab10cde2f3344556677889"
HEAD = "b81e77f00c0ffee5a1d2c3b4a5968778695a4b3c"


@dataclass(frozen=True)
class Working:
    """A cache's figures, made consistent: hits and savings follow from calls, keys and cost of a call."""

    calls: int
    keys: int
    call_seconds: float
    tests: int = 40

    def hits(self, maxsize: int) -> int:
        """Hits of a cache that holds the most used part of the keys."""
        return int((self.calls - self.keys) * min(1.0, maxsize / self.keys) ** 0.6)

    def saved(self, maxsize: int) -> float:
        """Seconds saved, a lookup costing 120 ns."""
        return round(self.hits(maxsize) * self.call_seconds - self.calls * 120e-9, 4)

    def figures(self, maxsize: int) -> dict[str, Any]:
        """Fields of a function report at one size."""
        hits = self.hits(maxsize)
        sizes = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096]
        with_cache = (self.call_seconds * (self.calls - hits) + 120e-9 * self.calls) / self.calls
        return {
            "calls": self.calls,
            "hits": hits,
            "misses": self.calls - hits,
            "hit_rate": hits / self.calls,
            "hit_rate_within_test": max(0.0, (self.calls - self.keys * min(self.tests, 4)) / self.calls)
            * hits
            / self.calls,
            "distinct_keys": self.keys,
            "maxsize": maxsize,
            "curve": tuple(
                (size, round(self.hits(size) / self.calls, 4), self.saved(size)) for size in sizes
            ),
            "mean_call_seconds": self.call_seconds,
            "saved_seconds": self.saved(maxsize),
            "speedup": round(self.call_seconds / with_cache, 2),
            "memory_bytes": min(maxsize, self.keys) * 240,
        }


def together(hits: int, misses: int, saved: float) -> TogetherReport:
    return TogetherReport(hits=hits, misses=misses, hit_rate=hits / (hits + misses), saved_seconds=saved)


def win(**fields: Any) -> FunctionReport:
    """A function that is worth a cache, with the whole change to make."""
    working = Working(calls=9120, keys=320, call_seconds=0.0011)
    given: dict[str, Any] = {
        "path": "src/shop/rates.py",
        "qualname": "parse_rate",
        "line": 41,
        "kind": Kind.NEW,
        "verdict": Verdict.CACHE,
        "reason": "96 % of its calls repeat an earlier one; a cache saves 23 % of CPU time",
        **working.figures(512),
        "recommended_maxsize": 512,
        "together": together(8740, 380, 9.4),
        "tests": (
            "tests/test_rates.py::test_parse[eur]",
            "tests/test_rates.py::test_table",
            "tests/test_quote.py::test_total",
        ),
        "suggestion": "@lru_cache(maxsize=512)",
        "suggested": CacheReport(maxsize=512),
        "edits": (
            EditReport(line=3, before="import re", after=("import re", "from functools import lru_cache")),
            EditReport(
                line=41,
                before="def parse_rate(text: str, currency: str) -> Rate:",
                after=("@lru_cache(maxsize=512)", "def parse_rate(text: str, currency: str) -> Rate:"),
            ),
        ),
    }
    return FunctionReport(**(given | fields))


def second_win(**fields: Any) -> FunctionReport:
    """A recursive function; its source lines are not known."""
    working = Working(calls=182_400, keys=900, call_seconds=0.000021)
    given: dict[str, Any] = {
        "path": "src/shop/packing.py",
        "qualname": "Packer.best_fit",
        "line": 88,
        "reason": "99.5 % of its calls repeat an earlier one; a cache saves 9.2 % of CPU time",
        **working.figures(1024),
        "recommended_maxsize": 1024,
        "together": together(181_400, 1000, 3.8),
        "tests": ("tests/test_packing.py::test_large_order",),
        "suggestion": "@lru_cache(maxsize=1024)",
        "suggested": CacheReport(maxsize=1024),
        "suggested_import": "from functools import lru_cache",
        "edits": (),
    }
    return win(**(given | fields))


def tempting(**fields: Any) -> FunctionReport:
    """A function with good figures that must not be cached."""
    working = Working(calls=2210, keys=3, call_seconds=0.0021)
    given: dict[str, Any] = {
        "path": "src/shop/config.py",
        "qualname": "load_config",
        "line": 12,
        "kind": Kind.NEW,
        "verdict": Verdict.UNSAFE,
        "reason": (
            "stale: equal arguments gave different results (`['currency']: 'EUR'`, then `'SEK'`, first in "
            "`tests/test_config.py::test_defaults`); it reads files"
        ),
        "gist": "equal arguments gave different results; it reads files",
        **working.figures(128),
        "hazards": (
            HazardReport(
                kind=HazardKind.STALE,
                test="tests/test_config.py::test_reload[defaults|override]",
                key="(PosixPath('shop.toml'),)",
                detail=(
                    "equal arguments gave different results (`['currency']: 'EUR'`, then `'SEK'`, first in "
                    "`tests/test_config.py::test_defaults`); it reads files"
                ),
                remedy="pass what it reads as an argument",
                gist="equal arguments gave different results; it reads files",
            ),
            HazardReport(
                kind=HazardKind.ALIASED,
                test="tests/test_config.py::test_defaults",
                key="(PosixPath('shop.toml'),)",
                detail=(
                    "a result was changed after it was returned (`['currency']: 'EUR'`, then `'SEK'`); "
                    "a cache hands the changed object to the next caller"
                ),
                remedy="return a copy, or something immutable such as a tuple",
                gist="what it returns is changed afterwards",
            ),
        ),
    }
    return FunctionReport(**(given | fields))


def wrong(**fields: Any) -> FunctionReport:
    """A cache that the change adds and that is wrong."""
    working = Working(calls=640, keys=12, call_seconds=0.00034)
    given: dict[str, Any] = {
        "path": "src/shop/cart.py",
        "qualname": "Cart.lines",
        "line": 57,
        "kind": Kind.EXISTING,
        "verdict": Verdict.UNSAFE,
        "reason": (
            "aliased: a result was changed after it was returned (`[2]: nothing`, then `Line(id=9)`); "
            "a cache hands the changed object to the next caller"
        ),
        "gist": "what it returns is changed afterwards",
        **working.figures(128),
        "hazards": (
            HazardReport(
                kind=HazardKind.ALIASED,
                test="tests/test_cart.py::test_discount_twice",
                key="(Cart(id=7),)",
                detail=(
                    "a result was changed after it was returned (`[2]: nothing`, then `Line(id=9)`); "
                    "a cache hands the changed object to the next caller"
                ),
                remedy="return a copy, or something immutable such as a tuple",
                gist="what it returns is changed afterwards",
            ),
        ),
    }
    return FunctionReport(**(given | fields))


def existing(verdict: Verdict, **fields: Any) -> FunctionReport:
    """An audited cache."""
    working = {
        Verdict.KEEP: Working(calls=5200, keys=64, call_seconds=0.0004),
        Verdict.RESIZE: Working(calls=48_000, keys=2000, call_seconds=0.0003),
        Verdict.DROP: Working(calls=3100, keys=3000, call_seconds=0.00002),
    }[verdict]
    given: dict[str, Any] = {
        "path": "src/shop/geo.py",
        "qualname": {Verdict.KEEP: "country_of", Verdict.RESIZE: "distance", Verdict.DROP: "request_id"}[
            verdict
        ],
        "line": {Verdict.KEEP: 20, Verdict.RESIZE: 44, Verdict.DROP: 71}[verdict],
        "kind": Kind.EXISTING,
        "verdict": verdict,
        "reason": {
            Verdict.KEEP: "its cache answers 99 % of the calls",
            Verdict.RESIZE: "maxsize 128 is too small; 2,048 saves 14 s instead of 2.7 s",
            Verdict.DROP: "its cache answers 0.4 % of the calls (at least 20 % wanted)",
        }[verdict],
        "gist": "its hit rate is below 20 %" if verdict is Verdict.DROP else None,
        **working.figures(128),
        "recommended_maxsize": {Verdict.KEEP: 128, Verdict.RESIZE: 2048, Verdict.DROP: None}[verdict],
        "suggestion": "@lru_cache(maxsize=2048)" if verdict is Verdict.RESIZE else None,
        "suggested": CacheReport(maxsize=2048) if verdict is Verdict.RESIZE else None,
        "edits": (EditReport(line=43, before="@lru_cache", after=("@lru_cache(maxsize=2048)",)),)
        if verdict is Verdict.RESIZE
        else (EditReport(line=70, before="@lru_cache", after=()),)
        if verdict is Verdict.DROP
        else (),
    }
    return FunctionReport(**(given | fields))


def doubted(**fields: Any) -> FunctionReport:
    """A cache of which something suggests that it is wrong, and nothing proves it."""
    given: dict[str, Any] = {
        "qualname": "rate_of_today",
        "verdict": Verdict.INCONCLUSIVE,
        "reason": "its cache may be wrong: it reads the clock (date.today)",
        "gist": "it reads the clock",
        "recommended_maxsize": None,
        "doubted": True,
    }
    return existing(Verdict.KEEP).model_copy(update=given | fields)


def not_worth_it(**fields: Any) -> FunctionReport:
    working = Working(calls=400, keys=360, call_seconds=0.000004)
    given: dict[str, Any] = {
        "path": "src/shop/text.py",
        "qualname": "slug",
        "line": 9,
        "kind": Kind.NEW,
        "verdict": Verdict.NOT_WORTH_IT,
        "reason": "only 5.2 % of its calls repeat an earlier one (at least 20 % wanted)",
        "gist": "its hit rate is below 20 %",
        **working.figures(128),
    }
    return FunctionReport(**(given | fields))


def ineligible(**fields: Any) -> FunctionReport:
    given: dict[str, Any] = {
        "path": "src/shop/client.py",
        "qualname": "Client.fetch",
        "line": 30,
        "kind": Kind.NEW,
        "verdict": Verdict.INELIGIBLE,
        "reason": "a coroutine function: the cache would hand out one coroutine twice",
    }
    return FunctionReport(**(given | fields))


def inconclusive(**fields: Any) -> FunctionReport:
    given: dict[str, Any] = {
        "path": "src/shop/orders.py",
        "qualname": "Order.weight",
        "line": 102,
        "kind": Kind.NEW,
        "verdict": Verdict.INCONCLUSIVE,
        "reason": "the tests never call it",
        "calls": 0,
        "remarks": ("No test calls it: add one, or give a workload.",),
    }
    return FunctionReport(**(given | fields))


def change(**fields: Any) -> ChangeReport:
    given: dict[str, Any] = {
        "repository": "octo-org/shop",
        "base": BASE,
        "head": HEAD,
        "pull_request": 7,
        "server_url": "https://github.com",
        "run": 31,
    }
    return ChangeReport(**(given | fields))


def suite(**fields: Any) -> SuiteReport:
    given: dict[str, Any] = {
        "command": "python -m pytest -q",
        "effort": Effort.STANDARD,
        "tests": 812,
        "passed": True,
        "cpu_seconds": 41.2,
        "wall_seconds": 44.0,
        "runs": RunsReport(baseline=1, observed=1, trial_pairs=8),
        "suite_equivalents": 2.1,
        "processes": ProcessesReport(expected=3, received=3),
    }
    return SuiteReport(**(given | fields))


def trial(**fields: Any) -> TrialReport:
    given: dict[str, Any] = {
        "speedup": 1.38,
        "low": 1.31,
        "high": 1.45,
        "confidence": 0.95,
        "pairs": 8,
        "detectable": 0.02,
        "metric": Metric.CPU,
        "tests_selected": 95,
    }
    return TrialReport(**(given | fields))


def passing() -> GateReport:
    rule = RuleReport(rule=GateRule.UNSAFE, limit=0, value=0, passed=True)
    return GateReport(verdict=GateVerdict.PASS, rules=(rule,))


def failing() -> GateReport:
    rules = (
        RuleReport(rule=GateRule.UNSAFE, limit=0, value=1, passed=False),
        RuleReport(rule=GateRule.WASTEFUL, limit=0.2, value=0.003, passed=False),
        RuleReport(rule=GateRule.MISSED, limit=0.05, value=None, passed=None),
    )
    return GateReport(verdict=GateVerdict.FAIL, rules=rules)


def undecided() -> GateReport:
    rule = RuleReport(rule=GateRule.WASTEFUL, limit=0.2, value=None, passed=None)
    return GateReport(verdict=GateVerdict.INCONCLUSIVE, rules=(rule,))


def report(functions: Sequence[FunctionReport] = (), **fields: Any) -> Report:
    given: dict[str, Any] = {
        "tool": ToolReport(version="0.1.0"),
        "change": change(),
        "suite": suite(),
        "trial": None,
        "functions": tuple(map(with_source, functions)),
        "gate": passing(),
        "limits": LimitsReport(min_hit_rate=0.2, min_saving=0.01, min_cache_hit_rate=0.2),
    }
    return Report(**(given | fields))


def with_source(function: FunctionReport) -> FunctionReport:
    """With a digest of a source, as every function of a real report has."""
    digest = hashlib.sha256(function.id.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    return function.model_copy(update={"source": function.source or digest})


def one_win() -> Report:
    return report([win(), not_worth_it()], trial=trial(tests_selected=3))


def mixed() -> Report:
    """One of everything, with the worst first to be found."""
    functions = [
        not_worth_it(), win(), ineligible(), second_win(), tempting(), inconclusive(),
        existing(Verdict.KEEP), existing(Verdict.RESIZE), existing(Verdict.DROP), wrong(),
    ]  # fmt: skip
    notes = ("This pull request changes `.github/hitrate.yml`; its values were used.",)
    return report(functions, trial=trial(), gate=failing(), notes=notes)


def nothing() -> Report:
    """Nothing to say."""
    return report([not_worth_it(), ineligible()])


def no_functions() -> Report:
    return report([])


def many(number: int) -> Report:
    """A large pull request."""
    functions: list[FunctionReport] = []
    for index in range(number):
        where = {"path": f"src/shop/module_{index // 10:02}.py", "line": 10 + index % 10 * 12}
        match index % 10:
            case 0:
                functions.append(win(qualname=f"parse_{index}", **where))
            case 1:
                functions.append(tempting(qualname=f"load_{index}", **where))
            case 2:
                functions.append(existing(Verdict.RESIZE, qualname=f"distance_{index}", **where))
            case 3 | 4:
                functions.append(ineligible(qualname=f"Client.fetch_{index}", **where))
            case 5:
                functions.append(inconclusive(qualname=f"weight_{index}", **where))
            case _:
                functions.append(not_worth_it(qualname=f"slug_{index}", **where))
    return report(functions, trial=trial())


def quick() -> Report:
    """Two runs: one pair, no interval, nothing but counts."""
    counts: dict[str, Any] = {
        "hit_rate_within_test": None,
        "distinct_keys": None,
        "curve": (),
        "mean_call_seconds": None,
        "saved_seconds": None,
        "speedup": None,
        "memory_bytes": None,
        "together": None,
        "recommended_maxsize": 128,
        "suggestion": "@lru_cache(maxsize=128)",
        "suggested": CacheReport(maxsize=128),
        "suggested_import": "from functools import lru_cache",
        "edits": (),
        "tests": (),
        "reason": "96 % of its calls repeat an earlier one; the tests pass",
    }
    runs = RunsReport(baseline=1, cached=1)
    return report(
        [win(**counts), ineligible()],
        suite=suite(effort=Effort.QUICK, runs=runs, suite_equivalents=2.0),
        trial=trial(
            speedup=1.31, low=None, high=None, confidence=None, pairs=1, detectable=None, tests_selected=None
        ),
        notes=("Quick: hits, misses and savings are those of one run with every candidate cached.",),
    )


def broken_suite() -> Report:
    """the tests fail without any change"""
    failing_tests = ("tests/test_rates.py::test_parse[eur]", "tests/test_cart.py::test_total")
    rule = RuleReport(rule=GateRule.BROKEN, limit=0, value=2, passed=False)
    return report(
        [inconclusive(calls=None, reason="The tests fail without any change", remarks=())],
        suite=suite(
            passed=False, failing_tests=failing_tests, suite_equivalents=1.0, runs=RunsReport(baseline=1)
        ),
        gate=GateReport(verdict=GateVerdict.FAIL, rules=(rule,)),
    )


def unclear() -> Report:
    """The trial saw no difference."""
    return report([win()], trial=trial(speedup=1.01, low=0.98, high=1.04))


def slower() -> Report:
    """The trial saw a loss, and tests that break."""
    broken = trial(speedup=0.9, low=0.86, high=0.94, broken_tests=("tests/test_rates.py::test_patched",))
    return report(
        [inconclusive(reason="the trial with the cache was slower")], trial=broken, gate=undecided()
    )


def acknowledged() -> Report:
    """What is wrong is known: one finding by a comment, one by the config file; one more is in doubt."""
    by_comment = AcknowledgementReport(by="octocat", when=1_790_000_000.0)
    functions = [
        wrong(acknowledged=by_comment, attainable_hit_rate=0.98),
        existing(Verdict.DROP, acknowledged=AcknowledgementReport(), attainable_hit_rate=0.004),
        doubted(),
    ]
    return report(functions)


def remembered() -> Report:
    """Memory of the base chose the tests, and the times are those of the observed run."""
    memory = MemoryReport(commit=BASE, age_seconds=93_000.0, run=31, tests=812)
    runs = RunsReport(observed=1, trial_pairs=5)
    return report(
        [win(), existing(Verdict.RESIZE)],
        suite=suite(runs=runs, estimated=True, memory=memory, suite_equivalents=0.34),
        trial=trial(pairs=5, stop=Stop.PRECISE),
    )


def thorough() -> Report:
    """Everything is tried alone; one waits for a network; a workload stands for production."""
    solo = trial(speedup=1.3, low=1.22, high=1.38, pairs=6, tests_selected=3)
    waiting = win(
        path="src/shop/client.py",
        qualname="Client.countries",
        reason="96 % of its calls repeat an earlier one; a cache saves 31 % of wall time",
        metric=Metric.WALL,
        remarks=("its calls wait most of the time: its times are wall time",),
        edits=(),
        suggested_import="from functools import lru_cache",
        trial=trial(speedup=1.02, low=0.97, high=1.07, pairs=6, metric=Metric.WALL),
    )
    kept = existing(Verdict.KEEP, saved_low=1.71, saved_high=2.33, typed=True, attainable_hit_rate=0.99)
    together = trial(
        seconds_without=41.0, seconds_with=29.7, predicted_saving_seconds=10.0, stop=Stop.LAST_LOOK,
        wall_speedup=1.52, wall_low=1.4, wall_high=1.65,
    )  # fmt: skip
    measured = suite(
        effort=Effort.THOROUGH,
        workload="python benchmarks/orders.py",
        workload_cpu_seconds=41.0,
        workload_wall_seconds=58.5,
        runs=RunsReport(baseline=2, observed=7, trial_pairs=20),
        suite_equivalents=11.4,
    )
    return report([win(trial=solo), waiting, kept], suite=measured, trial=together)


def cut_short() -> Report:
    """Processes are missing: what depends on the counts is not decided."""
    broken_off = "2 of 5 test processes delivered no figures"
    return report(
        [inconclusive(reason=broken_off, calls=811, unhashable=12, remarks=()), not_worth_it()],
        suite=suite(broken_off=broken_off, processes=ProcessesReport(expected=5, received=3)),
        gate=undecided(),
    )


def at_home() -> Report:
    """On the command line: nothing of GitHub is known, and the change is not committed."""
    at = change(repository=None, pull_request=None, server_url=None, run=None, uncommitted=True)
    refused = not_worth_it(
        reason="its arguments cannot be the key of a cache",
        gist="its arguments cannot be hashed",
        hits=0,
        misses=0,
        hit_rate=None,
        hit_rate_within_test=None,
        unhashable=400,
        curve=(),
        remarks=("400 of 400 of its calls pass arguments that cannot be hashed: `rows` is a list",),
    )
    return report([win(), refused], change=at, trial=trial())


STATES = {
    "one-win": one_win,
    "mixed": mixed,
    "nothing": nothing,
    "no-functions": no_functions,
    "many-50": lambda: many(50),
    "many-500": lambda: many(500),
    "quick": quick,
    "broken-suite": broken_suite,
    "unclear": unclear,
    "slower": slower,
    "acknowledged": acknowledged,
    "remembered": remembered,
    "thorough": thorough,
    "cut-short": cut_short,
    "at-home": at_home,
}
