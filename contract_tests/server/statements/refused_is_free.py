"""ACT-01: what was refused is not paid for."""

from collections.abc import Iterable

from contract_tests.finding import Words
from contract_tests.server.balances import span_of
from contract_tests.server.claim import Compare, Status
from contract_tests.server.promises import Promises
from contract_tests.server.seen import Seen
from contract_tests.server.statement import Breach, Known, Statement


class RefusedIsFree(Statement):
    """Between two readings of the balance with refused submits only, nothing was spent."""

    id = "refused-is-free"
    number = "ACT-01"
    title = "A submit that was refused is not paid for"
    group = "Account"
    why = "Callers correct what was refused and send it again, and would pay for every attempt."
    mend = (
        "Check everything before the credits are taken.",
        "Where they have to be taken first, give them back with every refusal.",
    )
    idle = "no refused submit between two readings of the balance"

    def source(self, promises: Promises) -> str:
        return promises.source("prices")

    def look(self, call: Seen, known: Known) -> Iterable[Breach] | None:
        span = span_of(call, known)
        if span is None or span.others or span.accepted or not span.refused:
            return None
        if span.spent == 0:
            return ()
        claim = Compare(call.number, span.path, "==", span.first.number, span.path)
        codes = tuple(sorted({one.status for one in span.refused}))
        given = tuple(Status(one.number, codes) for one in span.refused)
        expected, seen = Words("nothing spent"), Words("{n:g} credits", {"n": span.spent})
        return (Breach(expected, seen, (claim,), given),)
