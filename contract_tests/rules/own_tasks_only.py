"""POL-04: only ids that the server gave out are polled."""

from contract_tests.finding import Finding
from contract_tests.rules.base import samples
from contract_tests.rules.base.rule import Grade, Origin, Rule
from contract_tests.trace import Trace
from mock_server.core.verification.checks.own_tasks import OwnTasks


class OwnTasksOnly(Rule):
    """Every poll is for a task that an earlier submit has made."""

    id = "own-tasks-only"
    number = "POL-04"
    title = "Only ids that a submit has returned are polled"
    grade = Grade.MUST
    origin = Origin.DOCUMENTED
    why = (
        "A client that polls for 'undefined' or another task's id waits for an answer that is not"
        " its own, or never comes."
    )
    source = "REF tasks/image-status: the id is the one that the submit returned"
    mend = (
        "Check that the reply to the submit has an id before you ask for it.",
        "Keep each id with its own job, percent-encoded in the path as it is.",
    )

    def judge(self, trace: Trace) -> Finding:
        """Every poll, against the tasks made before it."""
        return self.adopted(OwnTasks().judge(trace.calls))

    @property
    def innocent(self) -> Trace:
        """The id that was given out."""
        return samples.trace(samples.submit(1, 0), samples.poll(2, 5))

    @property
    def guilty(self) -> Trace:
        """What a program makes of an id that is missing."""
        return samples.trace(samples.submit(1, 0), samples.poll(2, 5, task="None", status=404))
