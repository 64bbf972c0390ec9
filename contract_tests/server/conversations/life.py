"""The lives of tasks: from the submit to the downloads, and after."""

from collections.abc import Iterator

from contract_tests.server.bodies import Order, plain
from contract_tests.server.conversation import Conversation, Once, Pass, Step
from contract_tests.server.money import most_images
from contract_tests.server.statement import Means
from contract_tests.server.words import Words

_LATER_SECONDS = 5.0
_OWN = Once("check-order-")


def life(words: Words, means: Means) -> Iterator[Conversation]:
    """A task with everything that belongs to one, then one with several images."""
    yield Conversation("whole-life", "a task from its submit to its download", (*_whole(words),))
    yield Conversation("two-orders", "the same order twice", (*_twice(words),))


def _whole(words: Words) -> Iterator[Step]:
    contract = words.promises.contract
    order = plain(contract, contract.models[contract.default_model])
    first = words.own_id({**order, "metadata": {"note": "kept", "n": 1}}, _OWN)
    yield words.balance("before")
    yield words.submit("task", first)
    yield words.poll("at-once", "task")
    yield from _by_own_id(words, "by-own-id")
    yield words.wait_for("done", "task")
    yield words.poll("after", "task")
    yield words.poll("after-head", "task", method="HEAD")
    yield words.fetch("image", "done")
    yield words.fetch("image-head", "done", method="HEAD")
    yield words.balance("between")
    yield words.submit("second", {**order, **_more(words)})
    yield words.wait_for("second-done", "second")
    yield words.fetch("second-image", "second-done")
    yield words.fetch("last-image", "second-done", 1)
    yield words.balance("in-the-end")
    yield Pass(_LATER_SECONDS)
    yield words.poll("later", "task")
    yield words.poll("still-later", "task")
    yield from _by_own_id(words, "later-by-own-id")


def _by_own_id(words: Words, name: str) -> Iterator[Step]:
    if words.promises.own_id is not None:
        yield words.poll_id(name, _OWN)


def _more(words: Words) -> Order:
    """Several images that are not square, where the default model makes such."""
    contract = words.promises.contract
    model = contract.models[contract.default_model]
    wishes: list[Order] = [{model.aspect.field: "3:2"}, {}]
    count = contract.fields.count[0] if contract.fields.count else "n"
    several = {count: 2} if most_images(words.promises) > 1 else {}
    base = plain(contract, model)
    fitting = (w | several for w in wishes if model.accepts({**base, **w, **several}))
    return next(fitting, {})


def _twice(words: Words) -> Iterator[Step]:
    contract = words.promises.contract
    order = plain(contract, contract.models[contract.default_model])
    yield words.submit("one", order)
    yield words.submit("two", order)
    yield words.poll("poll-one", "one")
    yield words.poll("poll-two", "two")
