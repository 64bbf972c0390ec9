"""SEC-03: the key is not shown to whoever reads along."""

from collections.abc import Iterator

from contract_tests.finding import Finding, Verdict, Violation, Words
from contract_tests.rules.base import samples
from contract_tests.rules.base.key import is_told
from contract_tests.rules.base.rule import Grade, Origin, Rule
from contract_tests.trace import Ability, Done, Trace

_SPEAKS = frozenset({Ability.REPORTS, Ability.PRINTS})


class KeyNotPrinted(Rule):
    """Output, error texts and reports do not have the key in them."""

    id = "key-not-printed"
    number = "SEC-03"
    title = "The API key is in no output, no error text and no report"
    grade = Grade.MUST
    origin = Origin.SAFETY
    why = "Error texts are pasted into tickets and logs of builds, and with them the key."
    source = "the kit; OWASP Logging Cheat Sheet: access tokens are never logged"
    mend = (
        "Do not put requests, their headers or whole configurations into error texts.",
        "Where a key has to be told from another, show its last four characters.",
    )

    def judge(self, trace: Trace) -> Finding:
        """All that each job let out; only trouble shows how careful a client is."""
        if not trace.abilities & _SPEAKS:
            return self.verdict(Verdict.NOT_APPLICABLE, Words("the client: nothing is heard of it"))
        leaks = [
            (done, place)
            for done in trace.jobs
            for place, text in _texts(done)
            if is_told(text, trace.secrets)
        ]
        return self.judged(
            trace,
            chances=len(trace.jobs) if _had_trouble(trace) else 0,
            idle="nothing went wrong that could have made it talk",
            violations=[
                Violation(
                    (),
                    Words(
                        "the key of job {job} is in its {place}",
                        {"job": done.job.id, "place": place},
                    ),
                )
                for done, place in leaks
            ],
        )

    @property
    def innocent(self) -> Trace:
        """A refused key is named by its end."""
        told = samples.failed("e401", f"the key ...{samples.KEY[-4:]} was refused")
        return samples.trace(samples.refused(1, 0, 401), outcome=told)

    @property
    def guilty(self) -> Trace:
        """It is named in full."""
        told = samples.failed("e401", f"the key {samples.KEY} was refused")
        return samples.trace(samples.refused(1, 0, 401), outcome=told)


def _texts(done: Done) -> Iterator[tuple[str, str]]:
    """What was let out, by the place where it stands."""
    yield "output beside the outcome", done.printed
    if done.outcome is not None:
        yield "standard output", done.outcome.stdout
        yield "standard error", done.outcome.stderr
        yield "error text", f"{done.outcome.code} {done.outcome.message}"
        yield "report", " ".join((str(done.outcome.task_id), *done.outcome.urls))


def _had_trouble(trace: Trace) -> bool:
    """Whether a job broke down, or a call was turned down or met a fault."""
    raised = any(done.raised is not None for done in trace.jobs)
    calls = trace.calls.exchanges
    return raised or any((one.heard_status or 500) >= 400 or one.fault is not None for one in calls)
