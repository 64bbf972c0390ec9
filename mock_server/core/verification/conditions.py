"""The conditions by which a check picks its calls: a function for each word of ``where``."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, TypeAlias

from mock_server.core.exchange import NO_JSON, Exchange
from mock_server.core.script import Headers
from mock_server.core.verification.json_match import as_text, difference, texts_in
from mock_server.core.verification.statuses import is_one_of, shown


@dataclass(frozen=True, slots=True)
class Miss:
    """How a call does not meet a condition: where, what was expected and what was seen.

    ``unknown`` says that the journal kept too little of the call to tell.
    """

    place: str
    expected: str
    seen: str
    unknown: bool = False


# None: the call meets the condition.
Condition: TypeAlias = Callable[[Any, Exchange], Miss | None]


def _status(expected: Any, exchange: Exchange) -> Miss | None:
    patterns = expected if isinstance(expected, list) else [expected]
    if is_one_of(exchange.heard_status, patterns):
        return None
    return Miss("status", shown(patterns), shown([exchange.heard_status]))


def _same(name: str) -> Condition:
    def condition(expected: Any, exchange: Exchange) -> Miss | None:
        seen = getattr(exchange, name)
        return None if seen == expected else Miss(name, as_text(expected), as_text(seen))

    return condition


def _text(name: str) -> Condition:
    return lambda expected, exchange: _text_miss(name, expected, getattr(exchange, name))


def _phase(expected: Any, exchange: Exchange) -> Miss | None:
    seen = None if exchange.phase is None else exchange.phase.value
    return None if seen == expected else Miss("phase", as_text(expected), as_text(seen))


def _fault(expected: Any, exchange: Exchange) -> Miss | None:
    if expected is True and exchange.fault is not None:
        return None
    if expected is True:
        return Miss("fault", "any", "none")
    return _text_miss("fault", expected or None, exchange.fault)


def _header(expected: Any, exchange: Exchange) -> Miss | None:
    return _headers_miss("header", expected, exchange.headers)


def _reply_header(expected: Any, exchange: Exchange) -> Miss | None:
    return _headers_miss("reply_header", expected, exchange.reply_headers)


def _body(expected: Any, exchange: Exchange) -> Miss | None:
    return _json_miss("body", expected, exchange.json, exchange.body_cut)


def _reply(expected: Any, exchange: Exchange) -> Miss | None:
    return _json_miss("reply", expected, exchange.reply_json, exchange.content_cut)


def _body_contains(expected: Any, exchange: Exchange) -> Miss | None:
    whole = exchange.body.decode("utf-8", "replace")
    texts = [whole] if exchange.json is NO_JSON else texts_in(exchange.json)
    if any(expected in text for text in texts):
        return None
    wanted = f"a text with {as_text(expected)}"
    return Miss("body", wanted, "no such text", exchange.body_cut)


def _text_miss(place: str, expected: Any, seen: str | None) -> Miss | None:
    """Expected is the whole text, ``{contains: part}``, or None for none at all."""
    if isinstance(expected, Mapping):
        part = expected["contains"]
        is_met = seen is not None and part in seen
        wanted = f"a text with {as_text(part)}"
    else:
        is_met = seen == expected
        wanted = "none" if expected is None else as_text(expected)
    return None if is_met else Miss(place, wanted, "none" if seen is None else as_text(seen))


def _headers_miss(place: str, expected: Mapping[str, Any], headers: Headers) -> Miss | None:
    for name, wanted in expected.items():
        key = name.lower().encode("utf-8", "replace")
        sent = [value.decode("latin-1") for field, value in headers if field == key]
        values: list[str | None] = [*sent] or [None]
        misses = [_text_miss(f"{place} {name}", wanted, value) for value in values]
        if None not in misses:
            return misses[0]
    return None


def _json_miss(place: str, expected: Any, seen: object, is_cut: bool) -> Miss | None:
    found = difference(expected, seen)
    if found is None:
        return None
    if is_cut:
        return Miss(place, found.expected, "more than the journal keeps", unknown=True)
    return Miss(f"{place} {found.path}", found.expected, found.seen)


CONDITIONS: Mapping[str, Condition] = MappingProxyType(
    {
        "status": _status,
        "method": _same("method"),
        "path": _text("path"),
        "query": _text("query"),
        "header": _header,
        "body": _body,
        "body_contains": _body_contains,
        "reply": _reply,
        "reply_header": _reply_header,
        "task": _same("task"),
        "phase": _phase,
        "created": _same("created"),
        "fault": _fault,
        "aborted": _same("aborted"),
    }
)
