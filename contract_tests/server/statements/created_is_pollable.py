"""TAS-01: a task that was accepted can be asked for at once, and ever after."""

from collections.abc import Iterable

from contract_tests.finding import Words
from contract_tests.server.claim import Status
from contract_tests.server.promises import Promises
from contract_tests.server.seen import Seen
from contract_tests.server.statement import Breach, Known, Statement


class CreatedIsPollable(Statement):
    """The status of a task is there from the moment at which its submit was answered."""

    id = "created-is-pollable"
    number = "TAS-01"
    title = "A task that was accepted can be asked for at once, and ever after"
    group = "Tasks"
    why = "A client that is told its new task does not exist submits again, and pays twice."
    mend = (
        "Answer the submit only when the task can be read, on every replica.",
        "A task that failed is read with status 200 as well.",
    )
    idle = "no task was asked for"

    def source(self, promises: Promises) -> str:
        return promises.route_source("status")

    def look(self, call: Seen, known: Known) -> Iterable[Breach] | None:
        task = known.log.task_of(call) if call.operation == "status" else None
        if task is None or task.submit.key is not call.key or call.reply is None:
            return None
        if call.parameters.get("id") != task.id or call.method != "GET" or call.status == 429:
            return None
        if call.is_accepted:
            return ()
        seen = Words("{status}", {"status": call.status})
        given = (Status(task.submit.number, (200,)),)
        return (Breach(Words("200"), seen, (Status(call.number, (200,)),), given),)
