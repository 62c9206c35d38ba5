"""Projects packaged in every usual way, each analysed with no install input."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.integration.jobs import PROJECTS, changed, job

pytestmark = pytest.mark.container

STYLES = PROJECTS / "styles"
FLAT = ("pdm", "pipenv", "pylock", "requirements", "setup-py", "setup-py-made", "tox", "nox", "none")
# Lock files that name the index they were made from are not kept but made, by the tools of the image.
LOCKED_BY = {
    "uv": ["lock", "-q"],
    "pipenv": ["tool", "run", "-q", "pipenv", "lock"],
    "pylock": ["pip", "compile", "-q", "requirements.in", "-o", "pylock.toml"],
}
SAID_BY = {
    "uv": "uv.lock",
    "poetry": "poetry.lock",
    "pdm": "pdm.lock",
    "pipenv": "Pipfile.lock",
    "pylock": "pylock.toml",
    "extras": "pyproject.toml, extra 'test'",
    "groups": "pyproject.toml, group 'tests'",
    "requirements": "requirements.txt, requirements-dev.txt",
    "setup-cfg": "setup.py, extra 'testing'",
    "setup-py": "setup.py, extra 'test'",
    "setup-py-made": "setup.py",
    "tox": "setup.py, tox.ini [testenv]",
    "nox": "setup.py, noxfile.py session 'unit-tests'",
}


def locked(engine: str, image: str, style: str, folder: Path) -> Path:
    """A copy of a sample project with the lock file that its style has."""
    project = shutil.copytree(STYLES / style, folder / style)
    if style in LOCKED_BY:
        authorities = "/etc/ssl/certs/ca-certificates.crt"
        trust = [f"-e{name}={authorities}" for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "PIP_CERT")]
        user = [] if os.geteuid() == 0 else [f"--user={os.geteuid()}", "-eHOME=/tmp"]
        command = [engine, "run", "--rm", *trust, *user, "-v", f"{project}:/project", "-w", "/project"]
        subprocess.run([*command, "--entrypoint", "uv", image, *LOCKED_BY[style]], check=True, timeout=200)
    return project


@pytest.mark.parametrize("style", sorted(path.name for path in STYLES.iterdir() if path.is_dir()))
def test_style(engine: str, image: str, tmp_path: Path, style: str) -> None:
    project = locked(engine, image, style, tmp_path)
    path = f"{'' if style in FLAT else 'src/'}prices_lib/prices.py"
    change = changed(project, path, "    table = [", "    # every land has a rate\n    table = [")
    with job(engine, image, tmp_path / "job", project, change) as step:
        done = step.run({"effort": "quick"})
    assert done.exit_code == 0, done.log
    assert "cannot be installed here" not in done.log
    assert done.report is not None
    assert done.report["suite"]["tests"] == 21
    found = done.function("tax_rate")
    assert (found["calls"], found["hits"]) == (21, 19)
    if style in SAID_BY:
        assert f"Installed as declared by: {SAID_BY[style]}\n" in done.log
    else:
        assert "No packaging: nothing is installed." in done.log
    assert ("Its built metadata names what tests need: extra 'tests'\n" in done.log) == (
        style == "setup-py-made"
    )
