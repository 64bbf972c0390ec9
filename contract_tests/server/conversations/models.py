"""Every other model of the profile: ordered, waited for, and its image looked at."""

from collections.abc import Iterator, Mapping
from typing import Any

from contract_tests.server.bodies import Order, plain
from contract_tests.server.conversation import Conversation, Step
from contract_tests.server.statement import Means
from contract_tests.server.words import Words
from mock_server.core.contract import Contract, Model


def every_model(words: Words, means: Means) -> Iterator[Conversation]:
    """One order for each model that is not the default one, in an image that is not square."""
    contract = words.promises.contract
    if not means.stories:
        return
    for name, model in contract.models.items():
        if name != contract.default_model:
            steps = (*_order(words, contract, model),)
            yield Conversation(f"model-{name}", f"an order for {name}", steps, is_long=True)


def _order(words: Words, contract: Contract, model: Model) -> Iterator[Step]:
    yield words.submit("task", wide(contract, model))
    yield words.wait_for("done", "task")
    yield words.fetch("image", "done")


def wide(contract: Contract, model: Model) -> Order:
    """An order in the last size of the schema that the model takes; the plain one at worst."""
    base = plain(contract, model)
    field, _, inner = model.aspect.field.partition(".")
    properties: Any = model.schema.get("properties", {})
    schema: Mapping[str, Any] = properties.get(field, {})
    if inner:
        schema = schema.get("properties", {}).get(inner, {})
    for size in reversed(schema.get("enum", ())):
        order = {**base, field: {**base.get(field, {}), inner: size} if inner else size}
        if size not in model.aspect.words and model.accepts(order):
            return order
    return base
