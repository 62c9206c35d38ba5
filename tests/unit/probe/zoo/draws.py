"""Random numbers through names bound at import, helpers in other modules and generators of libraries."""

import hashlib
import hmac
import itertools
import random
import secrets
import uuid
from collections.abc import Callable
from typing import Any

import pytest

from tests.unit.probe.zoo import Keeper, drawing, specimen

noticed = specimen("noticed")
harmless = specimen(None)


def _often(function: Any, *args: object) -> None:
    for _ in range(4):
        function(*args)


def _through(helper: Callable[[int], int]) -> Callable[[Keeper], None]:
    def play(keeper: Keeper) -> None:
        _often(keeper.observe(lambda size: helper(size) + 1), 3)

    play.__name__ = f"helper_{helper.__name__}"
    play.__module__ = __name__
    return noticed(play)


for _name, _helper in [*vars(drawing).items()]:
    if _name.startswith("by_"):
        _through(_helper)


@noticed
def helper_is_the_function(keeper: Keeper) -> None:
    _often(keeper.observe(drawing.by_token), 3)


def _numpy() -> Any:
    return pytest.importorskip("numpy")


@noticed
def numpy_function_bound_at_import(keeper: Keeper) -> None:
    permutation = _numpy().random.permutation
    _often(keeper.observe(lambda size: len(permutation(size))), 3)


@noticed
def numpy_choice_in_a_helper(keeper: Keeper) -> None:
    numpy = _numpy()

    def some(size: int) -> Any:
        return numpy.random.choice(size)

    _often(keeper.observe(lambda size: some(size) * 0), 3)


@noticed
def numpy_generator_in_a_class(keeper: Keeper) -> None:
    class Noise:
        source = _numpy().random.default_rng(3)

        def some(self, size: int) -> int:
            return len(self.source.standard_normal(size))

    _often(keeper.observe(Noise.some), Noise(), 3)


@noticed
def numpy_generator_in_an_object_of_self(keeper: Keeper) -> None:
    class Noise:
        def __init__(self, source: Any) -> None:
            self.source = source

        def some(self, size: int) -> int:
            return len(self.source.uniform(size=size))

    class Model:
        def __init__(self, source: Any) -> None:
            self.noise = Noise(source)

        def predict(self, size: int) -> int:
            return self.noise.some(size)

    _often(keeper.observe(Model.predict), Model(_numpy().random.default_rng(3)), 3)


@noticed
def numpy_generator_without_seed(keeper: Keeper) -> None:
    numpy = _numpy()
    _often(keeper.observe(lambda size: len(numpy.random.default_rng().integers(9, size=size))), 3)


@noticed
def numpy_legacy_state(keeper: Keeper) -> None:
    state = _numpy().random.RandomState(3)
    _often(keeper.observe(lambda size: len(state.randn(size))), 3)


@noticed
def numpy_seed_sequence_of_the_system(keeper: Keeper) -> None:
    numpy = _numpy()
    _often(keeper.observe(lambda size: numpy.random.SeedSequence().entropy * 0), 3)


@noticed
def numpy_shuffle_of_its_own_array(keeper: Keeper) -> None:
    numpy = _numpy()

    def mixed(size: int) -> int:
        items = numpy.ones(size)
        numpy.random.shuffle(items)
        return int(items.sum())

    _often(keeper.observe(mixed), 3)


@noticed
def torch_numbers(keeper: Keeper) -> None:
    torch = pytest.importorskip("torch")
    _often(keeper.observe(lambda size: len(torch.rand(size))), 3)


@noticed
def generator_in_a_dictionary(keeper: Keeper) -> None:
    sources = {"main": random.Random(3)}
    _often(keeper.observe(lambda size: sources["main"].randint(size, size)), 3)


@harmless
def compares_secrets(keeper: Keeper) -> None:
    _often(
        keeper.observe(lambda one, two: secrets.compare_digest(one, two) or hmac.compare_digest(one, two)),
        "a",
        "b",
    )


@harmless
def identifiers_of_names(keeper: Keeper) -> None:
    space = uuid.NAMESPACE_URL
    make = keeper.observe(lambda name: (uuid.uuid3(space, name), uuid.UUID(int=5), uuid.uuid5(space, name)))
    _often(make, "a")


@harmless
def generator_of_its_own(keeper: Keeper) -> None:
    def mixed(seed: int) -> list[int]:
        source, items = random.Random(seed), [1, 2, 3]
        source.shuffle(items)
        return items

    _often(keeper.observe(mixed), 3)


@harmless
def digests_of_what_is_given(keeper: Keeper) -> None:
    _often(keeper.observe(lambda data: hashlib.blake2b(data).hexdigest()), b"a")


@harmless
def orders_of_what_is_given(keeper: Keeper) -> None:
    _often(keeper.observe(lambda text: [*itertools.permutations(text)]), "abc")


@harmless
def numpy_that_computes(keeper: Keeper) -> None:
    numpy = _numpy()

    def numbers(size: int) -> float:
        values = numpy.sort(numpy.linspace(0, 1, size))
        return float(numpy.median(values) + numpy.fft.fft(values).real.sum())

    _often(keeper.observe(numbers), 9)


@harmless
def numpy_seeded_within_a_helper(keeper: Keeper) -> None:
    numpy = _numpy()

    def source(seed: int) -> Any:
        return numpy.random.Generator(numpy.random.PCG64(numpy.random.SeedSequence(seed)))

    _often(keeper.observe(lambda seed: float(source(seed).normal())), 9)


@harmless
def torch_that_computes(keeper: Keeper) -> None:
    torch = pytest.importorskip("torch")
    _often(keeper.observe(lambda size: float(torch.ones(size).sum())), 9)


@harmless
def numpy_constants_of_the_module(keeper: Keeper) -> None:
    weights = _numpy().arange(4)
    _often(keeper.observe(lambda factor: float((weights * factor).sum())), 9)
