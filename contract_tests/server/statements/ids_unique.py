"""TAS-02: every task has an id of its own."""

from collections.abc import Iterable

from contract_tests.finding import Words
from contract_tests.server.claim import Compare, Status
from contract_tests.server.promises import Promises
from contract_tests.server.seen import Seen
from contract_tests.server.statement import Breach, Known, Statement


class IdsUnique(Statement):
    """No submit is answered with the id of an earlier task."""

    id = "ids-unique"
    number = "TAS-02"
    title = "Every accepted submit gets an id of its own"
    group = "Tasks"
    why = "Two orders with one id: one of the two images is never seen by whoever paid for it."
    mend = (
        "Draw ids from a source that never gives one twice, however many processes there are.",
        "If equal orders shall be one task, document it.",
    )
    idle = "fewer than two tasks"

    def source(self, promises: Promises) -> str:
        return promises.source("task_id")

    def look(self, call: Seen, known: Known) -> Iterable[Breach] | None:
        if call.operation != "submit" or not call.is_accepted:
            return None
        task = known.log.task(call.place, call.value("id"))
        if task is None or task.submit is call:
            is_first = next((t for t in known.log.tasks if t.submit is not call), None) is None
            return None if is_first else ()
        other = task.submit.number
        claim = Compare(call.number, ("id",), "!=", other, ("id",))
        given = (Status(other, (200,)), Status(call.number, (200,)))
        seen = Words("{id} again", {"id": task.id})
        return (Breach(Words("a new id"), seen, (claim,), given, "$.id"),)
