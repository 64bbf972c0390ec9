"""Jobs and their calls: what was done for each, and what of it its caller has to be told."""

from collections.abc import Iterator
from dataclasses import dataclass

from contract_tests.outcome import Outcome, OutcomeStatus
from contract_tests.rules.base.orders import Order, orders
from contract_tests.rules.base.remembering import remembered
from contract_tests.rules.base.replies import ABOUT_TASKS
from contract_tests.trace import Done, Exchange, Trace
from mock_server.core.client_plan import StopBy
from mock_server.core.lifecycle import Phase


@dataclass(frozen=True, slots=True)
class JobCalls:
    """A job and the calls that were made for it, in their order."""

    done: Done
    calls: tuple[Exchange, ...]

    @property
    def outcome(self) -> Outcome | None:
        """What its caller was told."""
        return self.done.outcome

    @property
    def claims_success(self) -> bool:
        """Whether its caller was told of a success."""
        return self.outcome is not None and self.outcome.status is OutcomeStatus.SUCCEEDED

    @property
    def is_silent_success(self) -> bool:
        """Whether its caller was told of a success without any remark."""
        outcome = self.outcome
        return self.claims_success and outcome is not None and not (outcome.code or outcome.message)

    @property
    def last(self) -> Exchange | None:
        """The last call about a task."""
        about = [one for one in self.calls if one.operation in ABOUT_TASKS]
        return about[-1] if about else None

    def ends(self, phase: Phase) -> tuple[Exchange, ...]:
        """The polls whose replies told that a task has ended so; of each task the last one."""
        told = {
            one.task: one
            for one in self.calls
            if one.operation == "status" and one.says_end and one.phase is phase
        }
        return tuple(told.values())


@remembered
def calls_by_job(trace: Trace) -> tuple[JobCalls, ...]:
    """Each job with its calls; jobs whose calls cannot be told from others' are left out.

    The only job of a trace has made them all. Else calls belong to the job whose prompt they carry,
    or to the job that reported their task.
    """
    if len(trace.jobs) == 1:
        return (JobCalls(trace.jobs[0], trace.calls.exchanges),)
    found = (job if job.calls else _by_report(trace, job.done) for job in _by_prompt(trace))
    return tuple(job for job in found if job.calls)


def calls_by_prompt(trace: Trace) -> tuple[JobCalls, ...]:
    """The same by the prompts alone, whatever was reported."""
    return tuple(job for job in _by_prompt(trace) if job.calls)


def _by_prompt(trace: Trace) -> Iterator[JobCalls]:
    found = orders(trace)
    for done in trace.jobs:
        yield _ordered(trace, done, [order for order in found if order.job is done])


def _by_report(trace: Trace, done: Done) -> JobCalls:
    task = None if done.outcome is None else done.outcome.task_id
    calls = (one for one in trace.calls.exchanges if task is not None and one.task == task)
    return JobCalls(done, tuple(calls))


def _ordered(trace: Trace, done: Done, own: list[Order]) -> JobCalls:
    tasks = {task for order in own for task in order.tasks}
    numbers = {submit.number for order in own for submit in order.submits}
    calls = (one for one in trace.calls.exchanges if one.number in numbers or one.task in tasks)
    return JobCalls(done, tuple(calls))


def patience(trace: Trace) -> float:
    """Seconds after which a client gives a job up: its own, or those that the profile advises."""
    own = trace.gives_up_after
    return trace.calls.polling.max_wait if own is None else own


def is_late(trace: Trace, done: Done) -> bool:
    """Whether a job took so long that it may have ended for that reason alone."""
    return done.ended - done.started >= patience(trace)


def told_to_stop(trace: Trace, by: StopBy) -> tuple[tuple[JobCalls, float], ...]:
    """The jobs that were told to stop in this way, and when."""
    stop = trace.scenario.client.stop
    if stop is None or stop.by is not by:
        return ()
    found = ((one, one.done.stopped) for one in calls_by_job(trace))
    return tuple((one, stopped) for one, stopped in found if stopped is not None)
