"""TAS-11: a task that failed says why."""

from collections.abc import Iterable

from contract_tests.finding import Words
from contract_tests.server.claim import Test, Value
from contract_tests.server.promises import Promises
from contract_tests.server.seen import Seen
from contract_tests.server.statement import Breach, Known, Means, Statement


class FailureIsTold(Statement):
    """The reply about a failed task has a code and a message, and no result."""

    id = "failure-is-told"
    number = "TAS-11"
    title = "A task that failed says why, with a code and a message"
    group = "Tasks"
    why = "Without a reason, nobody knows whether to change the prompt or to try again."
    mend = (
        "Send error.code and error.message with every failed task.",
        "Send no result with it, not even an empty one.",
    )
    idle = "no task failed"

    def source(self, promises: Promises) -> str:
        return promises.source("task_errors")

    def missing(self, means: Means) -> str:
        return self.idle if means.stories else "no task failed, and no mock can be told to fail one"

    def look(self, call: Seen, known: Known) -> Iterable[Breach] | None:
        word = known.promises.end_words[1]
        if call.operation != "status" or call.value("status") != word:
            return None
        is_text = Test("shortest", 1)
        return [
            Breach(
                Words("{place}: a text", {"place": f"$.error.{name}"}),
                Words("{value!r}", {"value": call.value("error", name)}),
                (Value(call.number, ("error", name), is_text, 200, word),),
                (),
                f"$.error.{name}",
            )
            for name in ("code", "message")
            if not (isinstance(call.value("error", name), str) and call.value("error", name))
        ]
