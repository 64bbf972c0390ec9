"""TAS-12: a task ends within the time for which clients are told to wait."""

from collections.abc import Iterable

from contract_tests.finding import Words
from contract_tests.server.claim import Ended, Status
from contract_tests.server.promises import Promises
from contract_tests.server.seen import Seen
from contract_tests.server.statement import Breach, Known, Statement


class TasksEnd(Statement):
    """No task is still going on when clients are told to give up."""

    id = "tasks-end"
    number = "TAS-12"
    title = "A task ends within the time for which clients are told to wait"
    group = "Tasks"
    grade = "SHOULD"
    why = "Clients that keep to the advice give up, and their users pay for images unseen."
    mend = (
        "End a task as failed when it takes longer, and give the money back.",
        "Or advise a longer wait.",
    )
    idle = "no task was waited for"

    def source(self, promises: Promises) -> str:
        return promises.source("polling")

    def look(self, call: Seen, known: Known) -> Iterable[Breach] | None:
        task = known.log.task_of(call) if call.operation == "status" else None
        if task is None or not call.is_accepted:
            return None
        words, patience = known.promises.end_words, known.promises.contract.polling.max_wait
        if call.value("status") in words:
            return ()
        if call.at - task.submit.at < patience:
            return None
        expected = Words("an end within {seconds:g} s", {"seconds": patience})
        seen = Words("{status}", {"status": call.value("status")})
        given = (Status(task.submit.number, (200,)),)
        return (Breach(expected, seen, (Ended(call.number, words),), given, "$.status"),)
