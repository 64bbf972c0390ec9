"""OUT-01: a task that failed is an error for the caller."""

from contract_tests.finding import Finding, Violation, Words
from contract_tests.outcome import OutcomeStatus
from contract_tests.rules.base import samples
from contract_tests.rules.base.rule import Grade, Origin, Rule
from contract_tests.trace import Ability, Trace
from mock_server.core.lifecycle import Phase


class FailureIsAnError(Rule):
    """A caller whose task failed is never told of a success."""

    id = "failure-is-an-error"
    number = "OUT-01"
    title = "A task that failed is reported as an error, never as a success without images"
    grade = Grade.MUST
    origin = Origin.DOCUMENTED
    why = (
        "The reply to the poll is HTTP 200, so a client that looks at the status code alone hands"
        " on nothing as if it were all."
    )
    source = "REF tasks/image-status: a failed task is status 200 with error{code, message}"
    mend = (
        "Look at the task's status, not at the HTTP status: failed ends in an error.",
        "Carry the task's error.code and error.message to the caller.",
    )
    needs = frozenset({Ability.REPORTS})

    def judge(self, trace: Trace) -> Finding:
        """Every task whose failure was told, against the report on its job."""
        told = [one for one in trace.calls.polls() if one.says_end and one.phase is Phase.FAILED]
        claimed = [one for one in trace.outcomes if one.status is OutcomeStatus.SUCCEEDED]
        wrong = [poll for poll in told if any(one.task_id == poll.task for one in claimed)]
        return self.judged(
            trace,
            chances=len(told),
            idle="no task failed",
            violations=[
                Violation(
                    (poll.number,),
                    Words(
                        "call {call} told that task {task} failed, the client reported a success",
                        {"call": poll.number, "task": poll.task},
                    ),
                )
                for poll in wrong
            ],
        )

    @property
    def innocent(self) -> Trace:
        """A failure that is reported as one."""
        calls = samples.submit(1, 0), samples.poll(2, 5, Phase.FAILED)
        return samples.trace(*calls, outcome=samples.failed("generation_failed", "no luck"))

    @property
    def guilty(self) -> Trace:
        """A failure that is reported as a success."""
        calls = samples.submit(1, 0), samples.poll(2, 5, Phase.FAILED)
        return samples.trace(*calls, outcome=samples.succeeded())
