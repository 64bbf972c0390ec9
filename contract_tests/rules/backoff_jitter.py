"""BOF-03: pauses have jitter."""

from contract_tests.finding import Finding, Verdict, Words
from contract_tests.rules.base.chance import spread
from contract_tests.rules.base.pauses import pauses
from contract_tests.rules.base.refused_rows import refused_rows
from contract_tests.rules.base.rule import Grade, Origin, Rule
from contract_tests.rules.base.sameness import judge_sameness
from contract_tests.trace import Trace


class BackoffJitter(Rule):
    """The same pause is not the same in every run."""

    id = "backoff-jitter"
    number = "BOF-03"
    title = "Pauses after refusals have jitter: they differ from one run to the next"
    grade = Grade.MUST
    origin = Origin.DOCUMENTED
    why = (
        "Clients that were refused at the same moment and wait equally long come back at the same"
        " moment, and are refused again, all of them."
    )
    source = "GUIDE Common Errors: 429 rate_limit_exceeded, 1s/2s/4s backoff with jitter"
    mend = (
        "Add a random part to each pause, such as uniform(0, 0.25) times its length.",
        "Draw it anew for each pause, from a generator that is not seeded with a constant.",
    )

    def judge(self, trace: Trace) -> Finding:
        """The pauses of all runs and jobs, place by place."""
        if not trace.calls.backoff.jitter:
            return self.verdict(Verdict.NOT_APPLICABLE, Words("the profile asks for no jitter"))
        plain = (one for one in pauses(trace, "submit") if one.is_plain)
        places = ((one.place, one.seconds) for one in plain)
        idle = "no two runs or jobs were refused alike: one shows nothing of chance"
        apart = spread(places, trace.timing)
        return judge_sameness(self, trace, apart, "in all runs and jobs", idle)

    @property
    def innocent(self) -> Trace:
        """A little more than the steps, and each time another little."""
        return refused_rows((1.1, 2.1, 4.2), (1.2, 2.3, 4.7), (1.0, 2.2, 4.1))

    @property
    def guilty(self) -> Trace:
        """The steps, exactly, each time."""
        return refused_rows((1, 2, 4), (1, 2, 4), (1, 2, 4))
