"""RET-07: who gives up says what the server said last."""

from collections.abc import Sequence

from contract_tests.finding import Finding, Violation, Words
from contract_tests.outcome import Outcome, OutcomeStatus
from contract_tests.rules.base import samples
from contract_tests.rules.base.error_reply import ErrorReply, error_reply
from contract_tests.rules.base.jobs import JobCalls, calls_by_job
from contract_tests.rules.base.patience import has_given_up
from contract_tests.rules.base.rule import Grade, Origin, Rule
from contract_tests.trace import Ability, Exchange, Trace, is_shorter


class LastErrorTold(Rule):
    """The error that a caller gets is the last one that the server gave."""

    id = "last-error-told"
    number = "RET-07"
    title = "A client that gives up tells its caller the server's last error, not an earlier one"
    grade = Grade.SHOULD
    origin = Origin.SAFETY
    why = "'Too many retries' says nothing; 'credits of the day are used up' says what to do."
    source = "the kit; GUIDE Common Errors: each code has a fix of its own"
    mend = (
        "Keep the last refusal, and build the final error from its code and message.",
        "Say beside it how often you have tried, not in place of it.",
    )
    needs = frozenset({Ability.REPORTS})

    def judge(self, trace: Trace) -> Finding:
        """Every job that ended with an error of the server, and what its caller was told."""
        found = [(job, errors) for job in calls_by_job(trace) if (errors := _errors(trace, job))]
        wrong = [
            (job.outcome, errors)
            for job, errors in found
            if job.outcome is not None and not _tells_last(job.outcome, errors)
        ]
        return self.judged(
            trace,
            chances=len(found),
            idle="no job ended with an error of the server",
            violations=[
                Violation(
                    (errors[-1].exchange.number,),
                    Words(
                        "the last error was {last}, told was {told}",
                        {"last": _shown(errors[-1]), "told": _told(outcome)},
                    ),
                )
                for outcome, errors in wrong
            ],
        )

    @property
    def innocent(self) -> Trace:
        """The second of two errors is told."""
        return samples.trace(*_refusals(), outcome=samples.failed("e503", "closed"))

    @property
    def guilty(self) -> Trace:
        """The first is."""
        told = samples.failed("rate_limit_exceeded", "too many")
        return samples.trace(*_refusals(), outcome=told)


def _refusals() -> list[Exchange]:
    return [
        samples.refused(1, 0, content=samples.error("rate_limit_exceeded", "too many")),
        samples.refused(2, 1, 503, content=samples.error("e503", "closed")),
    ]


def _errors(trace: Trace, job: JobCalls) -> Sequence[ErrorReply]:
    """The errors of the server that a job met, if it failed at once when it heard the last one."""
    if job.outcome is None or job.outcome.status is not OutcomeStatus.FAILED or not job.calls:
        return ()
    last = max(job.calls, key=lambda one: one.completed)
    lingered = job.done.ended - last.completed
    final = error_reply(trace, last)
    # Of a last one without a word of the server's there is nothing to tell but its status.
    if final is None or not (final.code or final.message) or not has_given_up(trace, last):
        return ()
    if not is_shorter(lingered, min(trace.calls.backoff.steps)):
        # It waited for another attempt, and something else came in between.
        return ()
    errors = (error_reply(trace, one) for one in job.calls)
    return [one for one in errors if one is not None and (one.code or one.message)]


def _tells_last(outcome: Outcome, errors: Sequence[ErrorReply]) -> bool:
    last = errors[-1]
    earlier = {one.message for one in errors if one.message} - {last.message}
    said = outcome.message or ""
    if last.message and last.message in said:
        return True
    if any(message in said for message in earlier):
        return False
    return last.is_told_by(outcome)


def _shown(error: ErrorReply) -> str:
    return " ".join(filter(None, (str(error.status), error.code, error.message)))


def _told(outcome: Outcome) -> str:
    return " ".join(str(one) for one in (outcome.code, outcome.message) if one) or "nothing"
