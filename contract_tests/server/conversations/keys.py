"""Calls without a valid key, and calls with another one."""

from collections.abc import Iterator

from contract_tests.server.bodies import plain
from contract_tests.server.conversation import (
    Conversation,
    FormBody,
    JsonBody,
    Key,
    Once,
    Send,
    Step,
)
from contract_tests.server.images import PNG
from contract_tests.server.statement import Means
from contract_tests.server.words import Words
from mock_server.core.routes import Route

_OWN = Once("check-foreign-")
_BAD = (Key.NONE, Key.UNKNOWN, Key.EMPTY)


def keys(words: Words, means: Means) -> Iterator[Conversation]:
    """Every operation that asks for a key, with bad keys; a task, with another key."""
    title = "every operation without a valid key"
    yield Conversation("without-a-key", title, (*_without(words),))
    yield Conversation("of-a-task-without-a-key", "a task without a key", (*_task_without(words),))
    if means.other_key:
        title = "a task asked for with another key"
        yield Conversation("with-another-key", title, (*_foreign(words),))


def _without(words: Words) -> Iterator[Step]:
    yield words.balance("with-a-key")
    for number, route in enumerate(words.promises.contract.routes.all):
        if route.auth and "{" not in route.path:
            for key in _BAD:
                name = f"{route.operation}-{number}-{key.value}"
                yield Send(name, route.method, route.path, key, body=_body(words, route))


def _body(words: Words, route: Route) -> JsonBody | FormBody | None:
    contract = words.promises.contract
    if route.operation == "upload":
        return FormBody(files=(PNG,))
    if not route.content_types:
        return None
    return JsonBody(plain(contract, contract.models[contract.default_model]))


def _task_without(words: Words) -> Iterator[Step]:
    contract = words.promises.contract
    yield words.submit("task", plain(contract, contract.models[contract.default_model]))
    for key in _BAD:
        yield words.poll(f"poll-{key.value}", "task", key)


def _foreign(words: Words) -> Iterator[Step]:
    contract = words.promises.contract
    order = plain(contract, contract.models[contract.default_model])
    yield words.submit("task", words.own_id(order, _OWN))
    yield words.poll("foreign", "task", Key.OTHER)
    if words.promises.own_id is not None:
        yield words.poll_id("foreign-own-id", _OWN, Key.OTHER)
    yield words.poll("own", "task")
