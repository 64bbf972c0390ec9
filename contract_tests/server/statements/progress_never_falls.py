"""TAS-05: the progress of a task never falls while it goes on."""

from collections.abc import Iterable

from contract_tests.finding import Words
from contract_tests.server.claim import Compare, Status
from contract_tests.server.promises import Promises
from contract_tests.server.seen import Seen
from contract_tests.server.statement import Breach, Known, Statement


class ProgressNeverFalls(Statement):
    """Each reading tells at least the progress of the one before, unless the task has failed."""

    id = "progress-never-falls"
    number = "TAS-05"
    title = "The progress of a task never falls while it goes on"
    group = "Tasks"
    why = "A bar that runs backwards makes people press the button again, and pay again."
    mend = (
        "Store the highest value so far, and tell that one.",
        "Several workers on one task must not each tell their own progress.",
    )
    idle = "no task was read twice"

    def source(self, promises: Promises) -> str:
        return promises.source("switches", "progress_on_failed")

    def look(self, call: Seen, known: Known) -> Iterable[Breach] | None:
        task = known.log.task_of(call) if call.operation == "status" else None
        before = task.before(call) if task is not None and call.is_accepted else None
        if before is None or call.value("status") == known.promises.end_words[1]:
            return None
        was, now = before.value("progress"), call.value("progress")
        if not isinstance(was, int) or not isinstance(now, int):
            return None
        failed = known.promises.end_words[1]
        return () if now >= was else (_breach(call, before, failed),)


def _breach(call: Seen, before: Seen, failed: str) -> Breach:
    path = ("progress",)
    claim = Compare(call.number, path, ">=", before.number, path, but=failed)
    was, now = before.value("progress"), call.value("progress")
    given = (Status(before.number, (200,)), Status(call.number, (200,)))
    expected = Words("at least {was}", {"was": was})
    return Breach(expected, Words("{now}", {"now": now}), (claim,), given, "$.progress")
