"""RET-05: a refused poll does not lose a task."""

from contract_tests.finding import Finding
from contract_tests.rules.base import samples
from contract_tests.rules.base.persistence import Persistence, judge_persistence
from contract_tests.rules.base.rule import Grade, Origin, Rule
from contract_tests.trace import Trace, by_call
from mock_server.core.lifecycle import Phase


class Retry429Poll(Rule):
    """A poll that is refused as too many is made again; the task goes on meanwhile."""

    id = "retry-429-poll"
    number = "RET-05"
    title = "A poll that is answered 429 is tried again, at least as often as the profile says"
    grade = Grade.MUST
    origin = Origin.DOCUMENTED
    why = "The task goes on while nobody may look. Who gives up loses images that are paid for."
    source = "GUIDE Common Errors: 429 rate_limit_exceeded; REF rate-limits/async-tasks: queries"
    mend = (
        "Take a 429 on a poll as a reason to wait, never as the end of the task.",
        "Back off by 1, 2 and 4 seconds with jitter, then go on polling the same id.",
    )

    def judge(self, trace: Trace) -> Finding:
        """Every task of which a poll was refused, and how polling went on."""
        polls = [one for one in trace.exchanges if one.operation == "status"]
        found = [
            Persistence(one)
            for one in by_call(polls).values()
            if any(poll.heard_status == 429 for poll in one)
        ]
        return judge_persistence(self, trace, found)

    @property
    def innocent(self) -> Trace:
        """Refused once, polled again."""
        calls = samples.submit(1, 0), samples.poll(2, 5, status=429)
        return samples.trace(*calls, samples.poll(3, 7, Phase.SUCCEEDED))

    @property
    def guilty(self) -> Trace:
        """Given up at the first refusal."""
        calls = samples.submit(1, 0), samples.poll(2, 5, status=429)
        return samples.trace(*calls, outcome=samples.failed("rate_limit_exceeded"))
