"""Instances that a cache on their method would keep alive."""

import gc
from types import SimpleNamespace
from typing import Any

from hitrate.probe.oracle.following.leaks import instances, leaked


class Service:
    """Hashed by identity."""

    def ask(self, n: int) -> int:
        return n


class Valued:
    """Equal ones share entries."""

    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return 1

    def ask(self, n: int) -> int:
        return n


def entry(owner: object, first: str = "test_a", last: str = "test_a") -> Any:
    return SimpleNamespace(args=(owner, 1), first_test=first, test=last)


def test_what_only_keys_kept_alive_is_gone_without_them() -> None:
    owners = [Service() for _ in range(4)]
    found = instances(Service.ask.__code__, [entry(owner) for owner in owners])
    assert len(found) == 4
    assert leaked(found) is None
    del owners[1:]
    gc.collect()
    assert leaked(found) == ("3 of 4 instances of Service", "test_a")


def test_one_instance_is_not_worth_a_word() -> None:
    found = instances(Service.ask.__code__, [entry(Service())])
    assert leaked(found) is None


def test_instances_of_several_tests_or_told_by_value_do_not_count() -> None:
    shared, valued = Service(), Valued()
    assert instances(Service.ask.__code__, [entry(shared), entry(shared, "test_b", "test_b")]) == []
    assert instances(Valued.ask.__code__, [entry(valued)]) == []
    assert instances(entry.__code__, [entry(shared)]) == []


class Till(Service): ...


class Desk(Service): ...


def test_instances_of_several_classes_are_counted_by_what_all_of_them_are() -> None:
    found = instances(Service.ask.__code__, [entry(Till()), entry(Desk()), entry(Till()), entry(Service())])
    gc.collect()
    assert leaked(found) == ("4 of 4 instances of Service", "test_a")
    of_one = instances(Service.ask.__code__, [entry(Desk()), entry(Desk())])
    assert leaked(of_one) == ("2 of 2 instances of Desk", "test_a")
