"""Replies: what a caller could read in them, at the places that the profile names."""

from collections.abc import Iterator
from dataclasses import dataclass

from contract_tests.outcome import Outcome
from contract_tests.reply_shape import Path
from contract_tests.terms import Terms
from contract_tests.trace import Exchange
from mock_server.core.lifecycle import Phase

# The calls whose replies are JSON, and about a task.
ABOUT_TASKS = frozenset({"submit", "status"})


@dataclass(frozen=True, slots=True)
class Reason:
    """The code and the message of a refusal or of a failed task, as far as it had them."""

    code: str | int | None
    message: str

    def missing_in(self, outcome: Outcome) -> tuple[str, ...]:
        """Which of the two a report does not carry; the code may stand in its message."""
        told = _squeezed(outcome.message)
        has_code = self.code is None or str(self.code) in f"{outcome.code} {told}"
        has_message = _squeezed(self.message) in told
        return tuple(
            name for name, has in (("code", has_code), ("message", has_message)) if not has
        )


def results_in(terms: Terms, exchange: Exchange) -> tuple[str, ...]:
    """The URLs of the results in a reply, in their order."""
    found = values_at(exchange.reply_json, terms.replies.results)
    return tuple(url for url in found if isinstance(url, str) and url)


def reason_in(terms: Terms, exchange: Exchange) -> Reason | None:
    """Why a reply says that something went wrong, None where it has no message."""
    messages = (one for one in _at(exchange, terms.replies.messages) if isinstance(one, str))
    message = next(filter(None, messages), None)
    codes = (one for one in _at(exchange, terms.replies.codes) if isinstance(one, str | int))
    return None if message is None else Reason(next(codes, None), message)


def shows_success(terms: Terms, exchange: Exchange) -> bool:
    """Whether a caller could read in a reply that the task has succeeded."""
    if exchange.phase is not Phase.SUCCEEDED or exchange.operation != "status":
        return False
    return exchange.told or bool(results_in(terms, exchange))


def is_readable(terms: Terms, exchange: Exchange) -> bool:
    """Whether a reply about a task is what is documented: JSON, labelled so, and all there.

    A redirect need not have any content, and of what the journal has cut nothing is known.
    """
    status = exchange.heard_status
    if status is None or 300 <= status < 400 or exchange.content_cut:
        return True
    body = exchange.reply_json
    if not isinstance(body, dict) or not _is_labelled(exchange):
        return False
    return status != 200 or terms.replies.required <= body.keys()


def wrong_types(terms: Terms, exchange: Exchange) -> tuple[str, ...]:
    """The members of a reply about a task that have another type than documented."""
    if exchange.heard_status != 200:
        return ()
    return tuple(
        ".".join(path)
        for path, types in terms.replies.types
        if any(_types_of(value).isdisjoint(types) for value in values_at(exchange.reply_json, path))
    )


def values_at(value: object, path: Path) -> Iterator[object]:
    """All values at a place of a JSON value; a ``*`` leads to each item of a list."""
    if not path:
        yield value
    elif path[0] == "*" and isinstance(value, list):
        for item in value:
            yield from values_at(item, path[1:])
    elif isinstance(value, dict) and path[0] in value:
        yield from values_at(value[path[0]], path[1:])


def _at(exchange: Exchange, paths: tuple[Path, ...]) -> Iterator[object]:
    return (one for path in paths for one in values_at(exchange.reply_json, path))


def _types_of(value: object) -> frozenset[str]:
    if isinstance(value, bool):
        return frozenset({"boolean"})
    if isinstance(value, float) and value.is_integer():
        return frozenset({"number", "integer"})
    return _NAMES.get(type(value), frozenset())


_NAMES = {
    str: frozenset({"string"}),
    int: frozenset({"integer", "number"}),
    float: frozenset({"number"}),
    dict: frozenset({"object"}),
    list: frozenset({"array"}),
    type(None): frozenset({"null"}),
}


def _is_labelled(exchange: Exchange) -> bool:
    labels = [value for name, value in exchange.reply_headers if name == b"content-type"]
    return any(b"json" in label.lower() for label in labels)


def _squeezed(text: str | None) -> str:
    return " ".join((text or "").split())
