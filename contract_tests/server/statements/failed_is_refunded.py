"""ACT-04: a task that failed is not paid for in the end."""

from collections.abc import Iterable

from contract_tests.finding import Words
from contract_tests.server.balances import span_of
from contract_tests.server.claim import Compare, Ended
from contract_tests.server.promises import Promises
from contract_tests.server.seen import Seen
from contract_tests.server.statement import Breach, Known, Means, Statement


class FailedIsRefunded(Statement):
    """The balance after a failed task is what it was before its submit."""

    id = "failed-is-refunded"
    number = "ACT-04"
    title = "A task that failed is not paid for in the end"
    group = "Account"
    why = "There is no image, so there is nothing to pay for."
    mend = (
        "Give the whole price back when a task ends as failed.",
        "Do so before the status says that it has.",
    )
    idle = "no failed task between two readings of the balance"

    def source(self, promises: Promises) -> str:
        return promises.source("switches", "refund_failed")

    def not_promised(self, promises: Promises) -> str | None:
        is_promised = promises.contract.switches.refund_failed
        return None if is_promised else "the profile promises no refund"

    def missing(self, means: Means) -> str:
        return self.idle if means.stories else "no task failed, and no mock can be told to fail one"

    def look(self, call: Seen, known: Known) -> Iterable[Breach] | None:
        span = span_of(call, known)
        if span is None or span.others or len(span.accepted) != 1:
            return None
        word, last = known.promises.end_words[1], span.accepted[0].last
        if last.value("status") != word or last.number > call.number:
            return None
        if span.spent == 0:
            return ()
        claim = Compare(call.number, span.path, "==", span.first.number, span.path)
        expected, seen = Words("nothing spent"), Words("{n:g} credits", {"n": span.spent})
        return (Breach(expected, seen, (claim,), (Ended(last.number, (word,)),)),)
