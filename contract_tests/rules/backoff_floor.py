"""BOF-01: who is refused waits before it submits again."""

from contract_tests.finding import Finding
from contract_tests.rules.base import samples
from contract_tests.rules.base.backoff_floors import judge_floors
from contract_tests.rules.base.pauses import pauses
from contract_tests.rules.base.rule import Grade, Origin, Rule
from contract_tests.trace import Trace


class BackoffFloor(Rule):
    """The pauses after refused submits are as long as the profile's steps, jitter allowed for."""

    id = "backoff-floor"
    number = "BOF-01"
    title = "A refused submit comes again after the documented steps, shorter only by jitter"
    grade = Grade.MUST
    origin = Origin.DOCUMENTED
    why = (
        "Whoever comes back at once is refused again and keeps the limiter busy with saying so;"
        " the window it waits for never opens."
    )
    source = "GUIDE Common Errors: 429 rate_limit_exceeded, 1s/2s/4s backoff with jitter"
    mend = (
        "Before the k-th retry sleep 2**(k-1) seconds, jitter on top; the first retry waits, too.",
        "With urllib3's Retry, whose first retry is immediate, write the loop yourself.",
    )

    def judge(self, trace: Trace) -> Finding:
        """Every pause after a refused submit, over all runs."""
        return judge_floors(self, trace, pauses(trace, "submit"), "no refused submit came again")

    @property
    def innocent(self) -> Trace:
        """Three refusals, and a little more than 1, 2 and 4 seconds."""
        times = (0, 1.1, 3.3, 7.5)
        calls = [samples.refused(number, at) for number, at in enumerate(times[:3], 1)]
        return samples.trace(*calls, samples.submit(4, times[3]))

    @property
    def guilty(self) -> Trace:
        """As urllib3's Retry does it: 0, 2 and 4 seconds."""
        times = (0, 0, 2, 6)
        calls = [samples.refused(number, at) for number, at in enumerate(times[:3], 1)]
        return samples.trace(*calls, samples.submit(4, times[3]))
