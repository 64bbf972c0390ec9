"""RET-11: other refusals are final, too."""

from collections.abc import Iterator
from itertools import takewhile

from contract_tests.finding import Finding, Violation, Words
from contract_tests.outcome import OutcomeStatus
from contract_tests.rules.base import samples
from contract_tests.rules.base.error_reply import error_reply
from contract_tests.rules.base.jobs import JobCalls, calls_by_job
from contract_tests.rules.base.repeats import Repeats, followed, same_posts
from contract_tests.rules.base.rule import Grade, Origin, Rule
from contract_tests.trace import Ability, Exchange, Trace, by_call
from mock_server.core.verification.quiet import broken_quiet
from mock_server.core.verification.scopes import Followed

# They have rules of their own, or pass by themselves.
_OTHERS = frozenset({400, 401, 408, 409, 425, 429})


class NoRetryAfterRefusal(Rule):
    """A 402, 403, 404, 422 or the like is not met with the same call again, and is told."""

    id = "no-retry-after-refusal"
    number = "RET-11"
    title = (
        "After 402, 403, 404, 422 and the like the same call is not made again; the code is told"
    )
    grade = Grade.SHOULD
    origin = Origin.DOCUMENTED
    why = "No retry fills an account or changes a prompt; only the caller can do that."
    source = "REF tasks/image-status: 402 insufficient_quota, 404 task_not_found, 422"
    mend = (
        "Take each 4xx that is not about rate or time as final for this call.",
        "Hand code and message to the caller: top up, change the prompt, check the id.",
    )

    def judge(self, trace: Trace) -> Finding:
        """Every call that was refused so, the same one later, and what was told."""
        ends = [*_refused_posts(trace), *_refused_polls(trace)]
        quiet = broken_quiet(ends, "call {call} was the same {seconds:.3f} s after")
        untold = [one for job in calls_by_job(trace) for one in _untold(trace, job)]
        return self.judged(
            trace,
            chances=len(ends),
            idle="no call was refused so",
            violations=[*quiet, *untold],
        )

    @property
    def innocent(self) -> Trace:
        """An empty account, told as such."""
        refused = samples.refused(1, 0, 402)
        return samples.trace(refused, outcome=samples.failed("e402", "in plain words"))

    @property
    def guilty(self) -> Trace:
        """The same order again."""
        return samples.trace(samples.refused(1, 0, 402), samples.refused(2, 1, 402))


def _is_refused(call: Exchange) -> bool:
    status = call.heard_status
    return status is not None and 400 <= status < 500 and status not in _OTHERS


def _refused_posts(trace: Trace) -> Iterator[Followed]:
    for one in same_posts(trace):
        end = followed(one, _is_refused, lambda call: call.created and call.told)
        if end is not None:
            yield end


def _refused_polls(trace: Trace) -> Iterator[Followed]:
    """Of a task that no poll has seen yet, some 404s may be the server's delay."""
    polls = (one for one in trace.exchanges if one.operation == "status")
    most = trace.calls.backoff.retries_at_least
    return filter(None, (_end(one, most) for one in by_call(polls).values()))


def _end(polls: tuple[Exchange, ...], most: int) -> Followed | None:
    finals = {poll.number for poll in polls if _is_refused(poll)} - _early(polls, most)
    return followed(Repeats(polls, 1), lambda poll: poll.number in finals)


def _early(polls: tuple[Exchange, ...], most: int) -> set[int]:
    unseen = takewhile(lambda poll: poll.heard_status != 200, polls)
    return {one.number for one in [one for one in unseen if one.heard_status == 404][:most]}


def _untold(trace: Trace, job: JobCalls) -> Iterator[Violation]:
    """The refusal that ended a job, where its caller was told of something else."""
    last, outcome = job.last, job.outcome
    if Ability.REPORTS not in trace.abilities or last is None or not _is_refused(last):
        return
    error = error_reply(trace, last)
    ended = outcome is not None and outcome.status is not OutcomeStatus.CANCELLED
    if error is None or outcome is None or not ended or error.is_told_by(outcome):
        return
    words = "call {call} was refused with {status} {code}, which its caller was not told"
    facts = {"call": last.number, "status": error.status, "code": error.code or ""}
    yield Violation((last.number,), Words(words, facts))
