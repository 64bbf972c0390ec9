"""Limits of rate and number, on the session's clock, for each rule and each user."""

from collections import deque
from dataclasses import dataclass, field
from math import ceil

from mock_server.core.contract import LimitRule
from mock_server.core.script import Headers

TOKEN_BUCKET = "token_bucket"
SLIDING_WINDOW = "sliding_window"
IN_FLIGHT = "in_flight"
DAILY_CREDITS = "daily_credits"
DAY = 86_400


@dataclass(frozen=True, slots=True)
class Usage:
    """What a limit may count besides calls: tasks not yet at their end, credits to be paid."""

    in_flight: int = 0
    price: float = 0.0


CALLS = frozenset({TOKEN_BUCKET, SLIDING_WINDOW, IN_FLIGHT})
CREDITS = frozenset({DAILY_CREDITS})


@dataclass(frozen=True, slots=True)
class Admission:
    """Whether a call may pass one limit, with the numbers that its header fields tell.

    ``reset`` and ``retry_after`` are whole seconds from now, rounded up.
    """

    allowed: bool
    rule: LimitRule
    remaining: int
    reset: int
    retry_after: int = 0

    @property
    def headers(self) -> Headers:
        """The header fields of api limits, with Retry-After when the call was refused."""
        fields = (
            (b"x-ratelimit-limit", b"%d" % self.rule.capacity),
            (b"x-ratelimit-remaining", b"%d" % self.remaining),
            (b"x-ratelimit-reset", b"%d" % self.reset),
            (b"x-ratelimit-category", self.rule.category.encode()),
        )
        return fields if self.allowed else (*fields, (b"retry-after", b"%d" % self.retry_after))


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at: float


@dataclass(slots=True)
class Limiter:
    """The state of all limits of a session.

    A refused call costs nothing; an admitted one counts whatever becomes of it (REF rate limits:
    business failures consume allowance, 429s do not).
    """

    rules: tuple[LimitRule, ...]
    buckets: dict[tuple[int, str], _Bucket] = field(default_factory=dict)
    windows: dict[tuple[int, str], deque[float]] = field(default_factory=dict)
    days: dict[tuple[int, str], tuple[int, float]] = field(default_factory=dict)

    def applies_to(self, operation: str) -> bool:
        """Whether any rule looks at that operation."""
        return any(operation in rule.operations for rule in self.rules)

    def counts_tasks(self, operation: str) -> bool:
        """Whether a rule on that operation counts tasks in flight."""
        return any(r.kind == IN_FLIGHT and operation in r.operations for r in self.rules)

    def admit(
        self, operation: str, owner: str, now: float, usage: Usage, kinds: frozenset[str] = CALLS
    ) -> Admission | None:
        """The tightest admission, or the first refusal; None where no rule of these kinds applies.

        All rules must allow a call before any of them is charged for it.
        """
        places = [
            (i, rule)
            for i, rule in enumerate(self.rules)
            if operation in rule.operations and rule.kind in kinds
        ]
        found = [self._ask((i, owner), rule, now, usage) for i, rule in places]
        refused = next((admission for admission in found if not admission.allowed), None)
        if refused or not found:
            return refused
        for i, rule in places:
            self._count((i, owner), rule, now, usage)
        return min(found, key=lambda admission: admission.remaining)

    def _ask(self, at: tuple[int, str], rule: LimitRule, now: float, usage: Usage) -> Admission:
        if rule.kind == TOKEN_BUCKET:
            return self._ask_bucket(at, rule, now)
        if rule.kind == SLIDING_WINDOW:
            return self._ask_window(at, rule, now)
        if rule.kind == IN_FLIGHT:
            left = int(rule.capacity) - usage.in_flight
            return Admission(left > 0, rule, max(0, left - 1), 1, 1)
        return self._ask_day(at, rule, now, usage.price)

    def _ask_bucket(self, at: tuple[int, str], rule: LimitRule, now: float) -> Admission:
        tokens = self._tokens(at, rule, now)
        reset = ceil(round((rule.capacity - max(0.0, tokens - 1)) / rule.per_second, 9))
        if tokens >= 1:
            return Admission(True, rule, int(tokens - 1), reset)
        wait = ceil(round((1 - tokens) / rule.per_second, 9))
        return Admission(False, rule, 0, reset, max(1, wait))

    def _tokens(self, at: tuple[int, str], rule: LimitRule, now: float) -> float:
        bucket = self.buckets.get(at)
        if bucket is None:
            return rule.capacity
        tokens = bucket.tokens + max(0.0, now - bucket.at) * rule.per_second
        # Shares of a call that differ by what floats lose are the same share.
        return min(rule.capacity, round(tokens, 9))

    def _ask_window(self, at: tuple[int, str], rule: LimitRule, now: float) -> Admission:
        window = self.windows.setdefault(at, deque())
        while window and window[0] <= now - rule.window:
            window.popleft()
        left = int(rule.capacity) - len(window)
        reset = max(1, ceil(window[0] + rule.window - now)) if window else ceil(rule.window)
        return Admission(left > 0, rule, max(0, left - 1), reset, reset)

    def _ask_day(self, at: tuple[int, str], rule: LimitRule, now: float, price: float) -> Admission:
        day, spent = self.days.get(at, (0, 0.0))
        today = int(now // DAY)
        left = round(rule.capacity - (spent if day == today else 0.0) - price, 9)
        reset = max(1, ceil((today + 1) * DAY - now))
        return Admission(left >= 0, rule, max(0, int(left)), reset, reset)

    def _count(self, at: tuple[int, str], rule: LimitRule, now: float, usage: Usage) -> None:
        if rule.kind == TOKEN_BUCKET:
            self.buckets[at] = _Bucket(self._tokens(at, rule, now) - 1, now)
        elif rule.kind == SLIDING_WINDOW:
            self.windows[at].append(now)
        elif rule.kind == DAILY_CREDITS:
            today = int(now // DAY)
            day, spent = self.days.get(at, (0, 0.0))
            self.days[at] = (today, (spent if day == today else 0.0) + usage.price)
