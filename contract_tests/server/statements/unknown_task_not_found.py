"""ACC-03: a task that was never submitted is not found."""

from collections.abc import Iterable

from contract_tests.finding import Words
from contract_tests.server.claim import Status
from contract_tests.server.promises import Promises
from contract_tests.server.reasons import BAD_KEYS
from contract_tests.server.seen import Seen
from contract_tests.server.statement import Breach, Known, Statement


class UnknownTaskNotFound(Statement):
    """An id that nobody was given leads to the documented error."""

    id = "unknown-task-not-found"
    number = "ACC-03"
    title = "A task that was never submitted is not found"
    group = "Access"
    why = (
        "A client that mistook an id must learn it at once, not wait for a task that is not there."
    )
    mend = (
        "Answer an unknown id with the documented status and code, of whatever form the id is.",
        "Do not create anything for it, and do not call it queued.",
    )
    idle = "no id was asked for that nobody was given"

    def source(self, promises: Promises) -> str:
        return promises.source("errors", "task_not_found")

    def look(self, call: Seen, known: Known) -> Iterable[Breach] | None:
        if call.operation != "status" or call.reply is None or call.key in BAD_KEYS:
            return None
        if "task_not_found" not in known.opinion(call).reasons or known.log.task_of(call):
            return None
        entry = known.promises.contract.catalogue.find("task_not_found", "status")
        if call.status in (entry.status, 429):
            return ()
        told = " ".join(str(part) for part in (entry.status, entry.code) if part is not None)
        expected = Words("{told}", {"told": told})
        seen = Words("{status}", {"status": call.status})
        return (Breach(expected, seen, (Status(call.number, (entry.status,)),)),)
