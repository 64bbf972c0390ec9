"""OUT-01: a task that failed is an error for the caller."""

from contract_tests.finding import Finding, Violation, Words
from contract_tests.rules.base import samples
from contract_tests.rules.base.jobs import JobCalls, calls_by_job
from contract_tests.rules.base.rule import Grade, Origin, Rule
from contract_tests.trace import Ability, Exchange, Trace
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
        """Every job whose task was told to have failed, against its report."""
        failed = [
            (job, poll)
            for job in calls_by_job(trace)
            if job.outcome is not None
            for poll in job.ends(Phase.FAILED)
        ]
        return self.judged(
            trace,
            chances=len(failed),
            idle="no task failed",
            violations=[
                Violation(
                    (poll.number,),
                    Words(
                        "call {call} told that task {task} failed, the client reported a success",
                        {"call": poll.number, "task": poll.task},
                    ),
                )
                for job, poll in failed
                if _hides(job, poll)
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


def _hides(job: JobCalls, poll: Exchange) -> bool:
    """Whether a failure was reported as a success; a second task may have been one."""
    if not job.claims_success or job.outcome is None:
        return False
    return job.outcome.task_id == poll.task or not job.ends(Phase.SUCCEEDED)
