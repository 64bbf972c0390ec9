"""BOF-05: clients that were refused together do not come back together."""

from collections.abc import Iterator, Sequence

from contract_tests.finding import Finding, Violation, Words
from contract_tests.rules.base import samples
from contract_tests.rules.base.orders import Order, orders
from contract_tests.rules.base.refused import is_refusal, retry_after_text
from contract_tests.rules.base.rule import Grade, Origin, Rule
from contract_tests.trace import Exchange, Trace, is_shorter

# How many have to be refused before their return says anything, within how many seconds they may
# not return, and which share of them: with narrow jitter (a tenth) twenty come closer together than
# that once in sixty times, with more of it never; fewer would do so by chance.
_HERD = 20
_TOGETHER = 0.05
_MOST = 0.8


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
        is_herd = together > _MOST * count
        facts = {"together": together, "count": count}
        seen = Words("{together} of {count} that were refused came back within 50 ms", facts)
        is_blurred = not is_herd and trace.timing.noise > _TOGETHER
        return self.judged(
            trace,
            chances=count // _HERD,
            idle="fewer than 20 jobs were refused at once",
            violations=[Violation((), seen)] if is_herd and count >= _HERD else [],
            pending=Words("times are not exact to 50 ms") if is_blurred else None,
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


def _herd(step: float) -> Iterator[Exchange]:
    """Twenty different orders, refused and then accepted, each so much later than the last one."""
    bodies = [{"prompt": f"cat {number}"} for number in range(_HERD)]
    for number, body in enumerate(bodies):
        yield samples.refused(number + 1, 0, body=body)
    for number, body in enumerate(bodies):
        yield samples.submit(number + _HERD + 1, 1 + step * number, body=body, task=f"t{number}")
