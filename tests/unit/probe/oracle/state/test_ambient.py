"""Settings that code in C follows are read only for code that names what follows them."""

import csv
import decimal

from hitrate.probe.oracle.state.ambient import settings


def test_only_what_is_named_is_read() -> None:
    assert dict(settings({"strip", "sorted"}, ())) == {}
    assert set(dict(settings({"Decimal", "localtime"}, ()))) == {"the decimal context", "the time zone"}
    assert set(dict(settings({"strftime"}, ()))) == {"the locale"}


def test_arithmetic_needs_no_name() -> None:
    assert set(dict(settings(set(), (decimal.Decimal(1), 2)))) == {"the decimal context"}


def test_another_precision_is_seen() -> None:
    with decimal.localcontext() as context:
        context.prec = 11
        one = dict(settings({"Decimal"}, ()))
        context.prec = 12
        other = dict(settings({"Decimal"}, ()))
    assert one != other


def test_of_csv_dialects_those_are_read_that_are_asked_for_by_name() -> None:
    csv.register_dialect("zoo_ambient", delimiter="|")
    try:
        by_code = dict(settings({"reader", "zoo_ambient"}, ()))
        by_argument = dict(settings({"reader"}, ("zoo_ambient",)))
        unasked = dict(settings({"reader"}, ("line", [])))
    finally:
        csv.unregister_dialect("zoo_ambient")
    assert by_code == by_argument == {"the csv dialect": 'zoo_ambient: delimiter |, quotechar ", quoting 0'}
    assert unasked == {"the csv dialect": ""}
