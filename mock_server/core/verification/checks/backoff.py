"""The check ``backoff``: who is refused waits, and longer each time."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar

from mock_server.core.finding import Finding, Words
from mock_server.core.trace import Trace
from mock_server.core.verification.check import Check
from mock_server.core.verification.floors import Wait, judge_waits
from mock_server.core.verification.runs import Run, runs_of
from mock_server.core.verification.statuses import StatusPattern, shown


@dataclass(frozen=True, slots=True)
class Backoff(Check):
    """After the first, second, third refusal in a row, the same call waits so many seconds.

    ``at_least`` names them (without it, the profile's ``backoff.steps``), and the last one goes on
    counting. ``statuses`` are refusals. A shorter Retry-After in the refusal permits to come back
    then.
    """

    id: ClassVar[str] = "backoff"
    operation: str | None = None
    statuses: tuple[StatusPattern, ...] = (429,)
    at_least: tuple[float, ...] | None = None

    def judge(self, trace: Trace) -> Finding:
        """Every wait after a refusal."""
        steps = self.at_least or trace.backoff.steps
        calls = (one for one in trace.exchanges if self.operation in (None, one.operation))
        runs = runs_of(calls, self.statuses)
        waits = (wait for run in runs for wait in _waits(run, steps, bool(trace.dropped)))
        facts = {"steps": "/".join(f"{one:g}" for one in steps), "statuses": shown(self.statuses)}
        expected = Words("at least {steps} s after {statuses}", facts)
        return judge_waits(trace, self.id, expected, Words("no refused call was repeated"), waits)


def _waits(run: Run, steps: tuple[float, ...], has_dropped: bool) -> Iterator[Wait]:
    for index, (before, after) in enumerate(pairwise(run.attempts)):
        due = steps[min(index, len(steps) - 1) :]
        # Where earlier refusals may be missing, this one may be any of the later ones.
        least = min(due) if has_dropped and not run.is_whole else due[0]
        asked = before.retry_after
        least = least if asked is None else min(least, asked)
        yield Wait(before, after, after.started - before.replied, least)
