"""ACT-03: an order is paid for at once, by the number of its images."""

from collections.abc import Iterable, Iterator

from contract_tests.finding import Words
from contract_tests.server.balances import Span, span_of
from contract_tests.server.claim import Claim, Compare, Growth, Status
from contract_tests.server.orders import count_of, model_of
from contract_tests.server.promises import Promises
from contract_tests.server.seen import Seen
from contract_tests.server.statement import Breach, Known, Statement


class PaidByNumber(Statement):
    """An accepted submit takes credits, and n images cost n times as much as one."""

    id = "paid-by-number"
    number = "ACT-03"
    title = "An order is paid for when it is accepted, by the number of its images"
    group = "Account"
    why = "Callers work out beforehand what a job will cost, and stop before the money is gone."
    mend = (
        "Take the price of n images with the submit.",
        "Take it once, however often the order is tried inside.",
    )
    idle = "no accepted submit between two readings of the balance"

    def source(self, promises: Promises) -> str:
        return promises.source("prices")

    def look(self, call: Seen, known: Known) -> Iterable[Breach] | None:
        span = _paid(call, known)
        if span is None:
            return None
        return list(_breaches(span, _paid(span.first, known), known))


def _paid(call: Seen, known: Known) -> Span | None:
    """The span with one order in it that is not yet known to have failed."""
    span = span_of(call, known)
    if span is None or span.others or len(span.accepted) != 1:
        return None
    return None if _may_have_failed(span, known) else span


def _may_have_failed(span: Span, known: Known) -> bool:
    """Whether the order can have failed meanwhile: it did not succeed, and there was time for it.

    A server that never tells the end may well have given the price back.
    """
    task = span.accepted[0]
    if task.last.value("status") == known.promises.end_words[0]:
        return False
    asked = any(known.log.task_of(one) is task for one in known.log.before(span.second))
    return asked or span.second.at - task.submit.at >= known.promises.contract.polling.floor


def _breaches(span: Span, before: Span | None, known: Known) -> Iterator[Breach]:
    first, second, submit = span.first.number, span.second.number, span.accepted[0].submit
    given = (Status(submit.number, (200,)),)
    if span.spent <= 0:
        claim: Claim = Compare(second, span.path, ">", first, span.path)
        yield Breach(Words("credits taken"), Words("none"), (claim,), given)
        return
    count = count_of(submit, known.promises)
    if before is None or count is None:
        return
    earlier = before.accepted[0].submit
    known_count, model = count_of(earlier, known.promises), model_of(submit, known.promises)
    if not known_count or model is not model_of(earlier, known.promises):
        return
    factor = count / known_count
    if span.spent != before.spent * factor:
        claim = Growth(second, first, before.first.number, span.path, factor)
        facts = {"credits": before.spent * factor, "count": count}
        expected = Words("{credits:g} credits for {count} images", facts)
        seen = Words("{credits:g} credits", {"credits": span.spent})
        yield Breach(expected, seen, (claim,), (*given, Status(earlier.number, (200,))))
