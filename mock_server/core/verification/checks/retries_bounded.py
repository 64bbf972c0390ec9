"""The check ``retries-bounded``: a client gives up in the end."""

from dataclasses import dataclass
from typing import ClassVar

from mock_server.core.finding import Finding, Near, Words
from mock_server.core.trace import Trace
from mock_server.core.verification.check import Check, Judgement, Violation
from mock_server.core.verification.runs import Run, runs_of
from mock_server.core.verification.statuses import StatusPattern


@dataclass(frozen=True, slots=True)
class RetriesBounded(Check):
    """A call that is refused again and again is repeated at most so many times.

    Without ``at_most``, the profile's ``backoff.retries_at_most``. ``statuses`` are refusals.
    """

    id: ClassVar[str] = "retries-bounded"
    operation: str | None = None
    statuses: tuple[StatusPattern, ...] = (429,)
    at_most: int | None = None

    def judge(self, trace: Trace) -> Finding:
        """Every run of refusals."""
        most = trace.backoff.retries_at_most if self.at_most is None else self.at_most
        calls = (one for one in trace.exchanges if self.operation in (None, one.operation))
        runs = runs_of(calls, self.statuses)
        longest = max(runs, key=lambda run: run.retries, default=None)
        return Judgement(
            rule=self.id,
            expected=Words("at most {at_most} retries", {"at_most": most}),
            idle=Words("no call was refused"),
            chances=len(runs),
            violations=[Violation(run.numbers, _seen(run)) for run in runs if run.retries > most],
            near=Near(longest.numbers[-1], _seen(longest)) if longest else None,
        ).finding(trace)


def _seen(run: Run) -> Words:
    facts = {"retries": run.retries, "first": run.numbers[0]}
    return Words("{retries} retries after call {first}", facts)
