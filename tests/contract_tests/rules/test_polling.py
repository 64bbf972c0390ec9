"""The rules POL-01 to POL-05: how often clients ask for their tasks, and for which."""

from dataclasses import replace
from typing import Any

import pytest

from contract_tests.finding import Verdict
from contract_tests.rules.base import samples
from contract_tests.trace import Exchange, Timing, Trace
from mock_server.core.lifecycle import Phase
from tests.contract_tests.rules.judged import (
    ADVICE,
    FAILED,
    IDLE,
    OPEN,
    PASSED,
    found,
    verdict,
)

SUBMIT = samples.submit(1, 0)


def polled(*times: float, **facts: Any) -> Trace:
    """A task that is made at once and polled at these times."""
    polls = [samples.poll(number, at) for number, at in enumerate(times, 2)]
    return samples.trace(SUBMIT, *polls, **facts)


# POL-01


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        ((5, 10, 15), PASSED),
        ((5,), PASSED),
        ((7, 17), PASSED),
        ((5, 7), ADVICE),
        ((4.9, 10), ADVICE),
        ((5, 5.9), FAILED),
        ((0.5, 6), FAILED),
    ],
)
def test_polls_keep_the_distance_that_the_profile_names(
    times: tuple[float, ...], expected: Verdict
) -> None:
    assert verdict("poll-floor", polled(*times)) is expected


def test_real_timers_may_poll_a_little_early() -> None:
    assert verdict("poll-floor", polled(4.99, 9.98, timing=Timing(virtual=False))) is PASSED


@pytest.mark.parametrize(
    "trouble",
    [
        {"status": 429},
        {"status": 503, "fault": "503"},
        {"status": None, "fault": "reset", "told": False},
        {"fault": "content_type(text/html)"},
        {"content": b"", "told": False},
        {"status": 404},
    ],
)
def test_after_a_poll_that_went_wrong_other_waits_are_in_order(trouble: dict[str, Any]) -> None:
    calls = SUBMIT, samples.poll(2, 5, **trouble), samples.poll(3, 5.2)
    assert verdict("poll-floor", samples.trace(*calls)) is PASSED


def test_the_end_of_a_task_is_no_matter_of_distance() -> None:
    calls = SUBMIT, samples.poll(2, 5, Phase.SUCCEEDED), samples.poll(3, 5.1, Phase.SUCCEEDED)
    assert verdict("poll-floor", samples.trace(*calls)) is PASSED


def test_polls_of_two_tasks_do_not_disturb_each_other() -> None:
    made = SUBMIT, samples.submit(2, 0, task="t2")
    calls = (samples.poll(3, 5), samples.poll(4, 5.1, task="t2"), samples.poll(5, 10))
    assert verdict("poll-floor", samples.trace(*made, *calls)) is PASSED


def test_a_task_without_polls_shows_no_distance() -> None:
    assert verdict("poll-floor", samples.trace(SUBMIT)) is IDLE
    assert verdict("poll-floor", samples.trace(samples.poll(1, 5))) is IDLE


# POL-02


def test_a_client_in_a_crowd_is_not_blamed_for_being_late() -> None:
    crowd = Timing(virtual=False, unloaded=False)
    assert verdict("poll-promptly", polled(5, 35, timing=crowd)) is OPEN


def test_noise_is_taken_off_a_long_wait() -> None:
    alone = Timing(virtual=False, noise=0.2)
    assert verdict("poll-promptly", polled(5, 15.1, timing=alone)) is PASSED
    assert verdict("poll-promptly", polled(5, 15.1)) is ADVICE
    assert verdict("poll-promptly", polled(5)) is IDLE


# POL-03

END = samples.poll(2, 5, Phase.SUCCEEDED)
AGAIN = samples.poll(4, 10, Phase.SUCCEEDED)


def test_a_failure_is_an_end_as_well() -> None:
    calls = SUBMIT, samples.poll(2, 5, Phase.FAILED), samples.poll(3, 10, Phase.FAILED)
    assert verdict("quiet-after-end", samples.trace(*calls)) is FAILED


