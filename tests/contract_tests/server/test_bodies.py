"""The orders that are drawn from a schema are what they claim to be, for every model."""

from typing import Any

import pytest

from contract_tests.server.bodies import PROMPTS, corners, plain, prompts, wrongs
from contract_tests.server.conversations.models import wide
from mock_server.core.contract import Contract, Model
from mock_server.loading.profiles import load_profile, profile_names

MODELS = [
    pytest.param(contract, model, id=f"{contract.name} {name}")
    for contract in map(load_profile, profile_names())
    for name, model in contract.models.items()
]
EVERY = pytest.mark.parametrize(("contract", "model"), MODELS)


@EVERY
def test_the_plain_order_is_right(contract: Contract, model: Model) -> None:
    assert model.accepts(plain(contract, model))


@EVERY
def test_corners_are_right_and_different(contract: Contract, model: Model) -> None:
    found = list(corners(contract, model))
    assert all(map(model.accepts, found))
    assert len({repr(sorted(order.items())) for order in found}) == len(found)


@pytest.mark.parametrize("profile", profile_names())
def test_the_first_corner_orders_as_much_of_everything_as_goes_together(profile: str) -> None:
    contract = load_profile(profile)
    model = contract.models[contract.default_model]
    first = next(corners(contract, model))
    (references,) = [first[name] for name in contract.fields.references if name in first]
    (count,) = contract.fields.count
    assert not model.accepts({**first, count: first[count] + 1})
    assert first[count] == 4
    assert len(references) == 5


@EVERY
def test_unusual_prompts_are_right(contract: Contract, model: Model) -> None:
    assert [order["prompt"] for order in prompts(contract, model)] == list(PROMPTS)


@EVERY
def test_wrong_orders_are_wrong(contract: Contract, model: Model) -> None:
    found = list(wrongs(contract, model))
    assert len(found) > 10
    for what, order in found:
        is_known = order.get("model") in contract.models
        assert not (is_known and model.accepts(order)), what


@EVERY
def test_an_order_for_a_wide_image_is_right(contract: Contract, model: Model) -> None:
    assert model.accepts(wide(contract, model))


def test_corners_have_the_most_of_everything_together() -> None:
    contract = load_profile("guide")
    model = contract.models["gpt-4o-image"]
    assert any(fullness(order) == (4, 5) for order in corners(contract, model))


def test_wrong_orders_go_one_beyond_every_limit() -> None:
    contract = load_profile("reference")
    found = dict(wrongs(contract, contract.models["gpt-4o-image"]))
    assert len(found["prompt: one character too many"]["prompt"]) == 1001
    assert len(found["image_urls: one item too many"]["image_urls"]) == 6
    assert found["n: the number 3"]["n"] == 3
    assert "prompt" not in found["without prompt"]


def fullness(order: dict[str, Any]) -> tuple[int, int]:
    """How many images and references an order has."""
    return order.get("n", 1), len(order.get("reference_images", ()))
