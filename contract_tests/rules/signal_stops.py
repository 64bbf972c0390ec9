"""CON-04: a process that is told to stop stops."""

from collections.abc import Iterator

from contract_tests.finding import Finding, Violation, Words
from contract_tests.outcome import Outcome, OutcomeStatus
from contract_tests.rules.base import samples
from contract_tests.rules.base.jobs import JobCalls, told_to_stop
from contract_tests.rules.base.rule import Grade, Origin, Rule
from contract_tests.trace import Ability, Exchange, Trace, is_shorter
from mock_server.core.client_plan import ClientPlan, Stop, StopBy
from mock_server.core.scenario import Scenario

# Containers are killed ten seconds after they were told; half of that leaves room for the rest.
_SECONDS = 5.0


class SignalStops(Rule):
    """After SIGTERM a client ends soon, and orders nothing more."""

    id = "signal-stops"
    number = "CON-04"
    title = "After SIGTERM, a client ends within five seconds and submits nothing more"
    grade = Grade.SHOULD
    origin = Origin.SAFETY
    why = (
        "Who sleeps through SIGTERM in a backoff is killed in the middle of something; who submits"
        " after it orders images that nobody will fetch."
    )
    source = "kit: docker stop and Kubernetes send SIGTERM and kill after 10 and 30 seconds"
    mend = (
        "Do not catch the signal and carry on; let it end the wait that is under way.",
        "Check for it before each submit, also inside a retry loop.",
    )
    needs = frozenset({Ability.SIGNALLED})
    is_ceiling = True

    def judge(self, trace: Trace) -> Finding:
        """Every job whose process was told to stop."""
        signalled = told_to_stop(trace, StopBy.SIGNAL)
        return self.judged(
            trace,
            chances=len(signalled),
            idle="no process was told to stop",
            violations=[
                one for job, stopped in signalled for one in _violations(trace, job, stopped)
            ],
        )

    @property
    def innocent(self) -> Trace:
        """An end within a second, in the middle of a backoff."""
        return _trace(samples.refused(1, 0), ended=3)

    @property
    def guilty(self) -> Trace:
        """One more order."""
        return _trace(samples.refused(1, 0), samples.submit(2, 4), ended=5)


def _trace(*calls: Exchange, ended: float) -> Trace:
    plan = ClientPlan(stop=Stop(StopBy.SIGNAL, 2))
    outcome = Outcome(OutcomeStatus.CANCELLED, exit_status=143)
    job = samples.done(outcome, ended, stopped=samples.START + 2)
    return samples.trace(*calls, jobs=(job,), scenario=Scenario(client=plan))


def _violations(trace: Trace, job: JobCalls, stopped: float) -> Iterator[Violation]:
    seconds = job.done.ended - stopped
    if job.outcome is None:
        yield Violation((), Words("it did not end by itself: it had to be killed"))
    elif is_shorter(_SECONDS + trace.timing.noise, seconds):
        yield Violation((), Words("it ended {seconds:.3f} s later", {"seconds": seconds}))
    slack = trace.timing.noise + trace.timing.grace
    for call in job.calls:
        if call.operation == "submit" and is_shorter(stopped + slack, call.started):
            facts = {"call": call.number, "seconds": call.started - stopped}
            words = "call {call} submitted {seconds:.3f} s after the signal"
            yield Violation((call.number,), Words(words, facts))
