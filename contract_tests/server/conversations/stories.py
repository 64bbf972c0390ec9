"""Conversations that only a mock can be led into: failures, limits, the end of results."""

from collections.abc import Iterator, Mapping

from contract_tests.server.bodies import plain
from contract_tests.server.conversation import Conversation, Pass, RetryPause, Step
from contract_tests.server.statement import Means
from contract_tests.server.words import Words

_ORDERS_AT_ONCE = 3
_FAILS: Mapping[str, object] = {
    "title": "A task fails",
    "why": "To see how the failure is told, and whether it is paid for.",
    "timeline": [
        {"phase": "queued"},
        {"phase": "running", "seconds": 1, "progress": 40},
        {"phase": "failed", "seconds": 3},
    ],
}
_LIMITED: Mapping[str, object] = {
    "title": "Three orders at once, then one every two seconds",
    "why": "To see how a limit is told.",
    "limits": [
        {
            "category": "async_submit",
            "operations": ["submit"],
            "kind": "token_bucket",
            "capacity": _ORDERS_AT_ONCE,
            "per_second": 0.5,
        }
    ],
}
_LONG: Mapping[str, object] = {
    "title": "A day goes by",
    "why": "To see whether results expire; in a session whose clock can be moved.",
}


def stories(words: Words, means: Means) -> Iterator[Conversation]:
    """What the control plane of a mock makes possible."""
    if not means.stories:
        return
    yield Conversation("failure", "a task that fails", (*_failure(words),), _FAILS)
    yield Conversation("limit", "more orders than the limit", (*_limit(words),), _LIMITED)
    yield Conversation("expiry", "a result after its expiry", (*_expiry(words),), _LONG)


def _failure(words: Words) -> Iterator[Step]:
    contract = words.promises.contract
    yield words.balance("before")
    yield words.submit("task", plain(contract, contract.models[contract.default_model]))
    yield words.wait_for("failed", "task")
    yield words.poll("after", "task")
    yield words.balance("in-the-end")


def _limit(words: Words) -> Iterator[Step]:
    contract = words.promises.contract
    order = plain(contract, contract.models[contract.default_model])
    for number in range(1, _ORDERS_AT_ONCE + 2):
        yield words.submit(f"order-{number}", order)
    yield RetryPause(f"order-{_ORDERS_AT_ONCE + 1}")
    yield words.submit("again", order)


def _expiry(words: Words) -> Iterator[Step]:
    contract = words.promises.contract
    yield words.submit("task", plain(contract, contract.models[contract.default_model]))
    yield words.wait_for("done", "task")
    yield words.fetch("in-time", "done")
    yield Pass(contract.results.lifetime + 10)
    yield words.fetch("too-late", "done")
