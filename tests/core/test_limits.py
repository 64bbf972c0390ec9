"""What each kind of limit counts, and what its header fields tell."""

import pytest

from mock_server.core.contract import LimitRule
from mock_server.core.limits import (
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

NOW = 1_800_000_000.0
CALL = Usage()


def bucket(capacity: float, per_second: float, *operations: str) -> LimitRule:
    return LimitRule("calls", operations or ("submit",), TOKEN_BUCKET, capacity, per_second)


def window(capacity: float, seconds: float) -> LimitRule:
    return LimitRule("minute", ("submit",), SLIDING_WINDOW, capacity, window=seconds)


def admit(limiter: Limiter, at: float = 0.0, usage: Usage = CALL) -> Admission:
    found = limiter.admit("submit", "ann", NOW + at, usage)
    assert found is not None
    return found


def test_a_full_bucket_lets_its_capacity_pass_at_once_and_no_more() -> None:
    limiter = Limiter((bucket(3, 1),))
    assert [admit(limiter).allowed for _ in range(5)] == [True, True, True, False, False]


def test_a_bucket_fills_at_its_rate_and_never_beyond_its_capacity() -> None:
    limiter = Limiter((bucket(2, 0.5),))
    first = [admit(limiter).allowed for _ in range(3)]
    later = [admit(limiter, at=2).allowed for _ in range(2)]
    much_later = [admit(limiter, at=9_000).allowed for _ in range(3)]
    assert (first, later, much_later) == ([True, True, False], [True, False], [True, True, False])


def test_shares_of_a_call_add_up_to_whole_calls() -> None:
    # 2 - 2 + 4 * 0.3 - 1 + 3 * 0.3 - 1 + 3 * 0.3 is 1, whatever floating point makes of it.
    limiter = Limiter((bucket(2, 0.3),))
    assert [admit(limiter, at=at).allowed for at in (0, 0, 4, 7, 10)] == [True] * 5


def test_credits_of_a_day_add_up_to_what_is_allowed() -> None:
    limiter = Limiter((LimitRule("day", ("submit",), DAILY_CREDITS, 3),))
    prices = (0.1, 2.5, 0.2, 0.2)
    found = [limiter.admit("submit", "ann", NOW, Usage(price=p), CREDITS) for p in prices]
    assert [admission and admission.allowed for admission in found] == [True] * 4


def test_a_clock_that_is_set_back_gives_nothing_and_takes_nothing() -> None:
    limiter = Limiter((bucket(2, 1),))
    assert [admit(limiter, at=at).allowed for at in (0, 0, -50, 0)] == [True, True, False, False]


def test_a_sliding_window_counts_the_calls_of_its_last_seconds() -> None:
    limiter = Limiter((window(2, 10),))
    allowed = [admit(limiter, at=at).allowed for at in (0, 4, 9.75, 10, 13.75, 14)]
    assert allowed == [True, True, False, True, False, True]


def test_tasks_in_flight_are_counted_by_whoever_asks() -> None:
    limiter = Limiter((LimitRule("tasks", ("submit",), IN_FLIGHT, 2),))
    found = [admit(limiter, usage=Usage(in_flight=flying)) for flying in (0, 1, 2, 1)]
    assert [admission.allowed for admission in found] == [True, True, False, True]
    assert [admission.remaining for admission in found] == [1, 0, 0, 0]


def test_daily_credits_start_anew_at_midnight() -> None:
    limiter = Limiter((LimitRule("day", ("submit",), DAILY_CREDITS, 20),))
    midnight = (NOW // DAY + 1) * DAY

    def pay(at: float) -> bool:
        found = limiter.admit("submit", "ann", at, Usage(price=10), CREDITS)
        assert found is not None
        return found.allowed

    assert [pay(midnight - 3), pay(midnight - 2), pay(midnight - 1)] == [True, True, False]
    assert [pay(midnight), pay(midnight), pay(midnight)] == [True, True, False]


def test_each_user_has_an_allowance_of_their_own() -> None:
    limiter = Limiter((bucket(1, 1),))
    found = [limiter.admit("submit", owner, NOW, CALL) for owner in ("ann", "bob", "ann")]
    assert [admission and admission.allowed for admission in found] == [True, True, False]


def test_an_operation_that_no_rule_names_is_not_limited() -> None:
    limiter = Limiter((bucket(1, 1),))
    assert [limiter.admit("status", "ann", NOW, CALL) for _ in range(3)] == [None] * 3
    assert limiter.applies_to("submit")
    assert not limiter.applies_to("status")


def test_credits_and_calls_are_asked_for_one_after_the_other() -> None:
    limiter = Limiter((LimitRule("day", ("submit",), DAILY_CREDITS, 20),))
    assert limiter.admit("submit", "ann", NOW, CALL) is None
    assert limiter.counting == set()
    assert Limiter((LimitRule("tasks", ("submit",), IN_FLIGHT, 2),)).counting == {"submit"}


def test_a_call_that_one_rule_refuses_costs_nothing_at_the_others() -> None:
    limiter = Limiter((bucket(2, 0.001), window(1, 10)))
    assert [admit(limiter, at=at).allowed for at in (0, 1, 2, 10)] == [True, False, False, True]
    refused = admit(limiter, at=20)
    assert (refused.allowed, refused.rule.kind) == (False, TOKEN_BUCKET)


def test_the_rule_with_the_least_left_tells_the_header_fields() -> None:
    limiter = Limiter((bucket(50, 5), window(2, 10)))
    assert admit(limiter).headers == (
        (b"x-ratelimit-limit", b"2"),
        (b"x-ratelimit-remaining", b"1"),
        (b"x-ratelimit-reset", b"10"),
        (b"x-ratelimit-category", b"minute"),
    )


def test_a_refusal_tells_when_to_come_back() -> None:
    limiter = Limiter((bucket(1, 0.3),))
    admit(limiter)
    assert admit(limiter).headers == (
        (b"x-ratelimit-limit", b"1"),
        (b"x-ratelimit-remaining", b"0"),
        (b"x-ratelimit-reset", b"4"),
        (b"x-ratelimit-category", b"calls"),
        (b"retry-after", b"4"),
    )


def test_retry_after_is_never_less_than_a_second() -> None:
    limiter = Limiter((bucket(1, 1000), window(1, 0.25)))
    admit(limiter)
    assert admit(limiter).retry_after == 1
    assert Limiter((window(1, 0.25),)).admit("submit", "ann", NOW, CALL) is not None


@pytest.mark.parametrize(
    ("rule", "reset"),
    [(bucket(4, 2), 1), (window(4, 60), 60), (LimitRule("t", ("submit",), IN_FLIGHT, 4), 1)],
)
def test_the_reset_of_a_first_call_is_when_the_full_allowance_is_back(
    rule: LimitRule, reset: int
) -> None:
    admission = admit(Limiter((rule,)))
    assert (admission.remaining, admission.reset) == (3, reset)
