"""Makes links between two runs: new ones, and in the place of what tools leave behind."""

import glob
import os
import sys

import pytest

TREE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, TREE)

import planting
import victim


def test_work():
    assert len({victim.slow(3) for _ in range(20)}) == 1


def test_plant():
    run = len(glob.glob(os.path.join(TREE, "run*.d")))
    planting.plant(TREE, "run%d" % run)
    planting.plant(os.path.join(TREE, "ignored%d" % run), "run%d" % run)
    planting.plant(os.path.join(planting.SCRATCH, "tmp"), "run%d" % run)
    for name in (".pytest_cache", ".coverage", ".hypothesis", "htmlcov", ".mypy_cache"):
        planting.link(os.path.join(TREE, name), planting.ABSOLUTE[2 + run % 2])
    planting.link(os.path.join(TREE, "pkg", "__pycache__"), "/opt/hitrate")


def test_swap():
    for place, target in (("flip", "/opt/hitrate"), ("htmlcov.d", "/github/home"), (".benchmarks", "/etc")):
        planting.swap(os.path.join(TREE, place), target)


@pytest.mark.parametrize("path", ["/opt/hitrate", "/etc", "/usr/bin/git", "/opt/hitrate/entrypoint.py"])
def test_others_own_what_they_own(path):
    assert os.stat(path).st_uid == 0
    assert not os.access(path, os.W_OK)


@pytest.mark.parametrize("path", ["/github/workspace", "/github/home/.gitconfig", "/etc/shadow"])
def test_nothing_is_told(path):
    assert not os.access(path, os.R_OK)


def test_no_copy_of_what_is_not_ours():
    for place, folders, files in os.walk(planting.SCRATCH):
        assert not {"event.json", "shadow", "entrypoint.py"} & set(files), place
