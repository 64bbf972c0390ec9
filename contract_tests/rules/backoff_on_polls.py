"""BOF-11: who is refused waits before it polls again."""

from contract_tests.finding import Finding
from contract_tests.rules.base import samples
from contract_tests.rules.base.backoff_floors import judge_floors
from contract_tests.rules.base.pauses import pauses
from contract_tests.rules.base.rule import Grade, Origin, Rule
from contract_tests.trace import Trace


class BackoffOnPolls(Rule):
    """The pauses after refused polls are as long as those after refused submits."""

    id = "backoff-on-polls"
    number = "BOF-11"
    title = "A refused poll comes again after the documented steps, shorter only by jitter"
    grade = Grade.SHOULD
    origin = Origin.DOCUMENTED
    why = (
        "All tasks of a key share one allowance for polls: who hammers for one of them blinds"
        " itself for all."
    )
    source = "GUIDE Common Errors: 429 rate_limit_exceeded, 1s/2s/4s backoff with jitter"
    mend = (
        "Let polls share the backoff of submits: 1, 2, 4 s with jitter after each 429 in a row.",
        "A poll interval longer than that will do as well.",
    )

    def judge(self, trace: Trace) -> Finding:
        """Every pause after a refused poll, over all runs."""
        return judge_floors(self, trace, pauses(trace, "status"), "no refused poll came again")

    @property
    def innocent(self) -> Trace:
        """Two refusals that change nothing about polling every five seconds."""
        refusals = (samples.poll(number, 5 * number - 5, status=429) for number in (2, 3))
        return samples.trace(samples.submit(1, 0), *refusals, samples.poll(4, 15))

    @property
    def guilty(self) -> Trace:
        """Three refusals, each answered at once."""
        refusals = (samples.poll(number, 5, status=429) for number in (2, 3, 4))
        return samples.trace(samples.submit(1, 0), *refusals, samples.poll(5, 5))
