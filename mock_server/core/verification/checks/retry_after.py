"""The check ``retry-after``: nobody comes back before the time that the server named."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from mock_server.core.exchange import Exchange
from mock_server.core.finding import Finding, Words
from mock_server.core.trace import Trace, is_shorter
from mock_server.core.verification.check import Check
from mock_server.core.verification.floors import Wait, judge_waits
from mock_server.core.verification.scopes import Scope, by_scope, read_scope


@dataclass(frozen=True, slots=True)
class RetryAfter(Check):
    """No call within the seconds, or before the date, of a Retry-After.

    ``scope`` says which calls it holds for. A wait longer than ``at_most`` seconds (without it, the
    profile's ``polling.max_wait``) is asked of nobody. Raises :class:`ExpectationError` for an
    unknown scope.
    """

    id: ClassVar[str] = "retry-after"
    scope: str = Scope.CALL.value
    at_most: float | None = None

    def __post_init__(self) -> None:
        read_scope(self.id, self.scope)

    def judge(self, trace: Trace) -> Finding:
        """Every reply that named a time, and the first call after it."""
        most = trace.polling.max_wait if self.at_most is None else self.at_most
        asked = {
            one.number: seconds
            for one in trace.exchanges
            if one.heard_status is not None
            and (seconds := one.retry_after) is not None
            and seconds <= most
        }
        scopes = by_scope(trace.exchanges, Scope(self.scope)).values()
        waits = [wait for calls in scopes for wait in _waits(calls, asked)]
        unanswered = len(asked.keys() - {wait.before.number for wait in waits})
        expected = Words("no call before Retry-After has passed")
        idle = Words("no Retry-After was served that could be kept")
        return judge_waits(trace, self.id, expected, idle, waits, kept=unanswered)


def _waits(calls: tuple[Exchange, ...], asked: dict[int, float]) -> Iterator[Wait]:
    """From the reply that asks to wait longest to every call within that time and the next one."""
    unknown: list[Exchange] = []
    known: Exchange | None = None
    for call in calls:
        heard = [one for one in unknown if not is_shorter(call.started, one.replied)]
        unknown = [one for one in unknown if is_shorter(call.started, one.replied)]
        waiting = [*heard, known] if known else heard
        known = max(waiting, key=lambda one: one.replied + asked[one.number], default=None)
        if known is not None:
            wait = Wait(known, call, call.started - known.replied, asked[known.number])
            yield wait
            known = known if is_shorter(wait.seconds, wait.least) else None
        if call.number in asked:
            unknown.append(call)
