"""Writes the README's comment: the one that the demo posts, down to where its details begin.

    python .ci/comment.py    runs the demo and writes the comment that it prints

Run it on a quiet machine: a comment whose trial gave no interval is not written.
"""

import re
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from hitrate.report.schema import read

README = Path(__file__).parents[1] / "README.md"


def readme(present: str, comment: str) -> str:
    """The README with another comment between the two lines that mark its place."""
    marked = re.compile(r"(<!-- comment -->\n).*?(<!-- /comment -->)", re.DOTALL)
    return marked.sub(lambda found: f"{found[1]}{shown(comment)}\n{found[2]}", present)


def shown(comment: str) -> str:
    """What of a comment is seen before anything is unfolded, less its marker and links into the sample."""
    seen = re.sub(r"^<!-- hitrate .*-->\n", "", comment).split("\n\n<details>", 1)[0].strip()
    return re.sub(r"\[(`[^`]*`)\]\(https://github\.com/octo-org/[^)]*\)", r"\1", seen)


def posted(output: str) -> str:
    """The comment that the demo printed."""
    return output[output.index("<!-- hitrate ") :].rpartition("\nWritten: ")[0]


def main() -> int:
    """Run the demo and write its comment; 1 where its trial has no interval to show."""
    with TemporaryDirectory() as folder:
        document = Path(folder, "report.json")
        command = [sys.executable, "-m", "hitrate", "demo", "--json", str(document)]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
        report = read(document.read_text("utf-8"), document.name)
    comment = posted(done.stdout)
    if report.trial is None or report.trial.low is None:
        print("Not written: this run's trial has no interval. Run it again on a quiet machine.")
        return 1
    README.write_text(readme(README.read_text("utf-8"), comment), "utf-8")
    print(f"Written: {README.name}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
