"""ACC-02: a task of another key is not found."""

from collections.abc import Iterable

from contract_tests.finding import Words
from contract_tests.server.claim import Status
from contract_tests.server.promises import Promises
from contract_tests.server.seen import Seen
from contract_tests.server.statement import Breach, Known, Means, Statement


class ForeignTaskHidden(Statement):
    """Whoever asks for another user's task is told that there is none."""

    id = "foreign-task-hidden"
    number = "ACC-02"
    title = "A task of another key is not found"
    group = "Access"
    why = "Prompts and images belong to those who paid for them; ids can be guessed or leak."
    mend = (
        "Look tasks up by owner and id, never by id alone.",
        "Answer as for an id that was never given out: 404, not 403.",
    )
    idle = "no task was asked for with another key"

    def source(self, promises: Promises) -> str:
        return promises.source("errors", "task_not_found")

    def missing(self, means: Means) -> str:
        return self.idle if means.other_key else "no second key was given (--second-key)"

    def look(self, call: Seen, known: Known) -> Iterable[Breach] | None:
        if call.operation != "status" or call.reply is None:
            return None
        task = known.log.task_of(call)
        if task is None or task.submit.key is call.key or not _are_known(task.submit, call):
            return None
        status = known.promises.contract.catalogue.find("task_not_found", "status").status
        if call.status in (status, 429):
            return ()
        expected = Words("{status}", {"status": status})
        seen = Words("{status}", {"status": call.status})
        given = (Status(task.submit.number, (200,)),)
        return (Breach(expected, seen, (Status(call.number, (status,)),), given),)


def _are_known(*calls: Seen) -> bool:
    return all(call.key.value in ("own", "other") for call in calls)