def test_silence_has_to_last_where_nobody_knows_that_the_client_has_ended() -> None:
    trace = samples.trace(SUBMIT, END, taken=19)
    assert verdict("quiet-after-end", trace) is OPEN
    running_on = replace(trace, jobs=(samples.done(None, 19),))
    assert verdict("quiet-after-end", running_on) is OPEN
    over = replace(trace, jobs=(samples.done(samples.succeeded(), 5),))
    assert verdict("quiet-after-end", over) is PASSED
    assert verdict("quiet-after-end", samples.trace(SUBMIT, END, taken=20)) is PASSED


@pytest.mark.parametrize("spoiled", [{"told": False}, {"fault": "content_type(text/html)"}])
def test_an_end_that_was_not_told_cleanly_may_be_asked_for_again(spoiled: dict[str, Any]) -> None:
    calls = SUBMIT, samples.poll(2, 5, Phase.SUCCEEDED, **spoiled), AGAIN
    trace = samples.trace(*calls, outcome=samples.succeeded())
    assert verdict("quiet-after-end", trace) is PASSED
    assert verdict("quiet-after-end", samples.trace(*calls[:2])) is IDLE


@pytest.mark.parametrize("status", [403, 404, None])
def test_a_result_that_is_not_given_out_may_be_asked_for_once_more(status: int | None) -> None:
    fetch = samples.download(3, 6, status=status)
    calls = SUBMIT, END, fetch, AGAIN
    trace = samples.trace(*calls, outcome=samples.succeeded())
    assert verdict("quiet-after-end", trace) is PASSED
    third = samples.poll(5, 15, Phase.SUCCEEDED)
    trace = samples.trace(*calls, third, outcome=samples.succeeded())
    assert found("quiet-after-end", trace).evidence == (2, 5)


def test_a_result_that_was_fetched_is_no_reason_to_ask_again() -> None:
    calls = SUBMIT, END, samples.download(3, 6), AGAIN
    assert verdict("quiet-after-end", samples.trace(*calls)) is FAILED
    other = samples.download(3, 6, status=403, task="t2")
    assert verdict("quiet-after-end", samples.trace(SUBMIT, END, other, AGAIN)) is FAILED


# POL-04


def test_polls_of_a_task_whose_submit_was_dropped_remain_open() -> None:
    assert verdict("own-tasks-only", samples.trace(samples.poll(9, 5), dropped=8)) is OPEN
    assert verdict("own-tasks-only", samples.trace(SUBMIT)) is IDLE


# POL-05


def held(number: int, at: float, seconds: float, **facts: Any) -> Exchange:
    return samples.poll(number, at, head_wait=seconds, total_wait=seconds, **facts)


def test_polls_that_are_answered_at_once_cannot_overtake_each_other() -> None:
    assert verdict("one-poll-at-a-time", polled(5, 10)) is IDLE


def test_a_poll_that_was_left_is_not_under_way_any_more() -> None:
    left = held(2, 5, 1e9, aborted=True, ended=samples.START + 15.01)
    calls = SUBMIT, left, samples.poll(3, 15)
    assert verdict("one-poll-at-a-time", samples.trace(*calls)) is ADVICE
    real = Timing(virtual=False, noise=0.01)
    assert verdict("one-poll-at-a-time", samples.trace(*calls, timing=real)) is PASSED


def test_a_poll_that_is_left_hanging_is_still_under_way() -> None:
    calls = SUBMIT, held(2, 5, 1e9, aborted=True, ended=None), samples.poll(3, 15)
    assert verdict("one-poll-at-a-time", samples.trace(*calls)) is ADVICE


def test_polls_of_two_tasks_may_be_under_way_at_once() -> None:
    calls = SUBMIT, held(2, 5, 8), held(3, 6, 8, task="t2")
    assert verdict("one-poll-at-a-time", samples.trace(*calls)) is PASSED
