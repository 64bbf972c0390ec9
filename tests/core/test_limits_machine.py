"""Limits agree with a slow model that keeps every call: never one too many, never one too few."""

from collections.abc import Iterator
from fractions import Fraction

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from mock_server.core.contract import LimitRule
from mock_server.core.limits import (
    CALLS,
    CREDITS,
    DAILY_CREDITS,
    DAY,
    IN_FLIGHT,
    SLIDING_WINDOW,
    TOKEN_BUCKET,
    Admission,
    Limiter,
    Usage,
)

START = Fraction(1_800_000_000)
# As people write them: what a float makes of 0.1 must not show.
RATES = ("0.1", "0.3", "0.7", "1", "5", "16.7", "50")
PRICES = ("0", "0.1", "0.2", "1", "2.5", "10")
OPERATIONS = ("submit", "status")
OWNERS = ("ann", "bob")

capacities = st.sampled_from((1, 2, 3, 5))
watched = st.sampled_from((("submit",), ("status",), OPERATIONS))
buckets = st.builds(
    lambda operations, capacity, rate: LimitRule(
        "bucket", operations, TOKEN_BUCKET, capacity, per_second=float(rate)
    ),
    watched,
    capacities,
    st.sampled_from(RATES),
)
windows = st.builds(
    lambda operations, capacity, length: LimitRule(
        "window", operations, SLIDING_WINDOW, capacity, window=length
    ),
    watched,
    capacities,
    st.sampled_from((0.25, 1, 10, 60)),
)
flights = st.builds(
    lambda operations, capacity: LimitRule("flight", operations, IN_FLIGHT, capacity),
    watched,
    capacities,
)
days = st.builds(
    lambda operations, capacity: LimitRule("day", operations, DAILY_CREDITS, capacity),
    watched,
    capacities,
)


def exact(number: float) -> Fraction:
    """The number as it was written."""
    return Fraction(str(number))


class Model:
    """One rule for one owner: all calls that it let pass, with their time and price."""

    def __init__(self, rule: LimitRule) -> None:
        self.rule = rule
        self.passed: list[tuple[Fraction, Fraction]] = []

    def left(self, now: Fraction, usage: Usage) -> Fraction:
        """How many more calls (or credits, this call's taken off) there is room for."""
        capacity = exact(self.rule.capacity)
        if self.rule.kind == TOKEN_BUCKET:
            return self._tokens(now)
        if self.rule.kind == SLIDING_WINDOW:
            return capacity - sum(at > now - exact(self.rule.window) for at, _ in self.passed)
        if self.rule.kind == IN_FLIGHT:
            return capacity - usage.in_flight
        spent = sum(price for at, price in self.passed if at // DAY == now // DAY)
        return capacity - spent - exact(usage.price)

    def allows(self, now: Fraction, usage: Usage) -> bool:
        """Whether one more call may pass."""
        return self.left(now, usage) >= (0 if self.rule.kind == DAILY_CREDITS else 1)

    def remaining(self, now: Fraction, usage: Usage) -> int:
        """What is left after a call that passes; 0 for one that does not."""
        taken = 0 if self.rule.kind == DAILY_CREDITS else 1
        return max(0, int(self.left(now, usage) - taken))

    def _tokens(self, now: Fraction) -> Fraction:
        capacity, rate = exact(self.rule.capacity), exact(self.rule.per_second)
        tokens, since = capacity, now
        for at, _ in self.passed:
            tokens = min(capacity, tokens + max(Fraction(0), at - since) * rate) - 1
            since = at
        return min(capacity, tokens + (now - since) * rate)


class Limits(RuleBasedStateMachine):
    """Two users call two operations under several limits, while time passes."""

    @initialize(rules=st.lists(buckets | windows | flights | days, min_size=1, max_size=3))
    def start(self, rules: list[LimitRule]) -> None:
        self.now = START
        self.limiter = Limiter(tuple(rules))
        self.models = {owner: [Model(rule) for rule in rules] for owner in OWNERS}

    @rule(quarters=st.integers(1, 60))
    def wait(self, quarters: int) -> None:
        self.now += Fraction(quarters, 4)

    @rule()
    def wait_for_tomorrow(self) -> None:
        self.now = Fraction((self.now // DAY + 1) * DAY)

    @rule(
        operation=st.sampled_from(OPERATIONS),
        owner=st.sampled_from(OWNERS),
        flying=st.integers(0, 4),
    )
    def call(self, operation: str, owner: str, flying: int) -> None:
        self._ask(operation, owner, Usage(in_flight=flying), CALLS)

    @rule(
        operation=st.sampled_from(OPERATIONS),
        owner=st.sampled_from(OWNERS),
        price=st.sampled_from(PRICES),
    )
    def pay(self, operation: str, owner: str, price: str) -> None:
        self._ask(operation, owner, Usage(price=float(price)), CREDITS)

    def _ask(self, operation: str, owner: str, usage: Usage, kinds: frozenset[str]) -> None:
        models = list(self._models(operation, owner, kinds))
        refusing = [model for model in models if not model.allows(self.now, usage)]
        told = self.limiter.admit(operation, owner, float(self.now), usage, kinds)
        if not models:
            assert told is None
            return
        assert told is not None
        assert told.allowed == (not refusing), (told, [m.left(self.now, usage) for m in models])
        if refusing:
            self._is_refused_rightly(told, refusing[0], usage)
            return
        assert told.remaining == min(model.remaining(self.now, usage) for model in models)
        for model in models:
            model.passed.append((self.now, exact(usage.price)))

    def _models(self, operation: str, owner: str, kinds: frozenset[str]) -> Iterator[Model]:
        for model in self.models[owner]:
            if operation in model.rule.operations and model.rule.kind in kinds:
                yield model

    def _is_refused_rightly(self, told: Admission, model: Model, usage: Usage) -> None:
        assert told.rule is model.rule
        assert told.remaining == 0
        assert told.retry_after >= 1
        if model.rule.kind in (TOKEN_BUCKET, SLIDING_WINDOW):
            # The first whole second at which there is room again, and not a second earlier.
            assert model.allows(self.now + told.retry_after, usage)
            assert told.retry_after == 1 or not model.allows(self.now + told.retry_after - 1, usage)
        if model.rule.kind == DAILY_CREDITS:
            assert (self.now + told.retry_after) // DAY == self.now // DAY + 1

    @invariant()
    def never_more_than_allowed_has_passed(self) -> None:
        for model in (model for models in self.models.values() for model in models):
            times = [at for at, _ in model.passed]
            for index, first in enumerate(times):
                for number, last in enumerate(times[index:], 1):
                    assert number <= most_between(model.rule, last - first)


def most_between(rule: LimitRule, seconds: Fraction) -> Fraction:
    """How many calls a rule allows at most from one call to another, so many seconds later."""
    capacity = exact(rule.capacity)
    if rule.kind == TOKEN_BUCKET:
        return capacity + seconds * exact(rule.per_second)
    if rule.kind == SLIDING_WINDOW:
        return capacity * (seconds // exact(rule.window) + 1)
    return Fraction(10**9)


TestLimits = Limits.TestCase
TestLimits.settings = settings(stateful_step_count=40)
