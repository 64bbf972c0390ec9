"""TAS-07: a task is created before it is done, and done before it expires."""

from collections.abc import Iterable

from contract_tests.finding import Words
from contract_tests.server.claim import Compare, Status
from contract_tests.server.promises import Promises
from contract_tests.server.seen import Seen
from contract_tests.server.statement import Breach, Known, Statement

_PAIRS = (("created_at", "completed_at"), ("completed_at", "expires_at"))


class TimesInOrder(Statement):
    """created_at, completed_at and expires_at never stand in another order."""

    id = "times-in-order"
    number = "TAS-07"
    title = "A task is created before it is done, and done before it expires"
    group = "Tasks"
    why = "Durations that come out negative, and files that expired before they were made."
    mend = (
        "Take all times from one clock, in whole seconds since 1970.",
        "Do not mix seconds and milliseconds.",
    )
    idle = "no task was seen to its end"

    def source(self, promises: Promises) -> str:
        return promises.source("results")

    def look(self, call: Seen, known: Known) -> Iterable[Breach] | None:
        if call.operation != "status" or not call.is_accepted:
            return None
        times = [(call.value(a), call.value(b)) for a, b in _PAIRS]
        if not any(isinstance(a, int) and isinstance(b, int) for a, b in times):
            return None
        return [
            _breach(call, *names)
            for names, (a, b) in zip(_PAIRS, times, strict=True)
            if isinstance(a, int) and isinstance(b, int) and a > b
        ]


def _breach(call: Seen, earlier: str, later: str) -> Breach:
    at = call.number
    claim = Compare(at, (later,), ">=", at, (earlier,))
    expected = Words("{later} not before {earlier}", {"later": later, "earlier": earlier})
    facts = {"later": call.value(later), "earlier": call.value(earlier)}
    return Breach(
        expected, Words("{later} < {earlier}", facts), (claim,), (Status(at, (200,)),), f"$.{later}"
    )
