"""What a cache is there for, and what is then not held against it."""

import pytest

from hitrate.evidence import Evidence
from hitrate.hazards.hazard import Hazard
from hitrate.source.doubt import Doubt, Grounds, Topic
from hitrate.source.function import ExistingCache, Function
from hitrate.verdict.purpose import (
    SETTLED_ONCE,
    NeededBy,
    Role,
    SharedThings,
    could_be_meant,
    purpose,
    without_purpose,
)
from hitrate.vocabulary import HazardKind

CACHE = ExistingCache(None, typed=False)


@pytest.mark.parametrize(
    ("function", "meant"),
    [
        (Function("a.py", "f", 1, cache=CACHE), None),
        (Function("a.py", "f", 1, cache=CACHE, takes_arguments=False), Role.ONE_FOR_ALL),
        (
            Function("a.py", "f", 1, cache=CACHE, takes_arguments=False, returns_nothing=True),
            Role.ONE_FOR_ALL,
        ),
        (Function("a.py", "f", 1, cache=CACHE, returns_nothing=True), Role.ONCE),
        (Function("a.py", "f", 1, takes_arguments=False), None),
        (Function("a.py", "f", 1, returns_nothing=True), None),
    ],
)
def test_only_a_cache_that_is_there_has_a_purpose(function: Function, meant: Role | None) -> None:
    assert purpose(Evidence(function)) == meant


SHARED = Hazard(HazardKind.ALIASED, "changed", shares=True)
OTHER = Hazard(HazardKind.ALIASED, "one shot")
DOUBTS = tuple(Doubt(topic, Grounds.SEEN) for topic in Topic)


@pytest.mark.parametrize(
    ("function", "forgiven"),
    [
        (Function("a.py", "f", 1, cache=CACHE, takes_arguments=False), True),
        (Function("a.py", "f", 1, cache=CACHE), False),
        (Function("a.py", "f", 1, takes_arguments=False), False),
    ],
)
def test_sharing_one_object_is_no_fault_of_a_cache_that_is_there_for_it(
    function: Function, forgiven: bool
) -> None:
    evidence, left = without_purpose(Evidence(function, maxsize=None, hazards=(SHARED, OTHER)), DOUBTS)
    assert evidence.hazards == ((OTHER,) if forgiven else (SHARED, OTHER))
    kept = tuple(doubt for doubt in DOUBTS if doubt.topic not in SETTLED_ONCE) if forgiven else DOUBTS
    assert left == kept
    assert SETTLED_ONCE


@pytest.mark.parametrize(
    "path",
    [
        *("/dev", "/dev/pts", "/dev/disk/by-uuid", "/proc", "/proc/1234/fd", "/proc/self/net/tcp"),
        *("/proc/mounts", "/proc/net/dev", "/proc/loadavg", "/sys/class/net", "/sys/block", "/etc/mtab"),
        *("/sys/bus/usb/devices", "/sys/class/power_supply/BAT0/capacity", "/var/run/utmp"),
    ],
)
def test_what_the_system_tells_of_the_moment_is_no_setting(path: str) -> None:
    once = Function("a.py", "f", 1, cache=CACHE, takes_arguments=False)
    files = Doubt(Topic.FILE, Grounds.SEEN, ("config.ini", path), "f, a.py:1")
    live = Doubt(Topic.LIVE, Grounds.SEEN, (path,), "f, a.py:1")
    assert without_purpose(Evidence(once), (files,)) == (Evidence(once), (live,))
    assert without_purpose(Evidence(EXISTING), (files,)) == (Evidence(EXISTING), (files,))


@pytest.mark.parametrize(
    "path",
    [
        *("/proc/cpuinfo", "/proc/version", "/proc/self/cgroup", "/proc/self/mountinfo", "/proc/meminfo"),
        *("/dev/null", "/dev/kvm", "/dev/urandom", "/etc/os-release", "/etc/mime.types", "proc", "dev/pts"),
        *("/sys/fs/cgroup/cpu.max", "/sys/devices/system/cpu", "/sys/class/dmi/id/product_name"),
        *("/home/a/dev", "/srv/proc/net/tcp", "config.ini", "temporary x", "/proc/sys/kernel/osrelease", ""),
    ],
)
def test_what_it_tells_for_good_is_as_good_as_a_setting(path: str) -> None:
    once = Function("a.py", "f", 1, cache=CACHE, takes_arguments=False)
    files = Doubt(Topic.FILE, Grounds.SEEN, (path,))
    assert without_purpose(Evidence(once), (files,)) == (Evidence(once), ())


LOCKS = Doubt(Topic.IDENTITY, Grounds.SEEN, ("lock",))
EXISTING = Function("a.py", "f", 1, cache=CACHE)


def test_a_cache_whose_callers_share_locks_is_there_for_that() -> None:
    evidence = Evidence(EXISTING, maxsize=None, doubts=(LOCKS,))
    assert purpose(evidence) == SharedThings(("lock",))
    assert without_purpose(evidence, (LOCKS, *DOUBTS)) == (
        evidence,
        tuple(doubt for doubt in DOUBTS if doubt.topic is not Topic.IDENTITY),
    )


def test_what_is_changed_besides_is_no_purpose_of_it() -> None:
    evidence = Evidence(EXISTING, maxsize=None, doubts=(LOCKS,), hazards=(SHARED,))
    assert without_purpose(evidence, (LOCKS,)) == (evidence, ())
    assert could_be_meant(evidence, (LOCKS,))


def test_where_tests_need_it_they_say_so() -> None:
    evidence = Evidence(EXISTING, maxsize=None, doubts=(LOCKS,), hazards=(SHARED,), needed_by=("t.py::a",))
    assert purpose(evidence) == NeededBy(("t.py::a",))
    assert without_purpose(evidence, (LOCKS,))[0].hazards == ()


def test_a_new_cache_of_locks_is_doubted() -> None:
    evidence = Evidence(Function("a.py", "f", 1), maxsize=None, doubts=(LOCKS,))
    assert purpose(evidence) is None
    assert without_purpose(evidence, (LOCKS,)) == (evidence, (LOCKS,))
