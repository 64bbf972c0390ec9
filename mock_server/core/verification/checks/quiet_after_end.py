"""The check ``quiet-after-end``: a task that is over is not asked for again."""

from dataclasses import dataclass
from typing import ClassVar

from mock_server.core.exchange import Exchange
from mock_server.core.finding import Finding, Words
from mock_server.core.trace import Trace, by_call
from mock_server.core.verification.check import Check, Judgement
from mock_server.core.verification.quiet import broken_quiet, quiet_time_left
from mock_server.core.verification.scopes import followed


@dataclass(frozen=True, slots=True)
class QuietAfterEnd(Check):
    """No poll follows a reply that told its caller that the task succeeded or failed.

    The check has only passed when ``quiet_for`` seconds have gone by since.
    """

    id: ClassVar[str] = "quiet-after-end"
    quiet_for: float = 0.0

    def judge(self, trace: Trace) -> Finding:
        """The polls after the end, task by task."""
        polls = by_call(trace.polls()).values()
        ends = [end for end in (followed(one, _says_end) for one in polls) if end is not None]
        return Judgement(
            rule=self.id,
            expected=Words("no poll after the end of its task was told"),
            idle=Words("nobody was told of the end of a task"),
            chances=len(ends),
            violations=broken_quiet(ends, "polled again in call {call}, {seconds:.3f} s after"),
            pending=quiet_time_left(trace, ends, self.quiet_for),
        ).finding(trace)


def _says_end(poll: Exchange) -> bool:
    return poll.says_end
