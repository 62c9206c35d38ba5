"""Tries `hitrate init` on workflows of public repositories and compares it with what a person would choose.

    python benchmarks/init_real.py MIRRORS [--only WORD] [--markdown FILE] [--keep DIR]

MIRRORS holds git directories of the repositories in `benchmarks/init_real/repositories.csv`, each as
`OWNER+NAME/repo` or `OWNER+NAME`, with the commit named there. What a person would choose stands in
`labels.csv`; it was written before the tool was tried. Ends with 1 if a choice is wrong.
"""

import argparse
import csv
import io
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path, PurePosixPath

from hitrate.workflow.init import Proposal, propose, write
from hitrate.workflow.reading.document import load

HERE = Path(__file__).parent / "init_real"


class Outcome(Enum):
    """How a choice compares with a person's."""

    RIGHT = "right"
    UNSURE = "unsure, and says so"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Case:
    """A repository with what a person would choose there."""

    repository: str
    commit: str
    label: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Result:
    """What the tool did there."""

    case: Case
    proposal: Proposal
    outcome: Outcome
    why: str


def cases() -> list[Case]:
    """The repositories, with their labels."""
    labels = {row["repository"]: row for row in _rows("labels.csv")}
    return [
        Case(row["repository"], row["commit"], labels[row["repository"]]) for row in _rows("repositories.csv")
    ]


def _rows(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(newline="") as file:
        return list(csv.DictReader(file))


def checked_out(mirrors: Path, case: Case, folder: Path) -> None:
    """The files of a repository at its commit; those that a mirror lacks are left out."""
    place = mirrors / case.repository.replace("/", "+")
    git = ["git", "--git-dir", str(place / "repo" if (place / "repo").is_dir() else place)]
    listing = subprocess.run(
        [*git, "ls-tree", "-r", "-z", case.commit], capture_output=True, check=True
    ).stdout
    entries = [entry.split("\t", 1) for entry in listing.decode().split("\0") if entry]
    files = [(about.split()[2], path) for about, path in entries if about.startswith("100")]
    asked = "".join(f"{blob}\n" for blob, _ in files).encode()
    answer = io.BytesIO(
        subprocess.run([*git, "cat-file", "--batch"], input=asked, capture_output=True, check=True).stdout
    )
    for _, path in files:
        _, kind, *size = answer.readline().split()
        if kind != b"blob":
            continue
        content = answer.read(int(size[0]))
        answer.read(1)
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)


def tried(case: Case, root: Path) -> Result:
    """What the tool does, and how it compares."""
    proposal = propose(root, None)
    if proposal.changes:
        write(root, proposal)
        again = propose(root, None)
        if again.changes:
            return Result(case, proposal, Outcome.WRONG, "a second run changes more")
    return Result(case, proposal, *compared(case.label, proposal))


def compared(label: Mapping[str, str], proposal: Proposal) -> tuple[Outcome, str]:
    """How a proposal compares with the label, and why it is wrong."""
    wanted = label["jobs"].split("|") if label["jobs"] else []
    if wanted == ["windows"]:
        told = proposal.after is None and any("Windows only" in note for note in proposal.notes)
        return (Outcome.RIGHT, "") if told else (Outcome.WRONG, "it is not told that the tests need Windows")
    chosen = proposal.chosen
    if chosen is None:
        return (Outcome.UNSURE, "") if wanted else (Outcome.RIGHT, "")
    file = PurePosixPath(chosen.path).name
    if file != label["workflow"] or chosen.job not in wanted:
        return Outcome.WRONG, f"{file}, job {chosen.job}"
    step = _step(proposal)
    inputs = step.get("with", {})
    if label["tests"] == "detected" and "test-command" in inputs:
        return Outcome.WRONG, f"test-command: {inputs['test-command']}"
    said = [
        word
        for word in label["not"].split("|")
        if word and any(word in str(value) for value in inputs.values())
    ]
    return (Outcome.WRONG, f"`{said[0]}` in the step") if said else (Outcome.RIGHT, "")


def _step(proposal: Proposal) -> dict[str, dict[str, str]]:
    assert proposal.chosen is not None
    found: dict[str, dict[str, str]] = load(proposal.after or "")["jobs"][proposal.chosen.job]["steps"][-1]
    return found


def in_words(result: Result) -> str:
    """What was chosen, for the table."""
    proposal, chosen = result.proposal, result.proposal.chosen
    if chosen is None:
        return "nothing, the tests need Windows" if proposal.after is None else "a workflow of its own"
    step = _step(proposal)
    tests = str(step.get("with", {}).get("test-command", "detected")).replace("\n", "; ").replace("|", "\\|")
    condition = f", if `{step['if']}`" if "if" in step else ""
    return f"`{PurePosixPath(chosen.path).name}`, job `{chosen.job}`{condition}; tests: {tests}"


def table(results: list[Result]) -> Iterator[str]:
    """The results in Markdown."""
    yield "| repository | chosen | is it right? | what a person would see |"
    yield "|---|---|---|---|"
    for result in results:
        name = f"[{result.case.repository}](https://github.com/{result.case.repository}/tree/{result.case.commit}/.github/workflows)"
        verdict = result.outcome.value + (f": {result.why}" if result.why else "")
        yield f"| {name} | {in_words(result)} | {verdict} | {result.case.label['why']} |"


def main() -> int:
    """Try all of them."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("mirrors", type=Path)
    parser.add_argument("--only", default="")
    parser.add_argument("--markdown", type=Path)
    parser.add_argument("--keep", type=Path, help="folder for the workflows as they are written")
    given = parser.parse_args()
    results = []
    for case in cases():
        if given.only not in case.repository:
            continue
        with tempfile.TemporaryDirectory() as folder:
            checked_out(given.mirrors, case, Path(folder))
            results.append(tried(case, Path(folder)))
        show(results[-1], bool(given.only))
        if given.keep and results[-1].proposal.after:
            given.keep.mkdir(parents=True, exist_ok=True)
            (given.keep / f"{case.repository.replace('/', '+')}.yml").write_text(results[-1].proposal.after)
    if given.markdown:
        given.markdown.write_text("\n".join([*table(results), ""]))
    counts = {outcome: sum(result.outcome is outcome for result in results) for outcome in Outcome}
    print(", ".join(f"{number} {outcome.value}" for outcome, number in counts.items()), f"of {len(results)}")
    return 1 if counts[Outcome.WRONG] else 0


def show(result: Result, fully: bool) -> None:
    """A line for a repository, or all that the user would see."""
    print(f"{result.outcome.name:7} {result.case.repository:34} {in_words(result)} {result.why}")
    if fully:
        print("\n".join(result.proposal.notes), result.proposal.diff(), sep="\n")


if __name__ == "__main__":
    sys.exit(main())
