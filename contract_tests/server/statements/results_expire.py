"""RES-05: after its expiry, a result URL is refused with the documented error."""

from collections.abc import Iterable

from contract_tests.finding import Words
from contract_tests.server.claim import Status
from contract_tests.server.lifetimes import Age, age_of
from contract_tests.server.promises import Promises
from contract_tests.server.seen import Seen
from contract_tests.server.statement import Breach, Known, Means, Statement


class ResultsExpire(Statement):
    """expires_at is meant."""

    id = "results-expire"
    number = "RES-05"
    title = "After its expiry, a result URL is refused with the documented error"
    group = "Results"
    grade = "SHOULD"
    why = "What is said to expire and does not is found by strangers years later."
    mend = (
        "Check the expiry where the file is served.",
        "Answer with the documented error, not with a page of the file store.",
    )
    idle = "no result was fetched after its expiry"

    def source(self, promises: Promises) -> str:
        return promises.source("errors", "file_expired")

    def missing(self, means: Means) -> str:
        return self.idle if means.stories else "results live too long to wait for their end"

    def look(self, call: Seen, known: Known) -> Iterable[Breach] | None:
        result = known.log.result(call)
        if result is None or call.method != "GET" or call.reply is None:
            return None
        if age_of(call, result, known.promises.contract.results.lifetime) is not Age.EXPIRED:
            return None
        status = known.promises.contract.catalogue.find("file_expired", "result").status
        if call.status == status:
            return ()
        seen = Words("{status}", {"status": call.status})
        given = (Status(result.poll.number, (200,)),)
        claim = Status(call.number, (status,))
        return (Breach(Words("{status}", {"status": status}), seen, (claim,), given),)
