"""OUT-05: a reply that cannot be read is an error that a caller can use, or is asked for again."""

from contract_tests.finding import Finding, Violation, Words
from contract_tests.outcome import Outcome
from contract_tests.rules.base import samples
from contract_tests.rules.base.jobs import JobCalls
from contract_tests.rules.base.mishaps import mishaps, strange_replies
from contract_tests.rules.base.replies import is_readable, shows_success
from contract_tests.rules.base.rule import Grade, Origin, Rule
from contract_tests.trace import Ability, Exchange, Trace


class BrokenReplyHandled(Rule):
    """What is no documented reply ends neither in a crash, nor in a hang, nor in a success."""

    id = "broken-reply-handled"
    number = "OUT-05"
    title = "An unreadable reply is a typed error or is tolerated: no crash, no hang, no success"
    grade = Grade.MUST
    origin = Origin.SAFETY
    why = (
        "Gateways answer with pages, proxies cut replies. A JSONDecodeError from deep inside tells"
        " nobody that the task may well exist and be paid for."
    )
    source = "kit: what stands between a client and the API does not speak the API's JSON"
    mend = (
        "Read replies in one place: no JSON object, or one that lacks a member, is your error.",
        "On a poll, ask again a few times; on a submit, report that the outcome is unknown.",
    )
    needs = frozenset({Ability.REPORTS})

    def judge(self, trace: Trace) -> Finding:
        """Every job that met a reply which is not as documented."""
        terms = trace.terms
        met = strange_replies(trace, lambda call: not is_readable(terms, call))
        violations = [one for job, strange in met for one in mishaps(job, strange)]
        invented = [_invented(trace, job, strange) for job, strange in met]
        return self.judged(
            trace,
            chances=sum(len(strange) for _, strange in met),
            idle="every reply was as documented",
            violations=[*violations, *(one for one in invented if one is not None)],
        )

    @property
    def innocent(self) -> Trace:
        """A page in place of the task, and a typed error."""
        outcome = samples.failed(message="the reply is no JSON object")
        return _trace(outcome=outcome, raised="client.OrderError")

    @property
    def guilty(self) -> Trace:
        """The same page, and a crash."""
        outcome = samples.failed(message="Expecting value: line 1 column 1 (char 0)")
        return _trace(outcome=outcome, raised="json.decoder.JSONDecodeError", typed=False)


def _trace(outcome: Outcome, raised: str, *, typed: bool = True) -> Trace:
    page = samples.poll(2, 5, content=b"<html>", fault="html(code=200)")
    job = samples.done(outcome, raised=raised, typed=typed)
    return samples.trace(samples.submit(1, 0), page, jobs=(job,))


def _invented(trace: Trace, job: JobCalls, strange: tuple[Exchange, ...]) -> Violation | None:
    """A success that was reported although no reply showed one."""
    if not job.claims_success or any(shows_success(trace.terms, one) for one in job.calls):
        return None
    words = "no reply told of a success, but one was reported after call {call}"
    return Violation((strange[-1].number,), Words(words, {"call": strange[-1].number}))
