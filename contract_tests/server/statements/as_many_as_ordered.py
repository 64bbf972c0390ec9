"""RES-01: a task has as many results as were ordered."""

from collections.abc import Iterable

from contract_tests.finding import Words
from contract_tests.server.claim import Status, Test, Value
from contract_tests.server.orders import count_of
from contract_tests.server.promises import Promises
from contract_tests.server.seen import Seen
from contract_tests.server.statement import Breach, Known, Statement

_PLACE = ("result", "data")


class AsManyAsOrdered(Statement):
    """n results for n."""

    id = "as-many-as-ordered"
    number = "RES-01"
    title = "A task that succeeded has as many results as were ordered"
    group = "Results"
    why = "All n images were paid for."
    mend = (
        "Make n images, or end the task as failed.",
        "Where a part of them cannot be made, give its price back and say so.",
    )
    idle = "no task was seen to succeed"

    def source(self, promises: Promises) -> str:
        return promises.source("fields")

    def look(self, call: Seen, known: Known) -> Iterable[Breach] | None:
        task = known.log.task_of(call) if call.operation == "status" else None
        word, data = known.promises.end_words[0], call.value(*_PLACE)
        if task is None or call.value("status") != word or not call.is_accepted:
            return None
        count = count_of(task.submit, known.promises)
        if count is None:
            return None
        if isinstance(data, list) and len(data) == count:
            return ()
        at = call.number
        claims = tuple(
            Value(at, _PLACE, Test(kind, count), 200, word) for kind in ("shortest", "longest")
        )
        seen = Words("{count}", {"count": len(data) if isinstance(data, list) else "none"})
        given = (Status(task.submit.number, (200,)),)
        return (Breach(Words("{count}", {"count": count}), seen, claims, given, "$.result.data"),)
