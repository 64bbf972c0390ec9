"""REP-01: every reply has a status that is documented for its operation."""

from collections.abc import Iterable

from contract_tests.finding import Words
from contract_tests.server.claim import Status
from contract_tests.server.promises import Promises
from contract_tests.server.seen import NOWHERE, Seen
from contract_tests.server.statement import Breach, Known, Statement


class DocumentedStatus(Statement):
    """The status code of each reply is one that the operation documents."""

    id = "documented-status"
    number = "REP-01"
    title = "Every reply has a status that is documented for its operation"
    group = "Replies"
    why = "Clients decide by the status what to do next. For one nobody told them of, they guess."
    mend = (
        "Answer with the documented status of what happened: 200 for an accepted task, not 201.",
        "If the status is right, document it for the operation.",
    )
    idle = "no reply"

    def source(self, promises: Promises) -> str:
        return promises.route_source("submit")

    def look(self, call: Seen, known: Known) -> Iterable[Breach] | None:
        if call.reply is None:
            return None
        codes = known.promises.statuses(call.operation)
        if call.operation == NOWHERE and call.method == "OPTIONS":
            codes = (200, 204, *codes)
        return () if call.status in codes else (_breach(call, codes),)


def _breach(call: Seen, codes: tuple[int, ...]) -> Breach:
    expected = ", ".join(map(str, codes))
    return Breach(
        Words("{operation}: one of {codes}", {"operation": call.operation, "codes": expected}),
        Words("{status}", {"status": call.status}),
        (Status(call.number, codes),),
    )
