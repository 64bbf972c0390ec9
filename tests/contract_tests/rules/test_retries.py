"""The rules RET-04 to RET-06: what is tried again, and how often."""

from typing import Any

import pytest

from contract_tests.finding import Verdict
from contract_tests.outcome import Outcome, OutcomeStatus
from contract_tests.rules.base import samples
from contract_tests.trace import Exchange, Trace
from tests.contract_tests.rules.judged import FAILED, IDLE, OPEN, PASSED, seen, verdict
from tests.contract_tests.rules.retrying import (
    FAILURE,
    LEFT_EARLY,
    MOST,
    SUBMIT,
    SUCCESS,
    given_up,
    jobs,
    polled,
    polls,
    refusals,
    stopped,
    upload,
)


@pytest.mark.parametrize(
    "times", [(0,), (0, 1), (0, 1, 3)], ids=["at once", "after one retry", "after two"]
)
def test_an_order_that_is_given_up_too_soon_fails(times: tuple[float, ...]) -> None:
    trace = given_up(*refusals(*times))
    assert verdict("retry-429-submit", trace) is FAILED
    assert f"after {len(times) - 1} retries" in seen("retry-429-submit", trace)


@pytest.mark.parametrize(
    "calls",
    [
        refusals(0, 1, 3, 7),
        [*refusals(0), samples.submit(2, 1)],
        # All trouble counts together; other ends are other rules' business.
        [samples.refused(1, 0, None), *[samples.refused(n, n, 429) for n in (2, 3, 4)]],
        [*refusals(0), samples.refused(2, 1, 400)],
        [*refusals(0), samples.refused(2, 1, None)],
    ],
)
def test_an_order_that_was_tried_often_enough_passes(calls: list[Exchange]) -> None:
    assert verdict("retry-429-submit", given_up(*calls)) is PASSED


@pytest.mark.parametrize(
    "facts",
    [
        stopped(Outcome(OutcomeStatus.CANCELLED)),
        # Still at it when the story ended.
        {"jobs": (samples.done(None),)},
        {"jobs": ()},
        # Its time was up.
        {"jobs": (samples.done(FAILURE, started=samples.START - 115),)},
        {"gives_up_after": 5.0},
    ],
)
def test_who_could_not_go_on_has_not_given_up(facts: dict[str, Any]) -> None:
    usual = {} if "jobs" in facts else {"outcome": FAILURE}
    trace = samples.trace(*refusals(0, 1), **{**usual, **facts})
    assert verdict("retry-429-submit", trace) is IDLE


def test_a_wait_that_is_longer_than_the_job_may_last_is_not_asked_of_anyone() -> None:
    assert verdict("retry-429-submit", given_up(*refusals(0, **samples.after(3600)))) is IDLE
    assert verdict("retry-429-submit", given_up(*refusals(0, **samples.after(7)))) is FAILED


@pytest.mark.parametrize("facts", [{"jobs": ()}, {"jobs": (samples.done(None),)}])
def test_a_long_silence_is_giving_up(facts: dict[str, Any]) -> None:
    trace = samples.trace(*refusals(0), taken=samples.BACKOFF.cap + 1, **facts)
    assert verdict("retry-429-submit", trace) is FAILED


def test_an_exception_is_giving_up() -> None:
    done = samples.done(None, raised="httpx.HTTPStatusError")
    assert verdict("retry-429-submit", samples.trace(*refusals(0), jobs=(done,))) is FAILED


@pytest.mark.parametrize(("count", "expected"), [(7, FAILED), (8, PASSED)])
def test_two_jobs_try_twice_as_often(count: int, expected: Verdict) -> None:
    trace = samples.trace(*refusals(*range(count)), **jobs(2))
    assert verdict("retry-429-submit", trace) is expected


def test_a_job_that_was_accepted_has_not_given_up() -> None:
    calls = [*refusals(0, 1), samples.submit(3, 1)]
    assert verdict("retry-429-submit", samples.trace(*calls, **jobs(2, SUCCESS))) is PASSED
    calls += [samples.refused(4, 2)]
    assert verdict("retry-429-submit", samples.trace(*calls, **jobs(2))) is FAILED


def test_retries_that_are_no_longer_in_the_journal_are_not_missed() -> None:
    assert verdict("retry-429-submit", given_up(*refusals(0), dropped=2)) is OPEN


@pytest.mark.parametrize("call", [SUBMIT, samples.refused(1, 0, 429, **LEFT_EARLY)])
def test_without_a_429_that_was_heard_there_is_nothing_to_retry(call: Exchange) -> None:
    assert verdict("retry-429-submit", given_up(call)) is IDLE


