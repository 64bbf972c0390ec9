"""TAS-08: results expire as long after their completion as is documented."""

from collections.abc import Iterable

from contract_tests.finding import Words
from contract_tests.server.claim import Compare, Status
from contract_tests.server.promises import Promises
from contract_tests.server.seen import Seen
from contract_tests.server.statement import Breach, Known, Statement


class ExpiryAsDocumented(Statement):
    """expires_at is completed_at and the documented lifetime of results."""

    id = "expiry-as-documented"
    number = "TAS-08"
    title = "Results expire as long after their completion as is documented"
    group = "Tasks"
    why = "Whoever fetches results once a day loses all that live for a shorter time."
    mend = (
        "Count the lifetime from completed_at, not from created_at.",
        "If results live longer or shorter, say so in the documents first.",
    )
    idle = "no task was seen to succeed"

    def source(self, promises: Promises) -> str:
        return promises.source("results")

    def look(self, call: Seen, known: Known) -> Iterable[Breach] | None:
        done, expires = call.value("completed_at"), call.value("expires_at")
        if call.operation != "status" or not call.is_accepted:
            return None
        if not isinstance(done, int) or not isinstance(expires, int):
            return None
        lifetime = int(known.promises.contract.results.lifetime)
        if expires - done == lifetime:
            return ()
        at = call.number
        claim = Compare(at, ("expires_at",), "==", at, ("completed_at",), plus=lifetime)
        expected = Words("{lifetime} s after completed_at", {"lifetime": lifetime})
        seen = Words("{seconds} s", {"seconds": expires - done})
        return (Breach(expected, seen, (claim,), (Status(at, (200,)),), "$.expires_at"),)
