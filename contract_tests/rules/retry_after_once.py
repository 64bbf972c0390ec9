"""BOF-10: a Retry-After holds for the reply that has it, not for the next one."""

from collections.abc import Iterator, Sequence

from contract_tests.finding import Finding, Violation, Words
from contract_tests.rules.base import samples
from contract_tests.rules.base.named_waits import follower
from contract_tests.rules.base.pauses import callers
from contract_tests.rules.base.refused import (
    asked_to_wait,
    is_heard,
    is_refusal,
    retry_after_text,
)
from contract_tests.rules.base.rule import Grade, Origin, Rule
from contract_tests.rules.base.waits import Wait
from contract_tests.trace import Exchange, Trace, is_shorter

# How much longer a wait may be that is still taken for the named one, with jitter on top.
_ALIKE = 1.1
# The widest jitter that is usual, as a factor.
_WIDEST = 1.25


class RetryAfterOnce(Rule):
    """After a refusal without a Retry-After, the one of the refusal before is forgotten."""

    id = "retry-after-once"
    number = "BOF-10"
    title = "The Retry-After of one refusal is not kept for the next one, which has none"
    grade = Grade.SHOULD
    origin = Origin.SAFETY
    why = (
        "Each reply speaks for itself. A number that is kept makes every later pause as long, or as"
        " short, as the server once wanted one to be."
    )
    source = "the kit: rules for clients, BOF-10; RFC 9110, 10.2.3: the field is about its response"
    mend = (
        "Read Retry-After anew from each reply; let nothing of it survive the retry.",
        "Without one, go on with the usual backoff.",
    )

    def judge(self, trace: Trace) -> Finding:
        """Every pause after a refusal without a Retry-After that follows one with it."""
        submits = callers(trace, "submit")
        pairs = [pair for caller in submits for pair in _pairs(trace, caller.attempts)]
        grace = trace.timing.grace
        return self.judged(
            trace,
            chances=len(pairs),
            idle="no refusal with a Retry-After was followed by one without, and a retry",
            violations=[
                _violation(wait, asked)
                for wait, asked in pairs
                if not is_shorter(wait.seconds + grace, asked)
                and not is_shorter(asked * _ALIKE, wait.seconds)
            ],
        )

    @property
    def innocent(self) -> Trace:
        """Seven seconds as asked, then two as usual."""
        calls = samples.refused(1, 0, **samples.after(7)), samples.refused(2, 7)
        return samples.trace(*calls, samples.submit(3, 9))

    @property
    def guilty(self) -> Trace:
        """Seven seconds as asked, then seven again."""
        calls = samples.refused(1, 0, **samples.after(7)), samples.refused(2, 7)
        return samples.trace(*calls, samples.submit(3, 14))


def _pairs(trace: Trace, attempts: Sequence[Exchange]) -> Iterator[tuple[Wait, float]]:
    """The pauses after the second refusals, and the seconds that the first ones named.

    Only such as no usual backoff would lead to.
    """
    usual = max(trace.calls.backoff.steps) * _WIDEST
    for first in attempts:
        asked, second = asked_to_wait(trace, first), follower(attempts, first)
        if asked is None or asked <= usual or second is None or not is_heard(first):
            continue
        after = follower(attempts, second)
        is_plain = is_refusal(trace, second) and retry_after_text(second) is None
        if is_plain and after is not None:
            yield Wait(second, after, after.started - second.replied, 0), asked


def _violation(wait: Wait, asked: float) -> Violation:
    facts = {"before": wait.before.number, "seconds": wait.seconds, "asked": asked}
    template = "{seconds:.3f} s after call {before}, as the {asked:g} s of the refusal before it"
    return Violation(wait.numbers, Words(template, facts))
