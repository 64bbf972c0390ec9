"""The check ``first-poll``: a new task is left in peace for a while."""

from dataclasses import dataclass
from typing import ClassVar

from mock_server.core.finding import Finding, Words
from mock_server.core.trace import Trace
from mock_server.core.verification.check import Check
from mock_server.core.verification.floors import Wait, judge_waits


@dataclass(frozen=True, slots=True)
class FirstPoll(Check):
    """From the reply to a submit to the first poll of its task are at least so many seconds.

    Without ``at_least``, the profile's ``polling`` decides: less than ``floor`` fails, less than
    ``initial`` is against its advice.
    """

    id: ClassVar[str] = "first-poll"
    at_least: float | None = None

    def judge(self, trace: Trace) -> Finding:
        """The first poll of every task whose creation is in the trace."""
        floor = trace.polling.floor if self.at_least is None else self.at_least
        advised = trace.polling.initial if self.at_least is None else floor
        created = {one.task: one for one in trace.exchanges if one.created}
        waits = []
        for poll in trace.polls():
            submit = created.pop(poll.task, None)
            if submit is not None:
                seconds = poll.started - submit.replied
                waits.append(Wait(submit, poll, seconds, floor, advised))
        expected = Words(
            "at least {seconds:g} s before the first poll", {"seconds": max(floor, advised)}
        )
        return judge_waits(trace, self.id, expected, Words("no new task was polled"), waits)
