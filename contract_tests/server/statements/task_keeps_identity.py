"""TAS-03: a task keeps its id, its model and its time of creation."""

from collections.abc import Iterable

from contract_tests.finding import Words
from contract_tests.server.claim import Compare, Status
from contract_tests.server.promises import Promises
from contract_tests.server.seen import Seen
from contract_tests.server.statement import Breach, Known, Statement

_FIELDS = ("id", "model", "created_at")


class TaskKeepsIdentity(Statement):
    """Every reading of a task tells the id, model and creation time of the submit's reply."""

    id = "task-keeps-identity"
    number = "TAS-03"
    title = "A task keeps its id, its model and its time of creation"
    group = "Tasks"
    why = "Clients file what they read by the id in it. Under another id it is lost."
    mend = (
        "Store these three with the task, and read them from there.",
        "Do not show ids of a system behind this one.",
    )
    idle = "no task was asked for"

    def source(self, promises: Promises) -> str:
        return promises.source("task_id")

    def look(self, call: Seen, known: Known) -> Iterable[Breach] | None:
        task = known.log.task_of(call) if call.operation == "status" else None
        if task is None or not call.is_accepted or call.members is None:
            return None
        if task.submit.key is not call.key:
            return None
        return [
            _breach(call, task.submit, name)
            for name in _FIELDS
            if call.value(name) != task.submit.value(name)
        ]


def _breach(call: Seen, submit: Seen, name: str) -> Breach:
    claim = Compare(call.number, (name,), "==", submit.number, (name,))
    facts = {"name": name, "value": submit.value(name)}
    expected = Words("{name}: {value}, as the submit said", facts)
    seen = Words("{value}", {"value": call.value(name)})
    given = (Status(submit.number, (200,)), Status(call.number, (200,)))
    return Breach(expected, seen, (claim,), given, f"$.{name}")
