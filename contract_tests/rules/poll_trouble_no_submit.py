"""DUP-05: trouble with polls is no reason for a new order."""

from contract_tests.finding import Finding
from contract_tests.rules.base import samples
from contract_tests.rules.base.lost_calls import dropped_poll
from contract_tests.rules.base.resubmits import Lead, resubmits, temptations
from contract_tests.rules.base.rule import Grade, Origin, Rule
from contract_tests.trace import Trace


class PollTroubleNoSubmit(Rule):
    """After a poll, or a fetch of a result, that went wrong, the order is not placed again."""

    id = "poll-trouble-no-submit"
    number = "DUP-05"
    title = "A poll or a download that goes wrong never leads to a new submit"
    grade = Grade.MUST
    origin = Origin.SAFETY
    why = (
        "The task goes on while nobody may look, and is paid for. A client that starts over draws"
        " the same image twice, once for the bin."
    )
    source = "the kit: rules for clients, DUP-05"
    mend = (
        "Retry the part that failed: polls and downloads are safe to repeat, submits are not.",
        "Keep the task's id outside of the loop that retries.",
    )

    def judge(self, trace: Trace) -> Finding:
        """Every poll and fetch that went wrong, and the submits that were one too many."""
        return self.judged(
            trace,
            chances=len(temptations(trace, Lead.POLL)),
            idle="no poll or download of a task that was made went wrong",
            violations=resubmits(trace, Lead.POLL),
        )

    @property
    def innocent(self) -> Trace:
        """A poll that is dropped, and the next one."""
        return samples.trace(samples.submit(1, 0), dropped_poll(2, 5), samples.poll(3, 10))

    @property
    def guilty(self) -> Trace:
        """A poll that is dropped, and the order once more."""
        return samples.trace(
            samples.submit(1, 0), dropped_poll(2, 5), samples.submit(3, 10, task="t2")
        )
