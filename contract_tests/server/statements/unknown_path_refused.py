"""REQ-04: a path that does not exist is refused as such."""

from collections.abc import Iterable

from contract_tests.finding import Words
from contract_tests.server.claim import Status
from contract_tests.server.promises import Promises
from contract_tests.server.seen import NOWHERE, Seen
from contract_tests.server.statement import Breach, Known, Statement


class UnknownPathRefused(Statement):
    """Calls to paths that the profile does not know get the documented error."""

    id = "unknown-path-refused"
    number = "REQ-04"
    title = "A path that does not exist is refused as such"
    group = "Requests"
    why = "A doubled /v1 in a base URL is a common mistake; a clear answer saves an afternoon."
    mend = (
        "Answer unknown paths with the documented status and envelope.",
        "Do not answer them with a start page, nor with a redirect to one.",
    )
    idle = "no call to an unknown path"

    def source(self, promises: Promises) -> str:
        return promises.source("errors", "route_not_found")

    def look(self, call: Seen, known: Known) -> Iterable[Breach] | None:
        contract = known.promises.contract
        is_known = call.operation != NOWHERE or contract.routes.methods(call.path)
        if is_known or call.reply is None or call.method not in ("GET", "POST"):
            return None
        status = contract.catalogue.find("route_not_found", NOWHERE).status
        if call.status == status:
            return ()
        expected = Words("{status} for {path}", {"status": status, "path": call.path})
        seen = Words("{status}", {"status": call.status})
        return (Breach(expected, seen, (Status(call.number, (status,)),)),)
