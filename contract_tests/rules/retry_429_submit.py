"""RET-04: a busy minute does not lose an order."""

from contract_tests.finding import Finding
from contract_tests.rules.base import samples
from contract_tests.rules.base.orders import Order, orders
from contract_tests.rules.base.patience import is_passing
from contract_tests.rules.base.persistence import Persistence, judge_persistence
from contract_tests.rules.base.rule import Grade, Origin, Rule
from contract_tests.trace import Exchange, Trace


class Retry429Submit(Rule):
    """A submit that is refused as too many is tried again, a few times at least."""

    id = "retry-429-submit"
    number = "RET-04"
    title = "A submit that is answered 429 is tried again at least as often as the profile says"
    grade = Grade.MUST
    origin = Origin.DOCUMENTED
    why = "429 is the most common error there is, and it passes: who gives up at once loses orders."
    source = "GUIDE Common Errors: 429 rate_limit_exceeded, use 1s/2s/4s backoff with jitter"
    mend = (
        "Try again after 1, 2 and 4 seconds, each with jitter, before you give up.",
        "If it persists, send less at a time, and tell the caller what the server said.",
    )

    def judge(self, trace: Trace) -> Finding:
        """Every order that was refused, and how it ended."""
        refused = (one for one in orders(trace) if any(map(_is_refused, one.submits)))
        return judge_persistence(self, trace, [_persistence(one) for one in refused])

    @property
    def innocent(self) -> Trace:
        """Accepted at the fourth attempt."""
        calls = [samples.refused(number, at) for number, at in ((1, 0), (2, 1), (3, 3))]
        return samples.trace(*calls, samples.submit(4, 7))

    @property
    def guilty(self) -> Trace:
        """Given up after one retry."""
        calls = samples.refused(1, 0), samples.refused(2, 1)
        return samples.trace(*calls, outcome=samples.failed("rate_limit_exceeded"))


def _is_refused(submit: Exchange) -> bool:
    return submit.heard_status == 429


def _persistence(order: Order) -> Persistence:
    settled = sum(not is_passing(one) for one in order.submits)
    return Persistence(order.submits, max(0, max(1, len(order.jobs)) - settled))