@pytest.mark.parametrize("statuses", [(429,), (200, 429), (200, 429, 429, 429), (429, 200, 429)])
def test_a_task_that_is_lost_to_a_busy_minute_fails(statuses: tuple[int, ...]) -> None:
    assert verdict("retry-429-poll", polled(*statuses)) is FAILED


@pytest.mark.parametrize(
    "statuses",
    [
        (429, 200),
        (200, 429, 429, 429, 200),
        (429, 429, 429, 429),
        # Clients may count all trouble of a task together.
        (503, 200, 503, 200, None, 429),
        (429, 401),
        (429, 503),
    ],
)
def test_a_task_that_is_polled_on_passes(statuses: tuple[int | None, ...]) -> None:
    assert verdict("retry-429-poll", polled(*statuses)) is PASSED


@pytest.mark.parametrize(
    ("trace", "expected"),
    [
        (polled(200, 503), IDLE),
        (polled(429, gives_up_after=15.0), IDLE),
        (polled(429, dropped=1), OPEN),
    ],
)
def test_a_refused_poll_that_need_not_be_made_again_shows_nothing(
    trace: Trace, expected: Verdict
) -> None:
    assert verdict("retry-429-poll", trace) is expected


def bounded(count: int, **facts: Any) -> Trace:
    return given_up(*refusals(*range(count)), **facts)


@pytest.mark.parametrize(("count", "expected"), [(MOST + 1, PASSED), (MOST + 2, FAILED)])
@pytest.mark.parametrize("status", [429, 503, 408, None])
def test_the_profile_bounds_retries_of_whatever_passes(
    count: int, expected: Verdict, status: int | None
) -> None:
    trace = given_up(*refusals(*range(count), status=status))
    assert verdict("retries-bounded", trace) is expected


def test_two_jobs_may_retry_twice_as_often() -> None:
    twice = 2 * (MOST + 1)
    for count, expected in ((twice, PASSED), (twice + 1, FAILED)):
        trace = samples.trace(*refusals(*range(count)), **jobs(2))
        assert verdict("retries-bounded", trace) is expected


def test_uploads_are_bounded_too() -> None:
    calls = [upload(n, n, status=None) for n in range(1, MOST + 3)]
    assert verdict("retries-bounded", given_up(*calls)) is FAILED
    assert verdict("retries-bounded", given_up(*calls[:3])) is PASSED


def test_too_many_retries_fail_even_where_they_helped_or_were_cut_short() -> None:
    calls = [*refusals(*range(MOST + 2)), samples.submit(99, 99)]
    assert verdict("retries-bounded", samples.trace(*calls, outcome=SUCCESS)) is FAILED
    trace = samples.trace(*refusals(*range(MOST + 2)), **stopped())
    assert verdict("retries-bounded", trace) is FAILED


@pytest.mark.parametrize(("every", "expected"), [(5, PASSED), (20, FAILED)])
def test_refused_polls_may_be_sat_out_until_the_time_is_up(every: int, expected: Verdict) -> None:
    calls = polls(*[429] * (MOST + 4), every=every)
    assert verdict("retries-bounded", samples.trace(SUBMIT, *calls, outcome=FAILURE)) is expected


def test_the_clients_own_time_counts_for_its_polls() -> None:
    calls = polls(*[429] * (MOST + 4))
    trace = samples.trace(SUBMIT, *calls, outcome=FAILURE, gives_up_after=30.0)
    assert verdict("retries-bounded", trace) is FAILED


def test_giving_up_is_no_success() -> None:
    trace = bounded(3, outcome=SUCCESS)
    assert verdict("retries-bounded", trace) is FAILED
    assert "success" in seen("retries-bounded", trace)


@pytest.mark.parametrize("facts", [{"jobs": (samples.done(None),)}, {"jobs": ()}])
def test_who_is_still_trying_has_not_shown_a_bound(facts: dict[str, Any]) -> None:
    trace = samples.trace(*refusals(0, 1, 3), **facts)
    assert verdict("retries-bounded", trace) is OPEN


@pytest.mark.parametrize(
    "trace",
    [
        samples.trace(*refusals(0), samples.submit(2, 1), outcome=SUCCESS),
        samples.trace(*refusals(0), **stopped()),
        polled(429, 200, outcome=SUCCESS),
        polled(503),
        samples.trace(samples.refused(1, 0, 400), outcome=FAILURE),
    ],
)
def test_trouble_that_passed_shows_no_bound(trace: Trace) -> None:
    assert verdict("retries-bounded", trace) is IDLE
