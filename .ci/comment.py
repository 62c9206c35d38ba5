"""Writes the README's comment, the one that the demo posts down to its details, and takes its pictures.

    python .ci/comment.py        runs the demo ten times and writes the comment of the one in the middle
    python .ci/comment.py 3      runs it three times

Run it on a quiet machine. Nothing is written where the runs do not bear each other out: all trials must have
an interval, all intervals must overlap, and the promise be within 10 % of what the written one measured.
"""

import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from hitrate.evidence import UNCERTAINTY
from hitrate.report.schema import read

README = Path(__file__).parents[1] / "README.md"
RUNS = 10


def readme(present: str, comment: str) -> str:
    """The README with another comment between the two lines that mark its place."""
    marked = re.compile(r"(<!-- comment -->\n).*?(<!-- /comment -->)", re.DOTALL)
    return marked.sub(lambda found: f"{found[1]}{shown(comment)}\n{found[2]}", present)


def shown(comment: str) -> str:
    """What of a comment is seen before anything is unfolded, less its markers and links into the sample."""
    seen = re.sub(r"^(?:<!-- .*-->\n)+", "", comment).split("\n\n<details>", 1)[0].strip()
    return re.sub(r"\[(`[^`]*`)\]\(https://github\.com/octo-org/[^)]*\)", r"\1", seen)


def posted(output: str) -> str:
    """The comment that the demo printed."""
    return output[output.index("<!-- hitrate ") :].rpartition("\nWritten: ")[0]


@dataclass(frozen=True)
class Demonstrated:
    """What one run of the demo says: comment, speedup with interval, seconds saved, report.json."""

    comment: str
    speedup: float
    low: float
    high: float
    promised: float
    measured: float
    report: str = ""


def demonstrated() -> Demonstrated | None:
    """One run of the demo; None where its trial has no interval."""
    with TemporaryDirectory() as folder:
        document = Path(folder, "report.json")
        command = [sys.executable, "-m", "hitrate", "demo", "--json", str(document)]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
        report = document.read_text("utf-8")
    trial = read(report, "report.json").trial
    if trial is None or not trial.speedup or not trial.low or not trial.high:
        return None
    measured = (trial.seconds_without or 0.0) - (trial.seconds_with or 0.0)
    promised = trial.predicted_saving_seconds or 0.0
    return Demonstrated(posted(done.stdout), trial.speedup, trial.low, trial.high, promised, measured, report)


def typical(runs: Sequence[Demonstrated]) -> Demonstrated:
    """The run with the middle speedup; of an even number the lower one of two."""
    return sorted(runs, key=lambda run: run.speedup)[(len(runs) - 1) // 2]


def contradictions(runs: Sequence[Demonstrated | None]) -> list[str]:
    """What in these runs of the same code does not go together, each one plain sentence."""
    told = [run for run in runs if run is not None]
    if len(told) < len(runs):
        return [f"{len(runs) - len(told)} of {len(runs)} trials have no interval."]
    found = []
    low, high = max(run.low for run in told), min(run.high for run in told)
    if low > high:
        found.append(f"One trial says at least {low:.2f}x, another at most {high:.2f}x.")
    middle = typical(told)
    if abs(middle.promised - middle.measured) > UNCERTAINTY * middle.measured:
        found.append(f"{middle.promised:.2f} s were promised, {middle.measured:.2f} s were measured.")
    return found


def main() -> int:
    """Run the demo and write its comment; 1 where its runs do not bear each other out."""
    runs = [demonstrated() for _ in range(int(sys.argv[1]) if len(sys.argv) > 1 else RUNS)]
    told = [run for run in runs if run is not None]
    for run in told:
        print(f"{run.speedup:.2f}x ({run.low:.2f}-{run.high:.2f}), ", end="")
        print(f"{run.promised:.2f} s promised, {run.measured:.2f} s measured")
    found = contradictions(runs)
    if found:
        print("Not written; run it again on a quiet machine.", *found, sep="\n")
        return 1
    chosen = typical(told)
    README.write_text(readme(README.read_text("utf-8"), chosen.comment), "utf-8")
    print(f"Written: {README.name}")
    with TemporaryDirectory() as folder:
        document = Path(folder, "report.json")
        document.write_text(chosen.report, "utf-8")
        pictures = Path(__file__).with_name("pictures.py")
        subprocess.run([sys.executable, str(pictures), str(document)], check=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
