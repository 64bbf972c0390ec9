"""CON-03: a job that is cancelled makes no more calls."""

from collections.abc import Iterator

from contract_tests.finding import Finding, Verdict, Violation, Words
from contract_tests.outcome import Outcome, OutcomeStatus
from contract_tests.rules.base import samples
from contract_tests.rules.base.jobs import JobCalls, told_to_stop
from contract_tests.rules.base.rule import Grade, Origin, Rule
from contract_tests.trace import Ability, Exchange, Trace, is_shorter
from mock_server.core.client_plan import ClientPlan, Stop, StopBy
from mock_server.core.scenario import Scenario

# So many poll intervals of silence show that nothing goes on in the background.
_WATCHED = 3


class CancelStops(Rule):
    """Soon after a job was cancelled, nothing more is sent and no call is under way."""

    id = "cancel-stops"
    number = "CON-03"
    title = "A cancelled job makes no call later than one interval, and lets go of those under way"
    grade = Grade.MUST
    origin = Origin.SAFETY
    why = (
        "A loop that lives on in a task or thread polls until the deadline, or submits an order for"
        " a caller who has gone."
    )
    source = "kit: one poll interval is what a job may need to notice"
    mend = (
        "Let CancelledError through: no bare except around a call or a sleep.",
        "Wait in something that can be woken, and close the connection on the way out.",
    )
    needs = frozenset({Ability.CANCELS})

    def judge(self, trace: Trace) -> Finding:
        """Every job that was cancelled, and its calls since."""
        interval = trace.calls.polling.interval
        cancelled = told_to_stop(trace, StopBy.CANCEL)
        violations = [
            one
            for job, stopped in cancelled
            for one in _violations(trace, job, stopped, interval + trace.timing.noise)
        ]
        latest = max((stopped for _, stopped in cancelled), default=trace.calls.taken)
        left = latest + _WATCHED * interval - trace.calls.taken
        if cancelled and not violations and is_shorter(0, left):
            words = Words("{seconds:g} s of silence are still due", {"seconds": left})
            return self.verdict(Verdict.INCONCLUSIVE, words)
        return self.judged(
            trace, chances=len(cancelled), idle="no job was cancelled", violations=violations
        )

    @property
    def innocent(self) -> Trace:
        """Nothing after the cancellation."""
        return _trace(samples.submit(1, 0), samples.poll(2, 5))

    @property
    def guilty(self) -> Trace:
        """Polls as if nothing had happened."""
        return _trace(samples.submit(1, 0), *(samples.poll(2 + k, 5 + 5 * k) for k in range(4)))


def _trace(*calls: Exchange) -> Trace:
    plan = ClientPlan(stop=Stop(StopBy.CANCEL, 7))
    job = samples.done(Outcome(OutcomeStatus.CANCELLED), 7, stopped=samples.START + 7)
    return samples.trace(*calls, taken=30, jobs=(job,), scenario=Scenario(client=plan))


def _violations(trace: Trace, job: JobCalls, stopped: float, within: float) -> Iterator[Violation]:
    due = stopped + within
    for call in job.calls:
        facts = {"call": call.number, "seconds": call.started - stopped}
        if is_shorter(due, call.started):
            words = "call {call} came {seconds:.3f} s after the job was cancelled"
            yield Violation((call.number,), Words(words, facts))
        elif is_shorter(due, _left(trace, call)):
            words = "call {call} was still under way {seconds:.3f} s after the job was cancelled"
            late = {"call": call.number, "seconds": _left(trace, call) - stopped}
            yield Violation((call.number,), Words(words, late))


def _left(trace: Trace, call: Exchange) -> float:
    """When a call was over, as far as is known."""
    return min(call.completed, trace.calls.taken) if call.ended is None else call.ended
