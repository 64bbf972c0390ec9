"""Mishaps: jobs that a strange reply has brought down, without a word that a caller could use."""

from collections.abc import Callable, Iterator

from contract_tests.finding import Violation, Words
from contract_tests.rules.base.jobs import JobCalls, calls_by_job
from contract_tests.rules.base.replies import ABOUT_TASKS
from contract_tests.trace import Exchange, Trace


def strange_replies(
    trace: Trace, is_strange: Callable[[Exchange], bool]
) -> tuple[tuple[JobCalls, tuple[Exchange, ...]], ...]:
    """The jobs that met such replies to submits or polls, and these calls."""
    jobs = ((job, tuple(filter(is_strange, _about_tasks(job)))) for job in calls_by_job(trace))
    return tuple((job, calls) for job, calls in jobs if calls)


def mishaps(job: JobCalls, strange: tuple[Exchange, ...]) -> Iterator[Violation]:
    """What is wrong with the end of a job whose last call met a strange reply."""
    last = job.last
    if last is None or last not in strange:
        return
    if job.done.raised is not None and not job.done.typed:
        facts = {"call": last.number, "raised": job.done.raised}
        yield Violation(
            (last.number,), Words("after the reply to call {call}: a raw {raised}", facts)
        )
    elif job.outcome is None and job.done.stopped is None and job.done.raised is None:
        words = "after the reply to call {call}, the job never came to an end"
        yield Violation((last.number,), Words(words, {"call": last.number}))


def _about_tasks(job: JobCalls) -> Iterator[Exchange]:
    return (one for one in job.calls if one.operation in ABOUT_TASKS)
