"""The account: its balance and the models that it may use."""

from collections.abc import Iterator

from contract_tests.server.conversation import Conversation, Send, Step
from contract_tests.server.statement import Means
from contract_tests.server.words import Words

_TYPES = ("image", "text", "all")


def account(words: Words, means: Means) -> Iterator[Conversation]:
    """Everything that can be read without ordering anything, and the same with HEAD."""
    yield Conversation("account", "balance and models", (*_readings(words),))


def _readings(words: Words) -> Iterator[Step]:
    for number, route in enumerate(words.promises.getting()):
        name = f"{route.operation}-{number}"
        yield Send(name, "GET", route.path)
        yield Send(f"{name}-head", "HEAD", route.path)
    for kind in _TYPES:
        yield words.get(f"models-{kind}", "models", f"?type={kind}")
