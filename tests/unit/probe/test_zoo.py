"""Every hazardous specimen is caught with the right kind, and no harmless one is called unsafe."""

import gc
from collections import Counter
from pathlib import Path

import pytest

from hitrate.hazards.oversight import Oversight
from hitrate.vocabulary import HazardKind
from tests.unit.probe import zoo
from tests.unit.probe.oracle_driver import Driver
from tests.unit.probe.zoo import (
    aliased,  # noqa: F401 - registers its specimens
    ambient,  # noqa: F401 - registers its specimens
    apart,  # noqa: F401 - registers its specimens
    compiled,  # noqa: F401 - registers its specimens
    counters,  # noqa: F401 - registers its specimens
    draws,  # noqa: F401 - registers its specimens
    effects,  # noqa: F401 - registers its specimens
    harmless,  # noqa: F401 - registers its specimens
    held,  # noqa: F401 - registers its specimens
    identities,  # noqa: F401 - registers its specimens
    lazy,  # noqa: F401 - registers its specimens
    libraries,  # noqa: F401 - registers its specimens
    loaded,  # noqa: F401 - registers its specimens
    looks,  # noqa: F401 - registers its specimens
    others,  # noqa: F401 - registers its specimens
    passed,  # noqa: F401 - registers its specimens
    reached,  # noqa: F401 - registers its specimens
    relied,  # noqa: F401 - registers its specimens
    settings,  # noqa: F401 - registers its specimens
    shapes,  # noqa: F401 - registers its specimens
    stale,  # noqa: F401 - registers its specimens
    threads,  # noqa: F401 - registers its specimens
    unnamed,  # noqa: F401 - registers its specimens
)


def seen(specimen: zoo.Specimen, path: Path, patch: pytest.MonkeyPatch) -> Oversight:
    (path / "records").mkdir()
    (path / "place").mkdir()
    driver = Driver(path / "records")
    driver.test("test_zoo.py::test")
    with patch.context() as inner:
        specimen.play(zoo.Keeper(driver, path / "place", inner))
    gc.collect()
    oversights = driver.oversights()
    assert len(oversights) == 1
    return oversights[0]


def of(expected: object) -> list[zoo.Specimen]:
    return [specimen for specimen in zoo.SPECIMENS if specimen.expected == expected]


HAZARDOUS = [specimen for specimen in zoo.SPECIMENS if isinstance(specimen.expected, HazardKind)]


@pytest.mark.parametrize("specimen", HAZARDOUS, ids=lambda specimen: specimen.name)
def test_hazardous(specimen: zoo.Specimen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = seen(specimen, tmp_path, monkeypatch)
    assert specimen.expected in {hazard.kind for hazard in found.hazards}
    assert all(hazard.remedy and hazard.test for hazard in found.hazards)


@pytest.mark.parametrize("specimen", of("doubt"), ids=lambda specimen: specimen.name)
def test_doubtful(specimen: zoo.Specimen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = seen(specimen, tmp_path, monkeypatch)
    assert found.doubts
    assert not found.hazards


@pytest.mark.parametrize("specimen", of("noticed"), ids=lambda specimen: specimen.name)
def test_noticed(specimen: zoo.Specimen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = seen(specimen, tmp_path, monkeypatch)
    assert found.doubts or found.hazards


@pytest.mark.parametrize("specimen", of(None), ids=lambda specimen: specimen.name)
def test_harmless(specimen: zoo.Specimen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = seen(specimen, tmp_path, monkeypatch)
    assert found.hazards == ()
    assert found.doubts == ()
    assert found.compared


def test_there_are_enough_of_each() -> None:
    kinds = Counter(specimen.expected for specimen in zoo.SPECIMENS)
    assert len(HAZARDOUS) >= 80
    assert all(kinds[kind] >= 4 for kind in HazardKind)
    assert kinds[None] >= 60
