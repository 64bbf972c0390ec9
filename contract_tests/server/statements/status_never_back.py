"""TAS-04: the status of a task never goes back."""

from collections.abc import Iterable

from contract_tests.finding import Words
from contract_tests.server.claim import Compare, Status
from contract_tests.server.promises import Promises
from contract_tests.server.seen import Seen
from contract_tests.server.statement import Breach, Known, Statement


class StatusNeverBack(Statement):
    """A task that was running is not queued again, and one that has ended does not run."""

    id = "status-never-back"
    number = "TAS-04"
    title = "The status of a task never goes back"
    group = "Tasks"
    why = "Clients show and store how far a task is. One that goes back looks like a new one."
    mend = (
        "Change the status in one place only, and refuse steps back there.",
        "Read it from where it is written, not from a replica that lags behind.",
    )
    idle = "no task was read twice"

    def source(self, promises: Promises) -> str:
        return promises.source("words")

    def look(self, call: Seen, known: Known) -> Iterable[Breach] | None:
        task = known.log.task_of(call) if call.operation == "status" else None
        before = task.before(call) if task is not None and call.is_accepted else None
        if before is None:
            return None
        was, now = (known.promises.place_of(one.value("status")) for one in (before, call))
        if was is None or now is None:
            return None
        return () if now >= was else (_breach(call, before, known.promises),)


def _breach(call: Seen, before: Seen, promises: Promises) -> Breach:
    order = promises.order_of_words
    claim = Compare(call.number, ("status",), ">=", before.number, ("status",), order=order)
    expected = Words("not before {status}", {"status": before.value("status")})
    seen = Words("{status}", {"status": call.value("status")})
    given = (Status(before.number, (200,)), Status(call.number, (200,)))
    return Breach(expected, seen, (claim,), given, "$.status")
