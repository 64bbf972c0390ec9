"""REQ-06: an image model that is sent to a text endpoint is refused in the documented words."""

from collections.abc import Iterable

from contract_tests.finding import Words
from contract_tests.server.claim import Status
from contract_tests.server.promises import Promises
from contract_tests.server.seen import Seen
from contract_tests.server.statement import Breach, Known, Statement


class WrongEndpointRefused(Statement):
    """A text endpoint does not take image models."""

    id = "wrong-endpoint-refused"
    number = "REQ-06"
    title = "An image model at a text endpoint is refused in the documented words"
    group = "Requests"
    why = "It is the vendor's most frequent question: tokens are charged, and there is no image."
    mend = (
        "Refuse image models at text endpoints, with the documented error.",
        "Do so before any token is counted.",
    )
    idle = "no image model was sent to a text endpoint"

    def source(self, promises: Promises) -> str:
        return promises.source("errors", "wrong_endpoint")

    def look(self, call: Seen, known: Known) -> Iterable[Breach] | None:
        if call.operation != "text" or call.reply is None:
            return None
        if "wrong_endpoint" not in known.opinion(call).reasons:
            return None
        entry = known.promises.contract.catalogue.find("wrong_endpoint", "text")
        if call.status == entry.status:
            return ()
        expected = Words("{status} {code}", {"status": entry.status, "code": entry.code})
        seen = Words("{status}", {"status": call.status})
        return (Breach(expected, seen, (Status(call.number, (entry.status,)),)),)
