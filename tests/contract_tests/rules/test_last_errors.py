"""The rules RET-07 to RET-09: troubles that are outlived, and the last error."""

from dataclasses import replace
from typing import Any

import pytest

from contract_tests.finding import Verdict
from contract_tests.rules.base import samples
from contract_tests.trace import Exchange, Trace
from tests.contract_tests.rules.judged import ADVICE, IDLE, OPEN, PASSED, seen, verdict
from tests.contract_tests.rules.retrying import (
    FAILURE,
    SUBMIT,
    SUCCESS,
    polled,
    polls,
    stopped,
)


def distinct(*messages: str) -> list[Exchange]:
    """Refusals with these messages."""
    return [
        samples.refused(n, n, content=samples.error("rate_limit_exceeded", message))
        for n, message in enumerate(messages, 1)
    ]


def reported(*calls: Exchange, after: float = 0.0, **outcome: Any) -> Trace:
    """A job that failed so many seconds after the last reply."""
    last = max((one.completed for one in calls), default=samples.START)
    done = replace(samples.done(samples.failed(**outcome)), ended=last + after)
    return samples.trace(*calls, jobs=(done,))


@pytest.mark.parametrize(
    "outcome",
    [
        {"message": "gave up: second"},
        {"code": "rate_limit_exceeded"},
        {"message": "3 tries, first first, then second"},
        {"message": "HTTP 429 after 2 tries"},
    ],
)
def test_the_last_error_may_be_told_in_any_words(outcome: dict[str, Any]) -> None:
    assert verdict("last-error-told", reported(*distinct("first", "second"), **outcome)) is PASSED


@pytest.mark.parametrize(
    "outcome",
    [{}, {"message": "too many retries"}, {"code": "rate_limit_exceeded", "message": "first"}],
)
def test_another_error_than_the_last_is_advised_against(outcome: dict[str, Any]) -> None:
    trace = reported(*distinct("first", "second"), **outcome)
    assert verdict("last-error-told", trace) is ADVICE
    assert "second" in seen("last-error-told", trace)


def test_an_error_without_a_word_of_the_server_is_told_by_its_status() -> None:
    page = samples.poll(2, 5, status=502, content=b"<html>")
    assert verdict("last-error-told", reported(SUBMIT, page, message="HTTP 502")) is IDLE
    refused = samples.refused(1, 0, 503, content=samples.error("", "closed"))
    assert verdict("last-error-told", reported(refused, message="HTTP 503")) is PASSED


@pytest.mark.parametrize(
    "trace",
    [
        reported(*distinct("first"), after=60.0),
        reported(samples.refused(1, 0, None)),
        reported(samples.refused(1, 0, 503, told=False)),
        reported(samples.refused(1, 0, 503, aborted=True)),
        reported(SUBMIT),
        reported(),
        samples.trace(*distinct("first"), outcome=SUCCESS),
        samples.trace(*distinct("first"), jobs=(samples.done(None),)),
        samples.trace(*distinct("first"), **stopped()),
    ],
)
def test_who_ended_for_another_reason_has_no_last_error(trace: Trace) -> None:
    assert verdict("last-error-told", trace) is IDLE


def spaced(*statuses: int | None, **facts: Any) -> Trace:
    return polled(*statuses, **facts)


@pytest.mark.parametrize(
    "statuses",
    [
        (503, 200, 503),
        (200, 503, 200, 503, 200, 503),
        (503, 503, 200, 503),
        (None, 200, None),
        (429, 200, 429),
    ],
)
def test_giving_up_at_trouble_that_was_survived_before_is_advised_against(
    statuses: tuple[int | None, ...],
) -> None:
    assert verdict("retry-count-resets", spaced(*statuses)) is ADVICE


@pytest.mark.parametrize(
    "statuses",
    [(503, 200, 503, 200, 503, 200), (503, 200, 503, 200, 503, 200, 503, 503)],
)
def test_who_survives_spaced_trouble_passes(statuses: tuple[int, ...]) -> None:
    assert verdict("retry-count-resets", spaced(*statuses)) is PASSED


@pytest.mark.parametrize(
    ("statuses", "facts"),
    [
        ((200,), {}),
        ((503, 200, 503, 200), {}),
        ((503,), {}),
        # Worse than before, or of another kind.
        ((503, 200, 503, 503), {}),
        ((503, 200, None), {}),
        ((503, 404, 503), {}),
        ((503, 200, 503), {"gives_up_after": 20.0}),
    ],
)
def test_other_ends_show_nothing_of_a_count(
    statuses: tuple[int | None, ...], facts: dict[str, Any]
) -> None:
    assert verdict("retry-count-resets", spaced(*statuses, **facts)) is IDLE


def test_a_reply_that_was_lost_is_no_good_one() -> None:
    lost = samples.poll(3, 10, told=False)
    calls = samples.poll(2, 5, status=503), lost, samples.poll(4, 15, status=503)
    assert verdict("retry-count-resets", samples.trace(*calls, outcome=FAILURE)) is IDLE


@pytest.mark.parametrize(
    "statuses", [(503,), (None,), (200, 502, 502), (429, 500), (503, 200, 503)]
)
def test_giving_up_a_task_at_the_second_failure_is_advised_against(
    statuses: tuple[int | None, ...],
) -> None:
    assert verdict("poll-survives-5xx", polled(*statuses)) is ADVICE


@pytest.mark.parametrize(
    "statuses", [(503, None, 200), (503, 503, 401), (503, 503, 503), (200, 500, 502, 503, 504)]
)
def test_who_polls_on_after_two_failures_in_a_row_passes(
    statuses: tuple[int | None, ...],
) -> None:
    assert verdict("poll-survives-5xx", polled(*statuses)) is PASSED


@pytest.mark.parametrize(
    ("trace", "expected"),
    [
        (polled(200, 429), IDLE),
        (polled(503, 200), IDLE),
        (polled(503, 200, 503, 200, 503), IDLE),
        (polled(503, gives_up_after=15.0), IDLE),
        (samples.trace(SUBMIT, *polls(503), **stopped()), IDLE),
        (polled(503, dropped=1), OPEN),
    ],
)
def test_less_than_two_failures_in_a_row_show_nothing(trace: Trace, expected: Verdict) -> None:
    assert verdict("poll-survives-5xx", trace) is expected
