"""The check ``in-flight``: not too much is asked at the same time."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from typing import ClassVar

from mock_server.core.exchange import Exchange
from mock_server.core.finding import Finding, Near, Words
from mock_server.core.trace import Trace, is_shorter
from mock_server.core.verification.check import Check, ExpectationError, Judgement, Violation


@dataclass(frozen=True, slots=True)
class InFlight(Check):
    """At most so many calls wait for their replies at the same time.

    Counted for each task by itself, or with ``per: session`` all together. It takes replies that
    are held back (by ``delay``, ``stall``, ``drip``) to show more than one. Raises
    :class:`ExpectationError` for another word.
    """

    id: ClassVar[str] = "in-flight"
    operation: str | None = None
    per: str = "task"
    at_most: int = 1

    def __post_init__(self) -> None:
        if self.per not in ("task", "session"):
            raise ExpectationError("in-flight", "per task or session", repr(self.per))

    def judge(self, trace: Trace) -> Finding:
        """The most that were under way at any time, task by task."""
        calls = [one for one in trace.exchanges if self.operation in (None, one.operation)]
        crowds = [_largest_crowd(group) for group in self._groups(calls)]
        largest = max(crowds, key=len, default=())
        facts = {"at_most": self.at_most, "per": self.per}
        return Judgement(
            rule=self.id,
            expected=Words("at most {at_most} calls of a {per} under way at a time", facts),
            idle=Words("no reply was held back"),
            chances=sum(one.total_wait > 0 for one in calls),
            violations=[Violation(one, _seen(one)) for one in crowds if len(one) > self.at_most],
            near=Near(largest[-1], _seen(largest)) if largest else None,
        ).finding(trace)

    def _groups(self, calls: Sequence[Exchange]) -> Iterable[Sequence[Exchange]]:
        if self.per == "session":
            return [calls]
        found: dict[Hashable, list[Exchange]] = {}
        for call in calls:
            found.setdefault(call.task or call.call, []).append(call)
        return found.values()


def _largest_crowd(calls: Sequence[Exchange]) -> tuple[int, ...]:
    """The numbers of the calls under way when the most were, at the earliest such moment."""
    ends: list[float] = []
    largest, place = 0, 0
    for index, call in enumerate(calls):
        while ends and not is_shorter(call.started, ends[0]):
            heappop(ends)
        heappush(ends, call.completed)
        if len(ends) > largest:
            largest, place = len(ends), index
    return tuple(
        call.number
        for index, call in enumerate(calls[: place + 1])
        if index == place or is_shorter(calls[place].started, call.completed)
    )


def _seen(crowd: tuple[int, ...]) -> Words:
    facts = {"count": len(crowd), "call": crowd[-1]}
    return Words("{count} under way when call {call} began", facts)
