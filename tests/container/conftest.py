"""The image, built once for all tests that run it."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def engine() -> str:
    """The container engine's command; tests are skipped where none answers."""
    command = os.environ.get("HITRATE_ENGINE") or shutil.which("docker")
    if command is None:
        pytest.skip("no container engine: install docker, or name one in HITRATE_ENGINE")
    asked = subprocess.run([command, "info"], capture_output=True, text=True, check=False)
    if asked.returncode != 0 or "Server Version" not in asked.stdout:
        pytest.skip(f"{command} does not answer: {asked.stderr.strip().splitlines()[-1:]}")
    return command


@pytest.fixture(scope="session")
def image(engine: str) -> str:
    """Hitrate's image, built from this tree; HITRATE_PYTHON_IMAGE names another base image.

    HITRATE_IMAGE names one that was built already; DOCKER_DEFAULT_PLATFORM, Docker's own, another platform.
    """
    if built_already := os.environ.get("HITRATE_IMAGE"):
        return built_already
    base = os.environ.get("HITRATE_PYTHON_IMAGE")
    arguments = ["--build-arg", f"PYTHON_IMAGE={base}"] if base else []
    built = subprocess.run(
        [engine, "build", "--quiet", *arguments, str(ROOT)],
        env=os.environ | {"DOCKER_BUILDKIT": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stderr
    return built.stdout.strip()
