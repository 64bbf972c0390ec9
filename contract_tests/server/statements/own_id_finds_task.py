"""TAS-09: a task is found by the id that its client gave it, and shows that id."""

from collections.abc import Iterable, Iterator

from contract_tests.finding import Words
from contract_tests.server.claim import Compare, Echoed, Status
from contract_tests.server.log import TaskRecord
from contract_tests.server.promises import Promises
from contract_tests.server.seen import Seen
from contract_tests.server.statement import Breach, Known, Statement
from mock_server.loading.yaml_document import json_path


class OwnIdFindsTask(Statement):
    """The client's own id leads to its task, and comes back in every reply about it."""

    id = "own-id-finds-task"
    number = "TAS-09"
    title = "A task is found by the id that its client gave it, and shows that id"
    group = "Tasks"
    why = "It is the only way to find a task again whose submit was never answered."
    mend = (
        "Keep the client's own id with the task, for the key that sent it.",
        "Let the status path take either id.",
    )
    idle = "no task was submitted with an id of the client's own"

    def source(self, promises: Promises) -> str:
        return promises.source("switches", "task_by_client_id")

    def not_promised(self, promises: Promises) -> str | None:
        return None if promises.own_id else "the profile has no id of the client's own"

    def look(self, call: Seen, known: Known) -> Iterable[Breach] | None:
        task = _task(call, known)
        if task is None or call.reply is None or call.status == 429:
            return None
        if known.log.own_id_of(task.submit) is None:
            return None
        return list(_breaches(call, task, known.promises))


def _task(call: Seen, known: Known) -> TaskRecord | None:
    if call.operation == "submit" and call.is_accepted:
        task = known.log.task(call.place, call.value("id"))
        return task if task is not None and task.submit is call else None
    if call.operation != "status" or call.method != "GET":
        return None
    task = known.log.task_of(call)
    return task if task is not None and task.submit.key is call.key else None


def _breaches(call: Seen, task: TaskRecord, promises: Promises) -> Iterator[Breach]:
    found = promises.own_id_in(task.submit.order)
    assert found is not None
    sent, own = found
    at, submit = call.number, task.submit.number
    given = (Status(submit, (200,)),)
    if not call.is_accepted:
        if call.parameters.get("id") == own:
            seen = Words("{status}", {"status": call.status})
            yield Breach(Words("200"), seen, (Status(at, (200,)),), given)
        return
    if call.value("id") != task.id:
        expected, seen = Words("{id}", {"id": task.id}), Words("{id}", {"id": call.value("id")})
        yield Breach(expected, seen, (Compare(at, ("id",), "==", submit, ("id",)),), given, "$.id")
    path = promises.place_in("task", "client_id")
    if path is not None and call.value(*path) != own:
        claim = Echoed(at, path, submit, sent)
        expected = Words("{place}: {own}", {"place": json_path(path), "own": own})
        seen = Words("{value!r}", {"value": call.value(*path)})
        yield Breach(expected, seen, (claim,), given, json_path(path))
