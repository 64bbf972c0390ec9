"""POL-02: a task is not forgotten."""

from contract_tests.finding import Finding
from contract_tests.rules.base import samples
from contract_tests.rules.base.rule import Grade, Origin, Rule
from contract_tests.trace import Trace
from mock_server.core.verification.checks.poll_promptly import PollPromptly as Check


class PollPromptly(Rule):
    """While all goes well, the next poll comes within the longest interval of the documents."""

    id = "poll-promptly"
    number = "POL-02"
    title = "While all goes well, polls are no further apart than the documents advise"
    grade = Grade.SHOULD
    origin = Origin.DOCUMENTED
    why = "A user waits for an image that is long there, and its URL begins to run out unseen."
    source = "REF tasks/image-status: every 5 to 10 seconds with jitter"
    mend = (
        "Keep the interval where the documents have it instead of letting it grow.",
        "Start it anew once a poll has gone well after an error.",
    )
    is_ceiling = True

    def judge(self, trace: Trace) -> Finding:
        """Every wait after a poll that went well."""
        most = trace.calls.polling.ceiling + trace.timing.noise
        return self.adopted(Check(at_most=most).judge(trace.calls))

    @property
    def innocent(self) -> Trace:
        """Every ten seconds."""
        polls = samples.poll(2, 5), samples.poll(3, 15)
        return samples.trace(samples.submit(1, 0), *polls)

    @property
    def guilty(self) -> Trace:
        """Half a minute of silence."""
        polls = samples.poll(2, 5), samples.poll(3, 35)
        return samples.trace(samples.submit(1, 0), *polls)
