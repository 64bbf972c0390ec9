"""BOF-05: clients that were refused together do not come back together."""

from collections.abc import Iterator, Sequence
from math import comb

from contract_tests.finding import Finding, Violation, Words
from contract_tests.rules.base import samples
from contract_tests.rules.base.orders import Order, orders
from contract_tests.rules.base.refused import is_refusal, retry_after_text
from contract_tests.rules.base.rule import Grade, Origin, Rule
from contract_tests.trace import Exchange, Trace, is_shorter

# Within how many seconds not more than which share of those refused may return.
_TOGETHER = 0.05
_MOST = 0.8
# How many have to be refused before their return says anything. The narrowest jitter that is usual
# (a tenth of a second) brings so many so close together no more often than that.
_HERD = 10
_RARELY = 0.02
_NARROWEST = 0.1


class NoHerd(Rule):
    """Of many callers who were refused at once, not nearly all return at once."""

    id = "no-herd"
    number = "BOF-05"
    title = "Of many who are refused together, at most four in five come back within 50 ms"
    grade = Grade.SHOULD
    origin = Origin.SAFETY
    why = (
        "A herd that was turned away and returns as one meets the same limit again: nearly all are"
        " refused again, each time."
    )
    source = "the kit: rules for clients, BOF-05"
    mend = (
        "Let jitter be as wide as the pause: uniform(0.5, 1) or uniform(1, 1.5) times its length.",
        "Draw it for each job by itself, not once for all jobs of a process.",
    )

    def judge(self, trace: Trace) -> Finding:
        """How long each caller waited whom no Retry-After told how long."""
        waits = sorted(wait for order in orders(trace) for wait in _waits(trace, order))
        count = len(waits)
        together = max((_crowd(waits[place:]) for place in range(count)), default=0)
        is_many = together > _MOST * count
        is_herd = is_many and _chance(together, count) < _RARELY
        facts = {"together": together, "count": count}
        seen = Words("{together} of {count} that were refused came back within 50 ms", facts)
        is_unclear = not is_herd and (is_many or trace.timing.noise > _TOGETHER)
        return self.judged(
            trace,
            chances=count // _HERD,
            idle="fewer than ten jobs were refused at once",
            violations=[Violation((), seen)] if is_herd and count >= _HERD else [],
            pending=Words(f"{seen.template}: it may be chance", facts) if is_unclear else None,
            needs_all=True,
        )

    @property
    def innocent(self) -> Trace:
        """Twenty orders, refused at once, that come back one after the other."""
        return samples.trace(*_herd(0.02))

    @property
    def guilty(self) -> Trace:
        """Twenty orders, refused at once, that come back at once."""
        return samples.trace(*_herd(0))


def _waits(trace: Trace, order: Order) -> Iterator[float]:
    """From each first refusal to the return, one by one.

    Equal orders are not told apart: the first to be refused counts as the first to return, as long
    as all were sent before anyone came back.
    """
    first, later = order.submits[: order.wanted], order.submits[order.wanted :]
    returned = min((one.started for one in later), default=0.0)
    if any(is_shorter(returned, one.replied) for one in first):
        return
    refused = [one for one in first if is_refusal(trace, one)]
    for before, after in zip(refused, later, strict=False):
        if retry_after_text(before) is None:
            yield after.started - before.replied


def _crowd(waits: Sequence[float]) -> int:
    """How many of these waits, which rise, end with the first one."""
    return sum(not is_shorter(waits[0] + _TOGETHER, wait) for wait in waits)


def _chance(together: int, count: int) -> float:
    """The chance that jitter of the narrowest kind brings so many of them so close together.

    After Naus, for more than half of them: the scan statistic of uniform draws.
    """
    share = _TOGETHER / _NARROWEST

    def exactly(number: int) -> float:
        return comb(count, number) * share**number * (1 - share) ** (count - number)

    more = sum(map(exactly, range(together, count + 1)))
    return (together / share - count - 1) * exactly(together) + 2 * more


def _herd(step: float) -> Iterator[Exchange]:
    """Twenty different orders, refused and then accepted, each so much later than the last one."""
    bodies = [{"prompt": f"cat {number}"} for number in range(20)]
    for number, body in enumerate(bodies):
        yield samples.refused(number + 1, 0, body=body)
    for number, body in enumerate(bodies):
        yield samples.submit(number + 21, 1 + step * number, body=body, task=f"t{number}")
