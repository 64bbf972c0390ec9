"""The rules RET-01 to RET-03: refusals that are final."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from contract_tests.finding import Verdict
from contract_tests.outcome import Outcome, OutcomeStatus
from contract_tests.rules.base import samples
from contract_tests.trace import Exchange, Trace
from mock_server.core.lifecycle import Phase
from tests.contract_tests.rules.judged import FAILED, IDLE, OPEN, PASSED, seen, verdict
from tests.contract_tests.rules.retrying import (
    DOG,
    FAILURE,
    LEFT_EARLY,
    SUBMIT,
    SUCCESS,
    jobs,
    polled,
    polls,
    refusals,
    upload,
)


@pytest.mark.parametrize(
    "calls",
    [
        (samples.refused(1, 0, 400), samples.submit(2, 1)),
        (samples.refused(1, 0, 400), samples.refused(2, 0, 429)),
        (samples.submit(1, 0), samples.refused(2, 1, 400), samples.refused(3, 2, 400)),
        (upload(1, 0), upload(2, 1)),
    ],
)
def test_the_same_body_after_a_400_fails(calls: tuple[Exchange, ...]) -> None:
    assert verdict("no-retry-after-400", samples.trace(*calls)) is FAILED


@pytest.mark.parametrize(
    "calls",
    [
        (samples.refused(1, 0, 400),),
        (samples.refused(1, 0), samples.refused(2, 1, 400)),
        (samples.submit(1, 0), samples.refused(2, 1, 400)),
        # Another file, and another order.
        (upload(1, 0), upload(2, 1, b"b"), samples.submit(3, 2)),
        # Made before the answer was known.
        (samples.refused(1, 0, 400, head_wait=2.0, total_wait=2.0), samples.refused(2, 1, 429)),
    ],
)
def test_one_400_or_another_body_passes(calls: tuple[Exchange, ...]) -> None:
    assert verdict("no-retry-after-400", samples.trace(*calls)) is PASSED


@pytest.mark.parametrize(("count", "expected"), [(1, FAILED), (2, PASSED)])
def test_each_of_several_jobs_may_hear_its_own_400(count: int, expected: Verdict) -> None:
    trace = samples.trace(*refusals(0, 1, status=400), **jobs(count))
    assert verdict("no-retry-after-400", trace) is expected


def test_an_attempt_that_no_job_can_have_left_fails() -> None:
    calls = samples.refused(1, 0, 400), samples.submit(2, 0), samples.refused(3, 1, 400)
    assert verdict("no-retry-after-400", samples.trace(*calls, **jobs(2))) is FAILED


def test_equal_references_may_each_be_refused() -> None:
    files: dict[str, Any] = {"reference_files": (Path("1.png"), Path("2.png"))}
    trace = samples.trace(upload(1, 0), upload(2, 1), **jobs(1, **files))
    assert verdict("no-retry-after-400", trace) is PASSED
    masked: dict[str, Any] = {"references": ("http://a/1.png",), "mask": "http://a/2.png"}
    trace = samples.trace(upload(1, 0), upload(2, 1), **jobs(1, **masked))
    assert verdict("no-retry-after-400", trace) is PASSED


@pytest.mark.parametrize(
    "call", [SUBMIT, samples.refused(1, 0), samples.refused(1, 0, 400, **LEFT_EARLY)]
)
def test_a_400_that_nobody_heard_shows_nothing(call: Exchange) -> None:
    assert verdict("no-retry-after-400", samples.trace(call, samples.refused(2, 9))) is IDLE


OTHER_KEY: dict[str, Any] = {"key": "another"}


@pytest.mark.parametrize(
    "call",
    [
        samples.refused(2, 1, 401, body=DOG),
        samples.poll(2, 1, status=401),
        samples.submit(2, 1, operation="nowhere"),
    ],
)
def test_any_call_with_a_key_that_was_refused_fails(call: Exchange) -> None:
    trace = samples.trace(samples.refused(1, 0, 401), call)
    assert verdict("no-retry-after-401", trace) is FAILED


def test_a_key_that_is_missing_does_not_come_back_by_itself() -> None:
    calls = [samples.refused(n, n, 401, key="") for n in (1, 2)]
    assert verdict("no-retry-after-401", samples.trace(*calls)) is FAILED


@pytest.mark.parametrize(
    "calls",
    [
        (samples.submit(2, 1, **OTHER_KEY), samples.poll(3, 5, **OTHER_KEY)),
        (samples.download(2, 1), samples.download(3, 2)),
    ],
)
def test_another_key_or_none_may_go_on(calls: tuple[Exchange, ...]) -> None:
    trace = samples.trace(samples.refused(1, 0, 401, key=""), *calls)
    assert verdict("no-retry-after-401", trace) is PASSED


def test_several_jobs_may_each_hear_that_the_key_is_refused() -> None:
    three = refusals(0, 0.5, 1, status=401)
    assert verdict("no-retry-after-401", samples.trace(*three, **jobs(3))) is PASSED
    assert verdict("no-retry-after-401", samples.trace(*three, **jobs(2))) is FAILED


def test_uploads_side_by_side_may_each_be_refused() -> None:
    files: dict[str, Any] = {"reference_files": (Path("1.png"), Path("2.png"))}
    calls = [upload(n, 0, bytes(n), status=401) for n in (1, 2)]
    assert verdict("no-retry-after-401", samples.trace(*calls, **jobs(1, **files))) is PASSED
    again = upload(3, 1, status=401)
    assert verdict("no-retry-after-401", samples.trace(*calls, again, **jobs(1, **files))) is FAILED


@pytest.mark.parametrize("calls", [(SUBMIT,), (SUBMIT, samples.poll(2, 5, status=401))])
def test_a_key_that_no_post_was_refused_with_shows_nothing(calls: tuple[Exchange, ...]) -> None:
    assert verdict("no-retry-after-401", samples.trace(*calls)) is IDLE


@pytest.mark.parametrize("status", [400, 401])
def test_a_poll_after_a_refused_one_fails(status: int) -> None:
    assert verdict("poll-stops-on-refusal", polled(200, status, 200)) is FAILED


@pytest.mark.parametrize(
    "outcome", [FAILURE, None, Outcome(OutcomeStatus.UNKNOWN), Outcome(OutcomeStatus.CANCELLED)]
)
def test_a_refused_poll_that_is_told_passes(outcome: Outcome | None) -> None:
    assert verdict("poll-stops-on-refusal", polled(200, 401, outcome=outcome)) is PASSED


def test_a_refused_poll_that_is_reported_as_a_success_fails() -> None:
    trace = polled(401, outcome=SUCCESS)
    assert verdict("poll-stops-on-refusal", trace) is FAILED
    assert "success" in seen("poll-stops-on-refusal", trace)
    assert verdict("poll-stops-on-refusal", replace(trace, abilities=frozenset())) is PASSED


def test_other_tasks_may_be_polled_on() -> None:
    other = samples.poll(4, 20, Phase.SUCCEEDED, task="t2")
    trace = samples.trace(SUBMIT, *polls(401, every=2), other, outcome=SUCCESS)
    assert verdict("poll-stops-on-refusal", trace) is PASSED


def test_a_success_that_could_be_read_is_no_lie() -> None:
    # The status was spoiled on the way, the results were not.
    spoiled = samples.poll(2, 5, Phase.SUCCEEDED, told=False)
    trace = samples.trace(SUBMIT, spoiled, samples.poll(3, 9, status=401), outcome=SUCCESS)
    assert verdict("poll-stops-on-refusal", trace) is PASSED


@pytest.mark.parametrize(
    ("trace", "expected"),
    [
        (polled(200, 404), IDLE),
        (polled(401, 200, dropped=2), FAILED),
        (polled(401, outcome=SUCCESS, dropped=2), OPEN),
    ],
)
def test_what_the_journal_lost_excuses_a_success_but_no_poll(
    trace: Trace, expected: Verdict
) -> None:
    assert verdict("poll-stops-on-refusal", trace) is expected
