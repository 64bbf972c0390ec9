"""POL-01: a task is not asked for too often."""

from contract_tests.finding import Finding
from contract_tests.rules.base import samples
from contract_tests.rules.base.polls import first_waits, steady_waits
from contract_tests.rules.base.rule import Grade, Origin, Rule
from contract_tests.rules.base.waits import judge_waits
from contract_tests.trace import Trace


class PollFloor(Rule):
    """While all goes well, polls keep their distance, the first one from the submit, too.

    Under the profile's ``floor`` they break the rule; under what it advises is advice.
    """

    id = "poll-floor"
    number = "POL-01"
    title = "While all goes well, a task is polled no more often than the documents advise"
    grade = Grade.MUST
    origin = Origin.DOCUMENTED
    why = (
        "Images take many seconds, however often they are asked for. Polls in between use up the"
        " limits that all tasks of a key share."
    )
    source = "REF tasks/image-status: first after 5 seconds, then every 5 to 10 with jitter"
    mend = (
        "Sleep before the first poll and between polls, for as long as the documents advise.",
        "Put the sleep where no path through the loop can avoid it.",
    )

    def judge(self, trace: Trace) -> Finding:
        """The waits before all polls that follow a call that went well."""
        waits = [*first_waits(trace), *steady_waits(trace)]
        return judge_waits(self, trace, waits, "no poll followed a call that went well")

    @property
    def innocent(self) -> Trace:
        """Every five seconds."""
        polls = samples.poll(2, 5), samples.poll(3, 10)
        return samples.trace(samples.submit(1, 0), *polls)

    @property
    def guilty(self) -> Trace:
        """Every half a second."""
        polls = samples.poll(2, 0.5), samples.poll(3, 1)
        return samples.trace(samples.submit(1, 0), *polls)
