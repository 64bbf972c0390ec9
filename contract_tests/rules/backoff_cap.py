"""BOF-06: pauses do not grow for ever."""

from contract_tests.finding import Finding, Near, Violation
from contract_tests.rules.base.pauses import pauses
from contract_tests.rules.base.refused_rows import refused_rows
from contract_tests.rules.base.rule import Grade, Origin, Rule
from contract_tests.rules.base.waits import capped
from contract_tests.trace import Trace, is_shorter

# Jitter may come on top of the cap; a quarter is the widest that is usual.
_JITTER = 1.25


class BackoffCap(Rule):
    """No pause is longer than the profile's cap, and jitter on top of it."""

    id = "backoff-cap"
    number = "BOF-06"
    title = "Pauses after refusals stay below the cap, however many refusals there are"
    grade = Grade.SHOULD
    origin = Origin.SAFETY
    why = (
        "Pauses that double without end are a quarter of an hour after ten refusals: the server is"
        " long well, and the user long gone."
    )
    source = "REF tasks/image-status: the polling sample doubles its pauses up to 60 s"
    mend = (
        "Cap the pause: min(cap, 2**k) seconds, with the cap that the documents name.",
        "Give up after a number of retries instead of waiting ever longer.",
    )
    is_ceiling = True

    def judge(self, trace: Trace) -> Finding:
        """Every pause, where enough refusals were served for doubling to pass the cap."""
        backoff = trace.calls.backoff
        most = backoff.cap * _JITTER + trace.timing.noise
        found = [one for one in pauses(trace, "submit") if one.is_plain]
        long = [one for one in found if is_shorter(most, one.seconds)]
        tempted = [one for one in found if backoff.steps[0] * 2**one.place > backoff.cap]
        own = (one for one in found if not one.run)
        longest = max(own, key=lambda one: one.seconds, default=None)
        return self.judged(
            trace,
            chances=len(tempted),
            idle="no submit was refused so often that doubled pauses would pass the cap",
            violations=[Violation(one.wait.numbers, capped(one.wait, backoff.cap)) for one in long],
            near=Near(longest.after.number, capped(longest.wait, backoff.cap)) if longest else None,
        )

    @property
    def innocent(self) -> Trace:
        """Pauses that double until they meet the cap."""
        return refused_rows((1, 2, 4, 8, 16, 32, 60, 60))

    @property
    def guilty(self) -> Trace:
        """Pauses that go on doubling."""
        return refused_rows((1, 2, 4, 8, 16, 32, 64, 128))
