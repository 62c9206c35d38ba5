"""What the container costs: size of the image, time to Hitrate's first line, and over the command line.

    python benchmarks/container.py

Needs a container engine; HITRATE_IMAGE names an image that was built already, HITRATE_PYTHON_IMAGE another
base. The same project is measured with ``--effort quick`` by the command line and by the container, in turns;
of the container's time, that for installing the project is told apart.
"""

import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests" / "integration")]

from tests.integration.jobs import PROJECTS, Job, changed, job  # noqa: E402
from tests.integration.repositories import hitrate  # noqa: E402

ENGINE = os.environ.get("HITRATE_ENGINE") or shutil.which("docker") or "docker"
STARTS = 10
TURNS = 5
PROJECT = PROJECTS / "styles" / "none"
CHANGE = changed(PROJECT, "prices_lib/prices.py", "    table = [", "    # every land has one\n    table = [")


def engine(*words: str) -> str:
    """What a command of the engine prints."""
    return subprocess.run([ENGINE, *words], check=True, capture_output=True, text=True).stdout.strip()


def built() -> str:
    """The image."""
    if image := os.environ.get("HITRATE_IMAGE"):
        return image
    base = os.environ.get("HITRATE_PYTHON_IMAGE")
    os.environ["DOCKER_BUILDKIT"] = "1"
    arguments = ["--build-arg", f"PYTHON_IMAGE={base}"] if base else []
    return engine("build", "--quiet", *arguments, str(ROOT))


def sizes(image: str) -> tuple[float, float]:
    """Megabytes of the whole image, and of what Hitrate adds to its base."""
    whole = json.loads(engine("image", "inspect", image))[0]["Size"]
    layers = engine("history", "--no-trunc", "--human=false", "--format", "{{.Size}}\t{{.Comment}}", image)
    own = sum(int(line.split("\t")[0]) for line in layers.splitlines() if "buildkit" in line)
    return whole / 1e6, own / 1e6


def start_seconds(image: str) -> tuple[float, float, float]:
    """From the start of the container's process to the first line of its log, and to the second; CPU seconds.

    Without the runner's variables the second line says what is missing, once everything is loaded.
    """
    name = engine("run", "--detach", image)
    engine("wait", name)
    started = _time(json.loads(engine("inspect", name))[0]["State"]["StartedAt"])
    log = subprocess.run([ENGINE, "logs", "--timestamps", name], check=True, capture_output=True, text=True)
    engine("rm", name)
    first, second = (_time(line.split()[0]) for line in log.stdout.splitlines()[:2])
    script = "time -p /opt/hitrate/bin/python -I /opt/hitrate/entrypoint.py >/dev/null"
    timed = [ENGINE, "run", "--rm", "--entrypoint", "bash", image, "-c", script]
    used = subprocess.run(timed, capture_output=True, text=True, check=False).stderr
    cpu = sum(float(value) for value in re.findall(r"^(?:user|sys) ([\d.]+)$", used, re.MULTILINE))
    return (first - started).total_seconds(), (second - started).total_seconds(), cpu


def _time(text: str) -> datetime:
    return datetime.fromisoformat(re.sub(r"(\.\d{6})\d*Z$", r"\1+00:00", text))


def container_seconds(step: Job) -> tuple[float, float]:
    """Wall seconds of a run of the container, and of installing in it."""
    started = time.perf_counter()
    done = step.run({"effort": "quick", "comment": "never"})
    whole = time.perf_counter() - started
    if done.exit_code != 0:
        raise SystemExit(done.log)
    (installing,) = re.findall(r"Installing the project: done in (\d+) s", done.log)
    return whole, float(installing)


def command_line_seconds(step: Job, tools: Path) -> float:
    """Wall seconds of the command line in a clone of the same head, with pytest in its own environment."""
    with tempfile.TemporaryDirectory() as folder:
        clone = Path(folder) / "clone"
        source = step.folder / "hub" / "octo" / "widgets"
        subprocess.run(["git", "clone", "-q", "-s", str(source), str(clone)], check=True)
        subprocess.run(["git", "-C", str(clone), "checkout", "-q", step.pull_request.head], check=True)
        path = f"{tools}:{os.environ['PATH']}"
        started = time.perf_counter()
        done = hitrate(clone, "run", "--base", step.pull_request.base, "--effort", "quick", PATH=path)
        seconds = time.perf_counter() - started
    if done.returncode != 0:
        raise SystemExit(done.stdout + done.stderr)
    return seconds


def environment_like(image: str, folder: Path) -> tuple[str, Path]:
    """What the versions are, and the tools of an environment with that of the image, if it is here."""
    ask = "import sys; print('%d.%d' % sys.version_info[:2])"
    version = engine("run", "--rm", "--entrypoint", "/usr/local/bin/python3", image, "-c", ask)
    python = shutil.which(f"python{version}") or sys.executable
    subprocess.run([python, "-m", "venv", str(folder)], check=True)
    subprocess.run([str(folder / "bin" / "pip"), "install", "-q", "pytest"], check=True, capture_output=True)
    ours = subprocess.check_output([str(folder / "bin" / "python"), "-c", ask], text=True).strip()
    return f"Python {version} in the container, {ours} outside", folder / "bin"


def main() -> None:
    """Print the figures."""
    image = built()
    whole, own = sizes(image)
    print(
        f"image: {whole:.0f} MB unpacked, of which {own:.0f} MB are Hitrate, git and uv, the rest is the base"
    )
    first, ready, cpu = map(
        statistics.median, zip(*(start_seconds(image) for _ in range(STARTS)), strict=True)
    )
    print(
        f"start: first line after {first:.2f} s, ready after {ready:.2f} s ({cpu:.2f} s CPU); {STARTS} starts"
    )
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        versions, tools = environment_like(image, Path(folder) / "environment")
        with job(ENGINE, image, Path(folder) / "job", PROJECT, CHANGE) as step:
            turns = [(command_line_seconds(step, tools), *container_seconds(step)) for _ in range(TURNS)]
    outside, inside, install = map(statistics.median, zip(*turns, strict=True))
    rest = inside - install
    print(f"the same project, effort quick, medians of {TURNS} turns ({versions}):")
    print(f"  command line {outside:.1f} s; container {inside:.1f} s, {install:.0f} s of them for installing")
    print(f"  without installing the container takes {rest / outside:.2f} times as long")


if __name__ == "__main__":
    main()
