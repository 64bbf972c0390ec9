"""The rules BOF-07 to BOF-10: what a Retry-After asks for, and what it does not."""

from dataclasses import replace
from typing import Any

import pytest

from contract_tests.finding import Verdict
from contract_tests.rules.base import samples
from contract_tests.rules.base.refused_rows import (
    refused_row,
    refused_rows,
)
from contract_tests.trace import Timing, Trace
from tests.contract_tests.rules.judged import (
    ADVICE,
    FAILED,
    IDLE,
    OPEN,
    PASSED,
    STEPS,
    found,
    verdict,
)

# BOF-07, BOF-08


def retried(value: object, wait: float, **facts: Any) -> Trace:
    """A refusal with that Retry-After, and the retry after that wait."""
    return samples.trace(
        samples.refused(1, 0, **samples.after(value), **facts), samples.submit(2, wait)
    )


@pytest.mark.parametrize(("wait", "expected"), [(20, PASSED), (19.9, ADVICE)])
def test_a_retry_after_in_seconds_is_kept_to_the_last(wait: float, expected: Verdict) -> None:
    assert verdict("retry-after-seconds", retried(20, wait)) is expected
    assert verdict("retry-after-date", retried(20, wait)) is IDLE


def test_real_timers_may_return_a_little_early() -> None:
    trace = replace(retried(7, 6.99), timing=Timing(virtual=False))
    assert verdict("retry-after-seconds", trace) is PASSED


@pytest.mark.parametrize("value", [0, -5, "soon", 10**35, "Fri, 15 Jan 2027 07:59:00 GMT", 121])
def test_a_retry_after_that_nobody_can_keep_is_not_asked_for(value: object) -> None:
    assert verdict("retry-after-seconds", retried(value, 1)) is IDLE
    assert verdict("retry-after-date", retried(value, 1)) is IDLE


@pytest.mark.parametrize(("wait", "expected"), [(6.1, PASSED), (5.9, ADVICE)])
def test_a_date_is_kept_to_within_its_second(wait: float, expected: Verdict) -> None:
    trace = retried("Friday, 15-Jan-27 08:00:07 GMT", wait)
    assert verdict("retry-after-date", trace) is expected
    assert verdict("retry-after-seconds", trace) is IDLE


def test_a_date_within_a_second_asks_for_nothing() -> None:
    assert verdict("retry-after-date", retried("Fri, 15 Jan 2027 08:00:01 GMT", 0)) is IDLE


def test_a_retry_after_on_a_success_asks_for_nothing() -> None:
    calls = samples.submit(1, 0, **samples.after(60)), samples.poll(2, 5)
    assert verdict("retry-after-seconds", samples.trace(*calls)) is IDLE


def test_who_gives_up_after_a_retry_after_has_not_come_back_early() -> None:
    assert verdict("retry-after-seconds", samples.trace(retried(7, 1).exchanges[0])) is IDLE


def test_a_retry_after_on_a_poll_is_meant_for_that_task() -> None:
    polls = samples.poll(2, 5, status=429, **samples.after(7)), samples.poll(3, 6, task="t2")
    made = samples.submit(1, 0)
    assert verdict("retry-after-seconds", samples.trace(made, *polls)) is IDLE
    early = samples.poll(4, 10)
    assert verdict("retry-after-seconds", samples.trace(made, *polls, early)) is ADVICE


def test_an_attempt_that_was_under_way_is_no_return() -> None:
    slow = samples.refused(1, 0, head_wait=3, total_wait=3, **samples.after(7))
    calls = slow, samples.refused(2, 1), samples.submit(3, 10)
    assert verdict("retry-after-seconds", samples.trace(*calls)) is PASSED


# BOF-09


@pytest.mark.parametrize("value", [0, -5, "soon", "", 10**35, "Fri, 15 Jan 2027 07:59:00 GMT"])
def test_a_retry_after_that_nobody_can_keep_leads_to_the_usual_backoff(value: object) -> None:
    facts = samples.after(value)
    assert verdict("bad-retry-after", samples.trace(*refused_row((1.1, 2.1), **facts))) is PASSED
    assert verdict("bad-retry-after", samples.trace(*refused_row((0, 0, 0), **facts))) is FAILED
    assert verdict("bad-retry-after", samples.trace(*refused_row((0,), **facts))) is OPEN


def test_a_refusal_without_a_retry_after_has_none_that_is_bad() -> None:
    assert verdict("bad-retry-after", refused_rows(STEPS)) is IDLE


