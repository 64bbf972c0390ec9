"""BOF-02: each pause is longer than the one before."""

from contract_tests.finding import Finding
from contract_tests.rules.base.growth import judge_growth
from contract_tests.rules.base.pauses import pauses
from contract_tests.rules.base.refused_rows import refused_rows
from contract_tests.rules.base.rule import Grade, Origin, Rule
from contract_tests.trace import Trace


class BackoffGrowth(Rule):
    """The pauses grow about as the profile's steps do."""

    id = "backoff-growth"
    number = "BOF-02"
    title = "Pauses after refusals in a row grow, at least half as fast as the documented steps"
    grade = Grade.MUST
    origin = Origin.DOCUMENTED
    why = (
        "Nobody knows how long a server is overloaded. Pauses that double find it out with few"
        " calls; pauses that stay as they are keep the load where it was."
    )
    source = "GUIDE Common Errors: 429 rate_limit_exceeded, 1s/2s/4s backoff with jitter"
    mend = (
        "Double the pause after each refusal in a row, up to a cap.",
        "Start anew only after a call that was not refused.",
    )

    def judge(self, trace: Trace) -> Finding:
        """Every row of refused submits, over all runs."""
        return judge_growth(self, trace, pauses(trace, "submit"))

    @property
    def innocent(self) -> Trace:
        """1, 2 and 4 seconds."""
        return refused_rows((1, 2, 4))

    @property
    def guilty(self) -> Trace:
        """5 seconds, each time."""
        return refused_rows((5, 5, 5))
