"""A function at a real commit with a known answer, as the list of cases has it."""

import argparse
import json
from enum import StrEnum
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class Direction(StrEnum):
    """From which side a case is looked at."""

    FUNCTION = "function"
    """The function is named, at a commit where it carries no cache."""
    CHANGE = "change"
    """Where maintainers added a cache: their real commit. Where they took it out: the function as it was before."""


class Expected(StrEnum):
    """What is known of a function."""

    RECOMMEND = "recommend"
    REJECT = "reject"
    EITHER = "either"


class Kind(StrEnum):
    """What maintainers did."""

    ADDED = "added"
    REMOVED = "removed"
    UNSAFE = "unsafe"
    NEUTRAL = "neutral"


class Case(BaseModel):
    """One case; ``hits`` and ``misses`` are ``cache_info()`` of a real cache, summed over processes."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    repo: str
    tree_commit: str
    fix_commit: str | None = None
    file: str
    qualname: str
    kind: Kind
    python: str
    env: dict[str, str | None] = Field(default_factory=dict)
    install: tuple[str, ...]
    test: str
    hits: int
    misses: int
    maxsize_used: int | None
    processes: int
    tests_pass_with_cache: bool
    expected: Expected
    must_not: bool

    @property
    def function(self) -> str:
        """``path::Qual.name``."""
        return f"{self.file}::{self.qualname}"

    def commit(self, direction: Direction) -> str | None:
        """What is checked out; None where the case cannot be looked at from that side."""
        if direction is Direction.FUNCTION:
            return self.tree_commit
        match self.kind:
            case Kind.ADDED:
                return self.fix_commit
            case Kind.REMOVED:
                return f"{self.fix_commit}^"
            case _:
                return None

    def selection(self, direction: Direction) -> tuple[str, ...]:
        """The options of ``hitrate run`` that choose what is looked at."""
        if direction is Direction.CHANGE and self.kind is Kind.ADDED:
            return ("--base", f"{self.fix_commit}^", "--head", f"{self.fix_commit}")
        size = "none" if self.maxsize_used is None else str(self.maxsize_used)
        return ("--function", self.function, "--maxsize", size)


def read_cases(path: Path, wanted: list[str]) -> list[Case]:
    """The cases of a file, or those of them that are wanted."""
    entries: list[dict[str, Any]] = json.loads(path.read_text("utf-8"))
    return [Case.model_validate(entry) for entry in entries if not wanted or entry["id"] in wanted]


def corpus_parser(description: str | None) -> argparse.ArgumentParser:
    """The arguments that everything takes which runs over the cases."""
    parser = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("cases", type=Path)
    parser.add_argument("--clones", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--case", action="append", default=[])
    parser.add_argument("--again", action="store_true", help="measure what is there too")
    return parser
