"""Schemathesis on the profile's OpenAPI document, with the statements as its checks."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from contract_tests.server.conversation import Key
from contract_tests.server.gateway import NUMBER, Gateway
from contract_tests.server.judge import Judge
from contract_tests.server.player import Player
from contract_tests.server.promises import Promises
from contract_tests.server.statement import Statement

# By this name breaches are told apart from those of written conversations.
FUZZED = "generated calls"


def fuzz(
    player: Player, *, seed: int, examples: int, seconds: float, all_models: bool = False
) -> tuple[str, ...]:
    """Let Schemathesis make calls: all its phases, with so many examples for each operation.

    Without ``all_models``, orders are for the default model only.
    Stops soon after so many seconds, or when no submit may be sent any more. Returns what a reader
    has to know of how it went; what was found is with the judge.
    """
    place = player.venue.open(None)
    player.judge.conversation = FUZZED
    gateway = Gateway(player, place)
    try:
        with _checks(player.judge) as names:
            document = narrowed(player.judge.promises, all_models=all_models)
            schema = _schema(document, gateway, place.keys[Key.OWN], seed, examples)
            schema.config.checks.update(included_check_names=names)
            # On an account that pays, every call that makes an example smaller is one too many.
            schema.config.generation.no_shrink = player.is_polite
            return tuple(dict.fromkeys(_run(schema, gateway, seconds)))
    finally:
        place.close()


def _run(schema: Any, gateway: Gateway, seconds: float) -> Iterator[str]:
    from schemathesis.engine import events, from_schema

    deadline = time.monotonic() + seconds
    stream = from_schema(schema).execute()
    for event in stream:
        if gateway.is_spent:
            yield "Schemathesis stopped early: no submit may be sent any more"
            stream.stop()
        elif time.monotonic() > deadline:
            yield f"Schemathesis stopped early, after {seconds:g} s"
            stream.stop()
        if isinstance(event, events.NonFatalError):
            yield f"Schemathesis could not test {event.label}: {event.value}"
        if isinstance(event, events.FatalError):
            raise event.exception


def _schema(document: Any, gateway: Gateway, key: str, seed: int, examples: int) -> Any:
    import schemathesis
    from schemathesis.config import SchemathesisConfig

    schema = schemathesis.openapi.from_dict(document, config=SchemathesisConfig(seed=seed))
    schema.app = gateway
    settings = schema.config
    settings.update(headers={"Authorization": f"Bearer {key}"}, workers=1)
    settings.generation.update(max_examples=examples, database="none")
    return schema


def narrowed(promises: Promises, *, all_models: bool) -> dict[str, Any]:
    """The profile's document; without ``all_models``, orders are for the default model only."""
    document: dict[str, Any] = json.loads(json.dumps(promises.document))
    if not all_models:
        content = document["paths"][promises.submit]["post"]["requestBody"]["content"]
        for media in content.values():
            media["schema"] = media["schema"].get("anyOf", [media["schema"]])[0]
            media.pop("examples", None)
    return document


@contextmanager
def _checks(judge: Judge) -> Iterator[list[str]]:
    """The statements as checks of Schemathesis for as long as the block runs: their names."""
    from schemathesis.checks import CHECKS, load_all_checks

    load_all_checks()
    names = []
    try:
        for statement in judge.statements:
            check = _check_of(statement, judge)
            CHECKS.register(check)
            names.append(check.__name__)
        yield names
    finally:
        for name in names:
            CHECKS.unregister(name)


def _check_of(statement: Statement, judge: Judge) -> Any:
    """A check that fails where the judge has found the statement broken by that very call."""

    def check(context: Any, response: Any, case: Any) -> bool | None:
        numbers = response.headers.get(NUMBER, ["0"])
        for found in judge.found_at(int(numbers[0])):
            if found.statement is statement:
                raise AssertionError(f"{found.breach.expected}; seen: {found.breach.seen}")
        return None

    check.__name__ = statement.id.replace("-", "_")
    return check
