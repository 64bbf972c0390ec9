"""Submits that must be refused, and what they must not leave behind."""

from collections.abc import Iterator

from contract_tests.server.bodies import plain, wrongs
from contract_tests.server.conversation import Conversation, Once, RawBody, Send, Step
from contract_tests.server.statement import Means
from contract_tests.server.words import Words

# So many at a time, with the balance before and after.
_AT_ONCE = 8
_FEW = 4


def refusals(words: Words, means: Means) -> Iterator[Conversation]:
    """Wrong orders and what is no order at all; on an account that pays, a few of each."""
    yield Conversation("no-orders", "bodies that are no orders", _framed(words, _no_orders(words)))
    contract = words.promises.contract
    wrong = [order for _, order in wrongs(contract, contract.models[contract.default_model])]
    if not means.stories:
        wrong = wrong[:: max(1, len(wrong) // _FEW)]
    for start in range(0, len(wrong), _AT_ONCE):
        number = start // _AT_ONCE + 1
        steps: list[Send] = []
        for index, order in enumerate(wrong[start : start + _AT_ONCE]):
            own = Once(f"check-wrong-{start + index}-")
            sent = words.own_id(order, own) if _takes_own_id(words, order) else order
            steps.append(words.submit(f"wrong-{index}", sent))
            if sent is not order:
                steps.append(words.poll_id(f"left-{index}", own))
        title = "orders that are not as documented"
        yield Conversation(f"wrong-orders-{number}", title, _framed(words, iter(steps)))


def _takes_own_id(words: Words, order: dict[str, object]) -> bool:
    return words.promises.own_id is not None and words.promises.own_id not in order


def _framed(words: Words, steps: Iterator[Send]) -> tuple[Step, ...]:
    return (words.balance("before"), *steps, words.balance("after"))


def _no_orders(words: Words) -> Iterator[Send]:
    contract = words.promises.contract
    good = plain(contract, contract.models[contract.default_model])
    bodies = {
        "empty": RawBody(b""),
        "cut": RawBody(b'{"model": "'),
        "array": RawBody(b"[]"),
        "null": RawBody(b"null"),
        "text": RawBody(b'{"model": "x", "prompt": "y"}', "text/plain"),
        "untyped": RawBody(b'{"model": "x", "prompt": "y"}', None),
    }
    for name, body in bodies.items():
        yield words.submit(name, body)
    yield words.submit("no-model", {key: v for key, v in good.items() if key != "model"})
