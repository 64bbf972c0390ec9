"""Limits of rate and number, on the session's clock, for each rule and each user."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from math import ceil
from typing import NamedTuple, TypeAlias

from mock_server.core.contract import LimitRule
from mock_server.core.script import Headers

TOKEN_BUCKET = "token_bucket"
SLIDING_WINDOW = "sliding_window"
IN_FLIGHT = "in_flight"
DAILY_CREDITS = "daily_credits"
DAY = 86_400
# Shares of a call (and seconds) that differ by what floats lose are the same.
_LOST = 1e-9


class Usage(NamedTuple):
    """What a limit may count besides calls: tasks not yet at their end, credits to be paid."""

    in_flight: int = 0
    price: float = 0.0


CALLS = frozenset({TOKEN_BUCKET, SLIDING_WINDOW, IN_FLIGHT})
CREDITS = frozenset({DAILY_CREDITS})


# The journal keeps a great many replies; what is equal in them is kept once.
@lru_cache(maxsize=4096)
def _fields(capacity: float, remaining: int, reset: int, category: str) -> Headers:
    return (
        (b"x-ratelimit-limit", b"%d" % capacity),
        (b"x-ratelimit-remaining", b"%d" % remaining),
        (b"x-ratelimit-reset", b"%d" % reset),
        (b"x-ratelimit-category", category.encode()),
    )


class Admission(NamedTuple):
    """Whether a call may pass one limit, with the numbers that its header fields tell.

    ``reset`` and ``retry_after`` are whole seconds from now, rounded up; ``tokens`` are what a
    bucket then holds.
    """

    allowed: bool
    rule: LimitRule
    remaining: int
    reset: int
    retry_after: int = 0
    tokens: float = 0.0

    @property
    def headers(self) -> Headers:
        """The header fields of api limits, with Retry-After when the call was refused."""
        fields = _fields(self.rule.capacity, self.remaining, self.reset, self.rule.category)
        return fields if self.allowed else (*fields, (b"retry-after", b"%d" % self.retry_after))


Bucket: TypeAlias = tuple[float, float]
"""How many calls there was room for, and when that was."""

_At: TypeAlias = tuple[int, str]
"""The number of a rule, and who is calling."""

_Ask: TypeAlias = Callable[["Limiter", _At, LimitRule, float, Usage], Admission]
_Places: TypeAlias = tuple[tuple[int, LimitRule, _Ask], ...]


@dataclass(slots=True)
class Limiter:
    """The state of all limits of a session.

    A refused call costs nothing; an admitted one counts whatever becomes of it (REF rate limits:
    business failures consume allowance, 429s do not). ``counting`` names the operations on which a
    rule counts tasks in flight.
    """

    rules: tuple[LimitRule, ...]
    buckets: dict[_At, Bucket] = field(default_factory=dict)
    windows: dict[_At, deque[float]] = field(default_factory=dict)
    days: dict[_At, tuple[int, float]] = field(default_factory=dict)
    counting: frozenset[str] = field(init=False, repr=False, compare=False)
    _places: dict[tuple[str, frozenset[str]], _Places] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        counting = [rule.operations for rule in self.rules if rule.kind == IN_FLIGHT]
        self.counting = frozenset().union(*counting)

    def applies_to(self, operation: str) -> bool:
        """Whether any rule looks at that operation."""
        return any(operation in rule.operations for rule in self.rules)

    def admit(
        self, operation: str, owner: str, now: float, usage: Usage, kinds: frozenset[str] = CALLS
    ) -> Admission | None:
        """The tightest admission, or the first refusal; None where no rule of these kinds applies.

        All rules must allow a call before any of them is charged for it.
        """
        places = self._places.get((operation, kinds))
        if places is None:
            places = self._places[operation, kinds] = self._places_of(operation, kinds)
        tightest: Admission | None = None
        found = []
        for index, rule, ask in places:
            at = (index, owner)
            admission = ask(self, at, rule, now, usage)
            if not admission.allowed:
                return admission
            if tightest is None or admission.remaining < tightest.remaining:
                tightest = admission
            found.append((at, admission))
        for at, admission in found:
            if admission.rule.kind == TOKEN_BUCKET:
                self.buckets[at] = (admission.tokens, now)
            else:
                self._count(at, admission.rule, now, usage)
        return tightest

    def _places_of(self, operation: str, kinds: frozenset[str]) -> _Places:
        """The rules of these kinds that look at an operation: number, rule and how it is asked."""
        return tuple(
            (i, rule, _ASK[rule.kind])
            for i, rule in enumerate(self.rules)
            if operation in rule.operations and rule.kind in kinds
        )

    def _ask_tasks(self, at: _At, rule: LimitRule, now: float, usage: Usage) -> Admission:
        left = int(rule.capacity) - usage.in_flight
        return Admission(left > 0, rule, max(0, left - 1), 1, 1)

    def _ask_bucket(self, at: _At, rule: LimitRule, now: float, usage: Usage) -> Admission:
        capacity, rate, bucket = rule.capacity, rule.per_second, self.buckets.get(at)
        tokens = capacity
        if bucket is not None:
            tokens, since = bucket
            passed = now - since
            tokens += passed * rate if passed > 0 else 0.0
            tokens = tokens if tokens < capacity else capacity
        left = tokens - 1 if tokens > 1 else 0.0
        reset = ceil((capacity - left) / rate - _LOST)
        if tokens >= 1 - _LOST:
            return Admission(True, rule, int(left + _LOST), reset, 0, left)
        return Admission(False, rule, 0, reset, max(1, ceil((1 - tokens) / rate - _LOST)))

    def _ask_window(self, at: _At, rule: LimitRule, now: float, usage: Usage) -> Admission:
        window = self.windows.setdefault(at, deque())
        while window and window[0] <= now - rule.window:
            window.popleft()
        left = int(rule.capacity) - len(window)
        reset = max(1, ceil(window[0] + rule.window - now)) if window else ceil(rule.window)
        return Admission(left > 0, rule, max(0, left - 1), reset, reset)

    def _ask_day(self, at: _At, rule: LimitRule, now: float, usage: Usage) -> Admission:
        day, spent = self.days.get(at, (0, 0.0))
        today = int(now // DAY)
        left = round(rule.capacity - (spent if day == today else 0.0) - usage.price, 9)
        reset = max(1, ceil((today + 1) * DAY - now))
        return Admission(left >= 0, rule, max(0, int(left)), reset, reset)

    def _count(self, at: _At, rule: LimitRule, now: float, usage: Usage) -> None:
        if rule.kind == SLIDING_WINDOW:
            self.windows[at].append(now)
        elif rule.kind == DAILY_CREDITS:
            today = int(now // DAY)
            day, spent = self.days.get(at, (0, 0.0))
            self.days[at] = (today, (spent if day == today else 0.0) + usage.price)


_ASK: dict[str, _Ask] = {
    TOKEN_BUCKET: Limiter._ask_bucket,
    SLIDING_WINDOW: Limiter._ask_window,
    IN_FLIGHT: Limiter._ask_tasks,
    DAILY_CREDITS: Limiter._ask_day,
}
