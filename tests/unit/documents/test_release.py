"""Steps of a release."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest
from ruamel.yaml import YAML

ROOT = Path(__file__).parents[3]
IMAGE = f"registry.example.org/o/r@sha256:{'a' * 64}"


@pytest.fixture
def release() -> ModuleType:
    spec = importlib.util.spec_from_file_location("release", ROOT / ".ci" / "release.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_released_action_starts_the_image(release: ModuleType) -> None:
    text = (ROOT / "action.yml").read_text("utf-8")
    before, after = (YAML(typ="safe").load(content) for content in (text, release.pinned(text, IMAGE)))
    assert after.pop("runs") == {"using": "docker", "image": f"docker://{IMAGE}"}
    assert before.pop("runs") == {"using": "docker", "image": "Dockerfile"}
    assert after == before


@pytest.mark.parametrize("image", ["o/r:1.0", "o/r@sha256:abc", f"o/r@sha256:{'a' * 64}\nx", ""])
def test_only_a_digest_will_do(release: ModuleType, image: str) -> None:
    with pytest.raises(SystemExit, match="digest"):
        release.pinned("  image: Dockerfile\n", image)


def test_an_action_that_was_released_already(release: ModuleType) -> None:
    with pytest.raises(SystemExit, match="Dockerfile"):
        release.pinned(f"  image: docker://{IMAGE}\n", IMAGE)


def test_a_version_that_the_source_does_not_have(release: ModuleType) -> None:
    with pytest.raises(SystemExit, match=r"__init__.py does not say 99\.0\.0"):
        release.notes("99.0.0")


@pytest.mark.parametrize("version", ["1.2.3", "1.2.2", "1.1.9"])
def test_a_version_that_is_not_newer_than_a_released_one(release: ModuleType, version: str) -> None:
    with pytest.raises(SystemExit, match=r"v1\.2\.3 is released already"):
        release.refuse_old(version, ["v1", "v1.2.3", "v1.0.10", "v2.0.0"])


@pytest.mark.parametrize("version", ["v1.2.4", "1.2", "1.2.4-rc.1", "1.2.4rc1", ""])
def test_no_final_version(release: ModuleType, version: str) -> None:
    with pytest.raises(SystemExit, match="no version such as"):
        release.refuse_old(version, [])


@pytest.mark.parametrize("version", ["1.2.10", "1.3.0", "2.0.1", "0.1.0"])
def test_a_new_version(release: ModuleType, version: str) -> None:
    release.refuse_old(version, ["v1", "v1.2.3", "v2", "v2.0.0"])


def test_outputs_of_several_lines(release: ModuleType) -> None:
    first, *lines, last = release.as_output("notes", "a\nb").splitlines()
    assert first == f"notes<<{last}"
    assert lines == ["a", "b"]
