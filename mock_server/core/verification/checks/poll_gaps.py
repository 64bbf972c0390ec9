"""The check ``poll-gaps``: polls of a task keep their distance."""

from dataclasses import dataclass
from typing import ClassVar

from mock_server.core.finding import Finding, Words
from mock_server.core.trace import Trace, by_call, gaps
from mock_server.core.verification.check import Check
from mock_server.core.verification.floors import Wait, judge_waits


@dataclass(frozen=True, slots=True)
class PollGaps(Check):
    """From the start of a poll to that of the next one of its task are at least so many seconds.

    Without ``at_least``, the profile's ``polling`` decides: less than ``floor`` fails, less than
    ``interval`` is against its advice.
    """

    id: ClassVar[str] = "poll-gaps"
    at_least: float | None = None

    def judge(self, trace: Trace) -> Finding:
        """Every gap between two polls of one task."""
        floor = trace.polling.floor if self.at_least is None else self.at_least
        advised = trace.polling.interval if self.at_least is None else floor
        found = (gap for polls in by_call(trace.polls()).values() for gap in gaps(polls))
        waits = (Wait(gap.before, gap.after, gap.seconds, floor, advised) for gap in found)
        expected = Words("at least {seconds:g} s between polls", {"seconds": max(floor, advised)})
        return judge_waits(trace, self.id, expected, Words("no task was polled twice"), waits)
