"""REQ-02: what breaks the documented request schema is refused, with the documented status."""

from collections.abc import Iterable

from contract_tests.finding import Words
from contract_tests.server.claim import Status
from contract_tests.server.promises import Promises
from contract_tests.server.reasons import BAD_KEYS, PASSING, Worth, statuses_of
from contract_tests.server.seen import Seen
from contract_tests.server.statement import Breach, Known, Statement

_OPERATIONS = ("submit", "upload")


class InvalidIsRefused(Statement):
    """A call that is not as documented gets the status of the error that it makes."""

    id = "invalid-is-refused"
    number = "REQ-02"
    title = "A call that is not as documented is refused with the documented status"
    group = "Requests"
    why = "What is accepted by mistake is paid for, and gives another image than was meant."
    mend = (
        "Check type, range and length of each field before anything is created.",
        'Do not convert: "2" is no number, and true is none either.',
    )
    idle = "no call that is known to be wrong"

    def source(self, promises: Promises) -> str:
        return promises.source("errors", "invalid_request")

    def look(self, call: Seen, known: Known) -> Iterable[Breach] | None:
        if call.operation not in _OPERATIONS or call.reply is None or call.key in BAD_KEYS:
            return None
        found = known.opinion(call)
        if found.worth is not Worth.BAD:
            return None
        catalogue = known.promises.contract.catalogue
        codes = statuses_of(call, found, known.promises)
        passing = {catalogue.find(reason, call.operation).status for reason in PASSING}
        if call.status in codes:
            return ()
        if call.status in passing:
            return None
        facts = {"codes": ", ".join(map(str, codes)), "words": found.words}
        seen = Words("{status}", {"status": call.status})
        return (Breach(Words("{codes} ({words})", facts), seen, (Status(call.number, codes),)),)
