"""What the server says of an error, and whether a caller was told."""

from dataclasses import dataclass

from contract_tests.outcome import Outcome
from contract_tests.reply_shape import Path
from contract_tests.rules.base.replies import values_at
from contract_tests.trace import Exchange, Trace


@dataclass(frozen=True, slots=True)
class ErrorReply:
    """An error that reached a client whole: its HTTP status, and the server's code and message.

    ``code`` and ``message`` are None where the reply has none, as a gateway's page.
    """

    exchange: Exchange
    status: int
    code: str | None
    message: str | None

    def is_told_by(self, outcome: Outcome) -> bool:
        """Whether the caller was told of it: by its code, its message or its status."""
        said = f"{outcome.code} {outcome.message}"
        return any(one in said for one in (self.code, self.message, str(self.status)) if one)


def error_reply(trace: Trace, exchange: Exchange) -> ErrorReply | None:
    """The error that the reply to a call was, None if it was none or did not arrive whole."""
    status = exchange.heard_status
    if status is None or status < 400 or exchange.aborted or not exchange.told:
        return None
    places = trace.terms.replies
    code, message = _first(exchange, places.codes), _first(exchange, places.messages)
    return ErrorReply(exchange, status, code, message)


def _first(exchange: Exchange, places: tuple[Path, ...]) -> str | None:
    found = (value for place in places for value in values_at(exchange.reply_json, place))
    return next((str(value) for value in found if value not in (None, "")), None)
