"""OUT-02: an error carries the server's code and message."""

from contract_tests.finding import Finding, Violation, Words
from contract_tests.outcome import Outcome, OutcomeStatus
from contract_tests.rules.base import samples
from contract_tests.rules.base.jobs import JobCalls, calls_by_job, is_late
from contract_tests.rules.base.replies import Reason, reason_in
from contract_tests.rules.base.rule import Grade, Origin, Rule
from contract_tests.trace import Ability, Exchange, Trace
from mock_server.core.lifecycle import Phase
from mock_server.core.masking import mask


class ErrorDetailsTold(Rule):
    """Whoever is told of an error is told the server's own code and message."""

    id = "error-details-told"
    number = "OUT-02"
    title = "An error carries the code and the message that the server gave"
    grade = Grade.MUST
    origin = Origin.DOCUMENTED
    why = (
        "A caller who hears no more than that something failed can neither mend the request nor"
        " tell a refused prompt from an empty account."
    )
    source = "REF tasks/image-status: error{code, message}; GUIDE Common Errors: a code for each"
    mend = (
        "Read code and message out of the reply, also of one with an HTTP error status.",
        "Put both into the error that the caller gets; its own words may stand around them.",
    )
    needs = frozenset({Ability.REPORTS})

    def judge(self, trace: Trace) -> Finding:
        """Every job that ended in an error because of what a reply said."""
        found = ((job, _reason(trace, job)) for job in calls_by_job(trace))
        told = [
            (call, reason, job.outcome)
            for job, (call, reason) in ((job, one) for job, one in found if one is not None)
            if job.outcome is not None
        ]
        return self.judged(
            trace,
            chances=len(told),
            idle="no job ended with a refusal or a failed task",
            violations=[
                _violation(call, missing, outcome)
                for call, reason, outcome in told
                if (missing := reason.missing_in(outcome))
            ],
        )

    @property
    def innocent(self) -> Trace:
        """Code and message of a refusal, with the client's own words around them."""
        outcome = samples.failed("e400", "400: in plain words")
        return samples.trace(samples.refused(1, 0, 400), outcome=outcome)

    @property
    def guilty(self) -> Trace:
        """Nothing but a complaint."""
        outcome = samples.failed(message="something went wrong")
        return samples.trace(samples.refused(1, 0, 400), outcome=outcome)


def _reason(trace: Trace, job: JobCalls) -> tuple[Exchange, Reason] | None:
    """The call that ended a job with an error, and why; None where something else did."""
    last = job.last
    if last is None or job.outcome is None or job.done.stopped is not None:
        return None
    is_failure = last.says_end and last.phase is Phase.FAILED
    status = last.heard_status or 0
    is_refusal = 400 <= status < 500
    if status == 429 and is_late(trace, job.done):
        # It was patience that ended, and that may be said instead.
        return None
    ends = {OutcomeStatus.FAILED, OutcomeStatus.UNKNOWN} if is_failure else {OutcomeStatus.FAILED}
    if not (is_failure or is_refusal) or job.outcome.status not in ends:
        return None
    reason = reason_in(trace.terms, last)
    if reason is None or any(mask(secret) in reason.message for secret in trace.secrets):
        return None
    return last, reason


def _violation(call: Exchange, missing: tuple[str, ...], outcome: Outcome) -> Violation:
    facts = {
        "call": call.number,
        "missing": " and ".join(missing),
        "code": outcome.code,
        "message": outcome.message,
    }
    words = "the {missing} of call {call} did not reach the caller: {code!r}, {message!r}"
    return Violation((call.number,), Words(words, facts))
