import decimal

import pytest
from shop import catalog, context, logic

WARDROBES = []


@pytest.fixture
def tenant():
    context.local.tenant = "acme"
    yield
    del context.local.tenant


def test_address_of_nobody():
    assert {logic.address("a") for _ in range(40)} == {"public/a"}


def test_address_of_a_tenant(tenant):
    assert {logic.address("b") for _ in range(40)} == {"acme/b"}


def test_shelf():
    catalog.clear()
    catalog.stock("apple")
    for _ in range(40):
        assert logic.shelf("a") == ("apple",)
    catalog.stock("banana")
    for _ in range(40):
        assert logic.shelf("b") == ("banana",)


def test_greeting_web():
    for _ in range(40):
        assert logic.greeting("Ada") == "Hello Ada (web)"


def test_greeting_phone():
    token = context.channel.set("phone")
    try:
        for _ in range(40):
            assert logic.greeting("Bob") == "Hello Bob (phone)"
    finally:
        context.channel.reset(token)


def test_page():
    for _ in range(40):
        assert logic.page(2) == 80


def test_short_page(monkeypatch):
    monkeypatch.setitem(context.CURRENT.db.most, "lines", 10)
    for _ in range(40):
        assert logic.page(3) == 30


def test_third():
    for _ in range(40):
        assert logic.third(1).startswith("0.333")


def test_third_in_short():
    with decimal.localcontext() as precision:
        precision.prec = 4
        for _ in range(40):
            assert logic.third(2) == "0.6667"


def test_tax():
    for _ in range(40):
        assert logic.Tax.on(100) == 700


def test_full_tax():
    logic.Tax.rate = 19
    try:
        for _ in range(40):
            assert logic.Tax.on(10) == 190
    finally:
        logic.Tax.rate = 7


def test_wardrobes():
    for size in (40, 42):
        wardrobe = logic.Wardrobe()
        WARDROBES.append(wardrobe)
        wardrobe.hang("coat", size)
        for _ in range(40):
            assert wardrobe.largest() == size
