"""Right orders at the limits of what is documented."""

from collections.abc import Iterator

from contract_tests.server.bodies import corners, prompts
from contract_tests.server.conversation import Conversation, Step
from contract_tests.server.statement import Means
from contract_tests.server.words import Words

_AT_ONCE = 10
_FEW = 2
# The fullest order, every field alone and the first pairs; the other pairs take long.
_FIRST = 40


def corner_orders(words: Words, means: Means) -> Iterator[Conversation]:
    """Unusual prompts, then every field and every pair of fields at its limits."""
    contract = words.promises.contract
    model = contract.models[contract.default_model]
    texts, orders = [*prompts(contract, model)], [*corners(contract, model)]
    if not means.stories:
        texts, orders = texts[:1], orders[:_FEW]
    yield Conversation("prompts", "unusual prompts", (*_submits(words, texts),))
    for start in range(0, len(orders), _AT_ONCE):
        steps = (*_submits(words, orders[start : start + _AT_ONCE]),)
        name, title = f"corners-{start // _AT_ONCE + 1}", "orders at the limits"
        yield Conversation(name, title, steps, is_long=start >= _FIRST)


def _submits(words: Words, orders: list[dict[str, object]]) -> Iterator[Step]:
    for index, order in enumerate(orders):
        yield words.submit(f"order-{index}", order)
        yield words.poll(f"poll-{index}", f"order-{index}")
