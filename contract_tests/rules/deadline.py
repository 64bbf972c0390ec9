"""POL-11: nobody waits for ever."""

from collections.abc import Iterator

from contract_tests.finding import Finding, Violation, Words
from contract_tests.rules.base import samples
from contract_tests.rules.base.jobs import JobCalls, calls_by_job, patience
from contract_tests.rules.base.polls import went_well
from contract_tests.rules.base.rule import Grade, Origin, Rule
from contract_tests.trace import Exchange, Trace, is_shorter


class Deadline(Rule):
    """A job whose task never ends is given up in time, with an error.

    The time is what the client declares, else what the profile advises (``max_wait``), counted from
    the reply to the submit, and one interval more; after a last poll that went wrong, one pause
    more. No black box has to run alone for it: these are many seconds.
    """

    id = "deadline"
    number = "POL-11"
    title = "A task that never ends is given up after the declared or advised time, with an error"
    grade = Grade.MUST
    origin = Origin.SAFETY
    why = (
        "Workers die and leave their tasks running. Without a deadline the user looks at a spinner"
        " that will never stop, and every such job polls for ever."
    )
    source = "REF tasks/image-status: poll for at most 120 seconds"
    mend = (
        "Take the time when the task was accepted, and give up when the deadline is reached.",
        "Give each call a timeout as well; report the task's id, for it can be asked for later.",
    )

    def judge(self, trace: Trace) -> Finding:
        """Every job whose task was made, and that was not told of its end."""
        waiting = [
            (job, made)
            for job in calls_by_job(trace)
            if (made := _made(job)) is not None and _is_waiting(trace, job, made)
        ]
        return self.judged(
            trace,
            chances=len(waiting),
            idle="no client was left waiting for a task that did not end",
            violations=[one for job, made in waiting for one in _violations(trace, job, made)],
        )

    @property
    def innocent(self) -> Trace:
        """Given up after two minutes."""
        return _trace(samples.done(samples.failed(message="no result after 120 s"), 120))

    @property
    def guilty(self) -> Trace:
        """Still waiting after five."""
        return _trace(samples.done(None, 300))


def _made(job: JobCalls) -> Exchange | None:
    """The submit that made the job's task, and told so."""
    submits = (one for one in job.calls if one.operation == "submit")
    return next((one for one in submits if one.created and one.told), None)


def _is_waiting(trace: Trace, job: JobCalls, made: Exchange) -> bool:
    """Whether a job was left waiting: its last call told of no end, and nothing else ended it."""
    last = job.last
    if last is None or job.done.stopped is not None or any(one.says_end for one in job.calls):
        return False
    if _is_too_late(trace, job, made):
        return True
    is_over = job.outcome is not None or job.done.raised is not None
    return is_over and (went_well(last) or last.aborted)


def _is_too_late(trace: Trace, job: JobCalls, made: Exchange) -> bool:
    return is_shorter(_limit(trace, job), job.done.ended - made.completed)


def _limit(trace: Trace, job: JobCalls) -> float:
    """The seconds within which a job has to end, counted from the reply to its submit."""
    last = job.last
    is_well = last is not None and went_well(last)
    slack = trace.calls.polling.ceiling if is_well else trace.calls.backoff.cap
    return patience(trace) + slack + trace.timing.noise


def _violations(trace: Trace, job: JobCalls, made: Exchange) -> Iterator[Violation]:
    facts = {
        "seconds": job.done.ended - made.completed,
        "limit": _limit(trace, job),
        "call": made.number,
        "raised": job.done.raised,
    }
    words = None
    if _is_too_late(trace, job, made):
        words = "{seconds:.0f} s or more from the reply to call {call} on, {limit:.0f} are the most"
    elif job.done.raised is not None and not job.done.typed:
        words = "the wait that began with call {call} ended in a raw {raised}"
    elif job.claims_success:
        words = "the wait that began with call {call} ended in a success, though nothing was done"
    if words is not None:
        yield Violation((made.number,), Words(words, facts))


def _trace(done: object) -> Trace:
    polls = (samples.poll(number, number * 5 - 5) for number in range(2, 25))
    return samples.trace(samples.submit(1, 0), *polls, jobs=(done,))
