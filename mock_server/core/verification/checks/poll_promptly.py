"""The check ``poll-promptly``: while all goes well, a task is not forgotten."""

from dataclasses import dataclass
from typing import ClassVar

from mock_server.core.exchange import Exchange
from mock_server.core.finding import Finding, Near, Words
from mock_server.core.trace import Gap, Trace, by_call, gaps, is_shorter
from mock_server.core.verification.check import Check, Judgement, Violation


@dataclass(frozen=True, slots=True)
class PollPromptly(Check):
    """From a poll's reply to the next poll are at most so many seconds.

    Without ``at_most``, the profile's ``polling.ceiling``. Only waits after a reply that told the
    caller that its task goes on are measured: errors and faults have waits of their own.
    """

    id: ClassVar[str] = "poll-promptly"
    at_most: float | None = None

    def judge(self, trace: Trace) -> Finding:
        """Every gap between two polls of one task of which the first one went well."""
        most = trace.polling.ceiling if self.at_most is None else self.at_most
        found = (gap for polls in by_call(trace.polls()).values() for gap in gaps(polls))
        measured = [(_wait(gap), gap) for gap in found if _went_well(gap.before)]
        late = [(wait, gap) for wait, gap in measured if is_shorter(most, wait)]
        longest = max(measured, key=lambda pair: pair[0], default=None)
        return Judgement(
            rule=self.id,
            expected=Words("at most {seconds:g} s between polls", {"seconds": most}),
            idle=Words("no poll followed one that went well"),
            chances=len(measured),
            violations=[Violation(_numbers(gap), _seen(wait, gap)) for wait, gap in late],
            near=Near(longest[1].after.number, _seen(*longest)) if longest else None,
        ).finding(trace)


def _went_well(poll: Exchange) -> bool:
    is_under_way = poll.phase is not None and not poll.phase.is_terminal
    return is_under_way and poll.told and poll.fault is None


def _wait(gap: Gap) -> float:
    return gap.after.started - gap.before.completed


def _numbers(gap: Gap) -> tuple[int, int]:
    return gap.before.number, gap.after.number


def _seen(wait: float, gap: Gap) -> Words:
    before, after = _numbers(gap)
    facts = {"seconds": wait, "before": before, "after": after}
    return Words("{seconds:.3f} s from call {before} to call {after}", facts)
