"""Refusals: what a reply that is none of the wanted ones says of waiting, and of what was done."""

from contract_tests.trace import Exchange, Trace
from mock_server.core.verification.json_match import texts_in


def is_heard(exchange: Exchange) -> bool:
    """Whether an error of the server reached the caller."""
    return exchange.heard_status is not None and exchange.heard_status >= 400


def is_refusal(trace: Trace, exchange: Exchange) -> bool:
    """Whether the caller was told to try again later: a 429, or nothing was made for sure."""
    return exchange.heard_status == 429 or promises_nothing(trace, exchange)


def promises_nothing(trace: Trace, exchange: Exchange) -> bool:
    """Whether a reply is one of the documented errors that say that no task was made."""
    codes = {code for status, code in trace.terms.harmless if status == exchange.heard_status}
    return bool(codes) and not codes.isdisjoint(texts_in(exchange.reply_json))


def retry_after_text(exchange: Exchange) -> str | None:
    """The value of Retry-After as sent, None where there is no such field."""
    found = (value for name, value in exchange.reply_headers if name == b"retry-after")
    value = next(found, None)
    return None if value is None else value.decode("latin-1").strip()


def asked_to_wait(trace: Trace, exchange: Exchange) -> float | None:
    """The seconds for which Retry-After asks, None where nobody can be expected to keep it.

    A wait that is longer than all polling may last (the profile's ``max_wait``) is none.
    """
    seconds = exchange.retry_after
    return None if seconds is None or seconds > trace.calls.polling.max_wait else seconds


def is_date(exchange: Exchange) -> bool:
    """Whether Retry-After is a date, as far as it can be read at all."""
    text = retry_after_text(exchange)
    return text is not None and exchange.retry_after is not None and not text.isdigit()


def has_bad_retry_after(trace: Trace, exchange: Exchange) -> bool:
    """Whether there is a Retry-After that nobody can keep: 0, negative, past, endless, no time."""
    return retry_after_text(exchange) is not None and asked_to_wait(trace, exchange) is None
