"""REQ-03: nothing that a caller sends makes the server fail."""

from collections.abc import Iterable

from contract_tests.finding import Words
from contract_tests.server.claim import Status
from contract_tests.server.promises import Promises
from contract_tests.server.seen import Seen
from contract_tests.server.statement import Breach, Known, Statement


class NoServerFailure(Statement):
    """No reply has a status of the 500s but those that are documented for other reasons."""

    id = "no-server-failure"
    number = "REQ-03"
    title = "Nothing that a caller sends makes the server fail"
    group = "Requests"
    why = "A 500 says: try again. Callers do, and fail again, and may pay each time."
    mend = (
        "Find the exception in the server's log, and refuse or accept such a call in earnest.",
        "Test the corners of each field, and their combinations.",
    )
    idle = "no reply"

    def source(self, promises: Promises) -> str:
        return promises.source("errors", "server_error")

    def look(self, call: Seen, known: Known) -> Iterable[Breach] | None:
        if call.reply is None:
            return None
        catalogue = known.promises.contract.catalogue
        fine = {e.status for e in catalogue.of(call.operation) if e.reason != "server_error"}
        if call.status < 500 or call.status in fine:
            return ()
        codes = tuple(c for c in known.promises.statuses(call.operation) if c < 500 or c in fine)
        seen = Words("{status}", {"status": call.status})
        return (Breach(Words("no failure"), seen, (Status(call.number, codes),)),)
