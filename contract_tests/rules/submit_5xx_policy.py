"""RET-10: who repeats an order after trouble in passing does so with care."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from contract_tests.finding import Finding, Violation, Words
from contract_tests.rules.base import samples
from contract_tests.rules.base.orders import Order, orders
from contract_tests.rules.base.rule import Grade, Origin, Rule
from contract_tests.trace import Exchange, Trace, is_shorter

# Random waits may be short; a tenth of what is due is no wait, however they are drawn.
_SHARE = 0.1


class Submit5xxPolicy(Rule):
    """A submit that met trouble in passing is repeated with waits and a bound, or not at all."""

    id = "submit-5xx-policy"
    number = "RET-10"
    title = "A submit is repeated after 408, 409, 425 or 5xx with waits and a bound, or not at all"
    grade = Grade.MAY
    origin = Origin.SAFETY
    why = (
        "Each repetition may be a second task that is charged; at once, it meets the same trouble."
    )
    source = "RFC 9110, 9.2.2: POST is not to be repeated blindly; the kit: waits as after a 429"
    mend = (
        "Decide whether to repeat such submits, say so in the documents, and warn of the costs.",
        "Where you do, wait 1, 2 and 4 seconds as after a 429, and give up in the end.",
    )

    def judge(self, trace: Trace) -> Finding:
        """Every order that met such an answer, and what followed."""
        met = [one for one in orders(trace) if any(map(_is_meant, one.submits))]
        return self.judged(
            trace,
            chances=len(met),
            idle="no submit met such an answer",
            violations=[violation for one in met for violation in _violations(trace, one)],
        )

    @property
    def innocent(self) -> Trace:
        """Repeated once, after a second."""
        return samples.trace(samples.refused(1, 0, 503), samples.submit(2, 1.2))

    @property
    def guilty(self) -> Trace:
        """Repeated at once."""
        return samples.trace(samples.refused(1, 0, 503), samples.submit(2, 0))


def _is_meant(submit: Exchange) -> bool:
    status = submit.heard_status
    return status in (408, 409, 425) or (status or 0) >= 500


def _violations(trace: Trace, order: Order) -> Iterator[Violation]:
    failures = [one for one in order.submits if _is_meant(one)]
    most = order.wanted * (trace.calls.backoff.retries_at_most + 1)
    if len(failures) > most:
        facts = {"count": len(failures), "first": failures[0].number}
        numbers = tuple(one.number for one in failures)
        yield Violation(numbers, Words("{count} attempts from call {first} on", facts))
    if order.wanted == 1:
        yield from _hasty(trace, order.submits)


def _hasty(trace: Trace, submits: Sequence[Exchange]) -> Iterator[Violation]:
    """The repetitions that came without a wait."""
    steps = trace.calls.backoff.steps
    row = 0
    for before, after in pairwise(submits):
        row = row + 1 if _is_meant(before) else 0
        waited = after.started - before.replied + trace.timing.grace
        is_repeat = row > 0 and not is_shorter(after.started, before.replied)
        if is_repeat and is_shorter(waited, _SHARE * _due(before, steps[min(row, len(steps)) - 1])):
            facts = {"after": after.number, "seconds": waited, "before": before.number}
            words = "call {after} came {seconds:.3f} s after the failure of call {before}"
            yield Violation((before.number, after.number), Words(words, facts))


def _due(before: Exchange, step: float) -> float:
    """What is to be waited; a shorter Retry-After permits to come back then."""
    return step if before.retry_after is None else min(step, before.retry_after)