def test_polls_with_a_bad_retry_after_are_judged_as_well() -> None:
    polls = [samples.poll(number, 5, status=429, **samples.after(0)) for number in (2, 3, 4)]
    trace = samples.trace(samples.submit(1, 0), *polls, samples.poll(5, 5))
    assert verdict("bad-retry-after", trace) is FAILED


def ended(outcome: Any, until: float, value: object = "soon", **facts: Any) -> Trace:
    """A bad Retry-After, and a job that makes no further call."""
    done = samples.done(outcome, until, **facts)
    return samples.trace(samples.refused(1, 0, **samples.after(value)), jobs=(done,), taken=until)


def test_giving_up_is_no_crash() -> None:
    assert verdict("bad-retry-after", ended(samples.failed("e429"), 0)) is PASSED
    typed = ended(samples.failed(), 0, raised="requests.HTTPError")
    assert verdict("bad-retry-after", typed) is PASSED


def test_a_client_that_sleeps_for_years_hangs() -> None:
    finding = found("bad-retry-after", ended(None, 360, 10**35))
    assert finding.verdict is FAILED
    assert "nothing for 360 s after call 1" in str(finding.seen)


def test_a_client_that_was_stopped_early_does_not() -> None:
    assert verdict("bad-retry-after", ended(None, 60, 10**35)) is PASSED
    stopped = ended(None, 360, 10**35, stopped=samples.START + 1)
    assert verdict("bad-retry-after", stopped) is PASSED


def test_a_success_with_a_retry_after_must_not_stop_the_client() -> None:
    absurd = samples.submit(1, 0, **samples.after(3600))
    slept = samples.trace(absurd, jobs=(samples.done(None, 360),))
    assert verdict("bad-retry-after", slept) is FAILED
    assert verdict("bad-retry-after", samples.trace(absurd, samples.poll(2, 5))) is PASSED


def test_a_crash_of_nobody_knows_whose_job_is_not_counted() -> None:
    crash = samples.done(samples.failed(), 0, raised="ValueError", typed=False)
    calls = samples.submit(1, 0), samples.poll(2, 5, status=429, **samples.after("soon"))
    assert verdict("bad-retry-after", samples.trace(*calls, jobs=(crash, crash))) is PASSED
    upload = samples.download(1, 0, status=429, task=None, path="/x", **samples.after("soon"))
    assert verdict("bad-retry-after", samples.trace(upload, jobs=(crash, crash))) is PASSED


def test_a_crash_after_a_poll_is_that_of_the_job_with_the_task() -> None:
    crash = samples.done(samples.failed(), 5, raised="ValueError", typed=False)
    other = samples.done(samples.failed(), 5, job=samples.job(prompt="a dog"))
    dog = samples.submit(1, 0, {"prompt": "a dog"}, task="t2")
    calls = samples.submit(2, 0), samples.poll(3, 5, status=429, **samples.after("soon"))
    assert verdict("bad-retry-after", samples.trace(dog, *calls, jobs=(crash, other))) is FAILED


# BOF-10


def kept(asked: object, wait: float, **facts: Any) -> Trace:
    """A refusal with that Retry-After, one without, and the retry after that wait."""
    calls = samples.refused(1, 0, **samples.after(asked)), samples.refused(2, 10, **facts)
    return samples.trace(*calls, samples.submit(3, 10 + wait))


@pytest.mark.parametrize(
    ("wait", "expected"), [(2, PASSED), (6.9, PASSED), (7, ADVICE), (7.6, ADVICE), (10, PASSED)]
)
def test_a_pause_as_the_one_asked_for_before_is_taken_for_it(
    wait: float, expected: Verdict
) -> None:
    assert verdict("retry-after-once", kept(7, wait)) is expected


def test_a_number_that_usual_backoff_would_lead_to_shows_nothing() -> None:
    assert verdict("retry-after-once", kept(4, 4)) is IDLE
    assert verdict("retry-after-once", kept("soon", 7)) is IDLE


def test_a_second_retry_after_is_its_own() -> None:
    assert verdict("retry-after-once", kept(7, 7, **samples.after(7))) is IDLE
    assert verdict("retry-after-once", kept(7, 7, status=200)) is IDLE


def test_who_gives_up_after_either_refusal_keeps_nothing() -> None:
    calls = kept(7, 7).exchanges
    assert verdict("retry-after-once", samples.trace(*calls[:2])) is IDLE
    assert verdict("retry-after-once", samples.trace(*calls[:1])) is IDLE


def test_a_retry_after_on_a_success_is_none_to_be_kept() -> None:
    calls = samples.submit(1, 0, **samples.after(7)), samples.refused(2, 10)
    assert verdict("retry-after-once", samples.trace(*calls, samples.submit(3, 17))) is IDLE
