"""The check ``retries-enough``: a client does not give up too soon."""

from dataclasses import dataclass
from typing import ClassVar

from mock_server.core.finding import Finding, Near, Words
from mock_server.core.trace import Trace
from mock_server.core.verification.check import Check, Judgement, Violation
from mock_server.core.verification.runs import Run, runs_of
from mock_server.core.verification.statuses import StatusPattern


@dataclass(frozen=True, slots=True)
class RetriesEnough(Check):
    """A call that is refused again and again is repeated at least so often, or until it is not.

    Without ``at_least``, the profile's ``backoff.retries_at_least``. ``statuses`` are refusals.
    """

    id: ClassVar[str] = "retries-enough"
    operation: str | None = None
    statuses: tuple[StatusPattern, ...] = (429,)
    at_least: int | None = None

    def judge(self, trace: Trace) -> Finding:
        """Every run of refusals."""
        least = trace.backoff.retries_at_least if self.at_least is None else self.at_least
        calls = (one for one in trace.exchanges if self.operation in (None, one.operation))
        runs = runs_of(calls, self.statuses)
        given_up = [run for run in runs if run.ends_refused]
        fewest = min(given_up, key=lambda run: run.retries, default=None)
        broken = [Violation(run.numbers, _seen(run)) for run in given_up if run.retries < least]
        return Judgement(
            rule=self.id,
            expected=Words("at least {at_least} retries", {"at_least": least}),
            idle=Words("no call was refused"),
            chances=len(runs),
            violations=broken,
            near=Near(fewest.numbers[-1], _seen(fewest)) if fewest else None,
            needs_all=True,
        ).finding(trace)

    def is_settled(self, finding: Finding) -> bool:
        """The next attempt can still come."""
        return False


def _seen(run: Run) -> Words:
    facts = {"retries": run.retries, "first": run.numbers[0]}
    return Words("given up after {retries} retries of call {first}", facts)
