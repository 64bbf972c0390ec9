"""BOF-07: nobody comes back before the seconds that the server named."""

from contract_tests.finding import Finding
from contract_tests.rules.base import samples
from contract_tests.rules.base.named_waits import named_waits
from contract_tests.rules.base.refused import is_date
from contract_tests.rules.base.rule import Grade, Origin, Rule
from contract_tests.rules.base.waits import judge_waits
from contract_tests.trace import Trace


class RetryAfterSeconds(Rule):
    """A Retry-After in seconds is kept, where it is one that can be kept."""

    id = "retry-after-seconds"
    number = "BOF-07"
    title = "A refused call is not made again before the seconds of its Retry-After have passed"
    grade = Grade.SHOULD
    origin = Origin.RFC
    why = (
        "The server knows when it will listen again. Whoever comes earlier is refused for nothing,"
        " and often makes the window start anew."
    )
    source = "RFC 9110, 10.2.3; REF rate-limits/async-tasks: wait for the seconds of Retry-After"
    mend = (
        "Wait for the longer of Retry-After and your own backoff, jitter on top.",
        "If it is longer than your deadline allows, give up at once and say so.",
    )

    def judge(self, trace: Trace) -> Finding:
        """Every return after a Retry-After in seconds."""
        waits = [one for one in named_waits(trace) if not is_date(one.before)]
        idle = "nobody came back after a Retry-After in seconds"
        return judge_waits(self, trace, waits, idle)

    @property
    def innocent(self) -> Trace:
        """Back after seven seconds and a bit."""
        return samples.trace(samples.refused(1, 0, **samples.after(7)), samples.submit(2, 7.4))

    @property
    def guilty(self) -> Trace:
        """Back after the usual second."""
        return samples.trace(samples.refused(1, 0, **samples.after(7)), samples.submit(2, 1))
