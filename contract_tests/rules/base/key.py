"""How an API key shows itself in what the journal kept, and in what a client printed."""

import re
from collections.abc import Iterable

from contract_tests.trace import Exchange, Trace
from mock_server.core.keys import owner_of
from mock_server.core.masking import mask
from mock_server.core.script import Headers

# Shorter ones are words that occur without meaning a key.
_SHORTEST = 12
# Half of a long key is long enough to be no accident; tracebacks break keys into lines.
_LONG = 32


def marks_of(secrets: Iterable[str]) -> tuple[bytes, ...]:
    """What these keys look like in the journal: masked, or in clear where it did not know them."""
    told = [secret for secret in secrets if len(secret) >= _SHORTEST]
    return tuple(one.encode("utf-8", "replace") for key in told for one in (key, mask(key)))


def shows(data: bytes, marks: Iterable[bytes]) -> bool:
    """Whether one of the marks is in these bytes."""
    return any(mark in data for mark in marks)


def shows_in(headers: Headers, marks: Iterable[bytes]) -> bytes | None:
    """The name of the first header field that shows one of the marks."""
    return next((name for name, value in headers if shows(value, marks)), None)


def place_in_url(exchange: Exchange, marks: tuple[bytes, ...]) -> str | None:
    """Where in its URL or body a call shows one of the marks."""
    parts = {
        "path": exchange.path.encode("utf-8", "replace"),
        "query": exchange.query.encode("utf-8", "replace"),
        "body": exchange.body,
    }
    return next((name for name, data in parts.items() if shows(data, marks)), None)


def key_place(exchange: Exchange, trace: Trace) -> str | None:
    """Where in a call a key of its caller is: a header field, the path, the query or the body."""
    own = {one.key for one in trace.exchanges} - {""}
    if exchange.key in own:
        return "authorization"
    marks = marks_of(trace.secrets)
    field = shows_in(exchange.headers, marks)
    return place_in_url(exchange, marks) if field is None else field.decode("latin-1")


def is_key_of(exchange: Exchange, scheme: str, secrets: Iterable[str]) -> bool:
    """Whether the Authorization field carries one of these keys after that scheme."""
    return exchange.key in {owner_of(f"{scheme} {secret}") for secret in secrets}


def is_told(text: str, secrets: Iterable[str]) -> bool:
    """Whether a text gives one of these keys away, or a half of it that is long enough."""
    joined = re.sub(r"\s+", "", text)
    return any(part in joined or part in text for key in secrets for part in _parts(key))


def _parts(key: str) -> tuple[str, ...]:
    if len(key) < _SHORTEST:
        return ()
    middle = len(key) // 2
    return (key[:middle], key[middle:]) if len(key) >= _LONG else (key,)
