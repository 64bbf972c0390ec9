"""REQ-01: what obeys the documented request schema is accepted."""

from collections.abc import Iterable

from contract_tests.finding import Words
from contract_tests.server.claim import Status
from contract_tests.server.promises import Promises
from contract_tests.server.reasons import PASSING, Worth
from contract_tests.server.seen import Seen
from contract_tests.server.statement import Breach, Known, Statement

_OPERATIONS = ("submit", "upload", "models", "balance")


class ValidIsAccepted(Statement):
    """A call that is as documented is not refused, whatever its prompt says."""

    id = "valid-is-accepted"
    number = "REQ-01"
    title = "A call that is as documented is accepted"
    group = "Requests"
    why = "What callers may rely on ends where documented values are refused, or break the server."
    mend = (
        "Take every documented value and every combination of them, at their limits, too.",
        "A prompt is any Unicode text: emoji, right to left, control characters.",
    )
    idle = "no call that is known to be right"

    def source(self, promises: Promises) -> str:
        return promises.source("fields")

    def look(self, call: Seen, known: Known) -> Iterable[Breach] | None:
        if call.operation not in _OPERATIONS or call.reply is None or call.method == "OPTIONS":
            return None
        if known.opinion(call).worth is not Worth.GOOD or _is_passing(call, known.promises):
            return None
        if call.is_accepted:
            return ()
        expected = Words("{operation}: 200", {"operation": call.operation})
        return (Breach(expected, _told(call), (Status(call.number, (200,)),)),)


def _is_passing(call: Seen, promises: Promises) -> bool:
    """Whether the refusal may be about the account or the traffic, not about the call."""
    catalogue = promises.contract.catalogue
    return call.status in {catalogue.find(r, call.operation).status for r in PASSING}


def _told(call: Seen) -> Words:
    content = call.reply.content if call.reply else b""
    text = content[:120].decode("utf-8", "replace")
    return Words("{status} {text}", {"status": call.status, "text": text})
