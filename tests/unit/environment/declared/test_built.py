"""What is installed of the extras that only a built project names."""

import subprocess
import sys
from pathlib import Path

import pytest

from hitrate.environment.declared.built import QUESTION, extras_of_build
from hitrate.environment.detect import detect
from hitrate.environment.manifest import read
from hitrate.environment.test_requirements import extras_for_tests

MADE = "from setuptools import setup\nsetup(name='lib', extras_require=made())\n"
SYSTEM = '[build-system]\nrequires = ["setuptools"]\nbuild-backend = "setuptools.build_meta"\n'


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        ("extra test True\nextra docs False\n", ("test",)),
        ("extra docs True\nextra fast False\n", ()),
        ("extra dev True\nextra docs True\n", ("dev",)),
        ("extra testing False\nextra dev True\n", ("testing", "dev")),
        ("extra test True\nextra dev True\n", ("test",)),
        ("extra random-tests True\n", ()),
        ("", ()),
        ("Traceback (most recent call last):\nextra\n", ()),
        ("extra test],evil@https://example.org True\n", ()),
        ("extra -test True\nextra test- True\nextra te\x00st True\n", ()),
    ],
)
def test_extras_for_tests_of_an_answer(output: str, expected: tuple[str, ...]) -> None:
    assert extras_for_tests(extras_of_build(output)) == expected


@pytest.mark.parametrize(
    ("files", "asked"),
    [
        ({"setup.py": MADE}, True),
        ({"setup.py": MADE, "pyproject.toml": SYSTEM}, True),
        ({"setup.py": "from setuptools import setup\nsetup(**options)\n"}, True),
        ({"pyproject.toml": f'[project]\nname = "lib"\ndynamic = ["optional-dependencies"]\n{SYSTEM}'}, True),
        ({"setup.py": "from setuptools import setup\nsetup(extras_require={'test': ['pytest']})\n"}, False),
        ({"setup.py": MADE, "tox.ini": "[testenv]\ndeps = pytest\n"}, False),
        ({"setup.py": MADE, "requirements-test.txt": "pytest\n"}, False),
        ({"setup.py": MADE, "pyproject.toml": f'[project]\nname = "lib"\n{SYSTEM}'}, False),
        ({"pyproject.toml": f'[project]\nname = "lib"\n{SYSTEM}'}, False),
        ({"requirements.txt": "idna\n"}, False),
        ({}, False),
    ],
)
def test_who_is_asked(tmp_path: Path, files: dict[str, str], asked: bool) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    assert detect(read(tmp_path), tool_python="/python").asks_build is asked


@pytest.mark.parametrize("folder", ["plain", "with space %20"])
def test_the_question_is_answered_by_the_project_alone(tmp_path: Path, folder: str) -> None:
    project, other = tmp_path / folder, tmp_path / "other"
    site = tmp_path / "site"
    for place in (project, other):
        place.mkdir()
        told = site / f"{place.name.split()[0]}-1.dist-info"
        told.mkdir(parents=True)
        (told / "direct_url.json").write_text(
            f'{{"url": "{place.as_uri()}", "dir_info": {{"editable": true}}}}'
        )
        (told / "METADATA").write_text(
            f"Metadata-Version: 2.1\nName: {place.name.split()[0]}\nVersion: 1\n"
            "Provides-Extra: Test_All\nProvides-Extra: docs\nProvides-Extra: ci\n"
            "Requires-Dist: idna\nRequires-Dist: sphinx ; extra == 'docs'\n"
            'Requires-Dist: pytestify ; extra == "ci"\n'
            "Requires-Dist: pytest-xdist[psutil]>=3 ; (python_version > '3') and extra == 'test-all'\n"
        )
    code = QUESTION.removeprefix("python ")
    done = subprocess.run(
        f"{sys.executable} -S {code}",
        shell=True,
        cwd=project,
        env={"PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "extra Test_All True\nextra docs False\nextra ci False\n"
