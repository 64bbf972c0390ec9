"""The rules BOF-01, BOF-06 and BOF-11: how short and how long pauses may be."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import count
from typing import Any

import pytest

from contract_tests.rules.base import samples
from contract_tests.rules.base.refused_rows import (
    polls_refused,
    refused_row,
    refused_rows,
)
from contract_tests.trace import Exchange, Timing, Trace
from tests.contract_tests.rules.judged import (
    ADVICE,
    FAILED,
    IDLE,
    NOISY,
    OPEN,
    PASSED,
    QUIET,
    STEPS,
    delayed,
    drawn,
    found,
    runs_of,
    verdict,
)

# BOF-01


@pytest.mark.parametrize(
    "pauses",
    [
        (0, 2, 4),
        (0, 0, 0),
        (0.001, 0.002, 0.001),
        (0, 0),
    ],
)
def test_one_run_is_enough_for_pauses_that_no_jitter_explains(pauses: Sequence[float]) -> None:
    assert verdict("backoff-floor", refused_rows(pauses)) is FAILED


@pytest.mark.parametrize(
    "pauses", [(1, 2, 4), (1.2, 2.9, 4.4), (0.75, 1.8, 3.9), (5, 5, 5), (1,), (0.5, 1, 2, 2, 2)]
)
def test_pauses_of_at_least_half_their_steps_are_kept(pauses: Sequence[float]) -> None:
    assert verdict("backoff-floor", refused_rows(pauses)) is PASSED


@pytest.mark.parametrize("pauses", [(0.3, 1.2, 0.7), (0.1, 0.1, 0.1), (0.2, 0.4, 0.8), (0,)])
def test_one_run_with_shorter_pauses_leaves_open_whether_they_are_full_jitter(
    pauses: Sequence[float],
) -> None:
    finding = found("backoff-floor", refused_rows(pauses))
    assert finding.verdict is OPEN
    assert "more runs would tell" in str(finding.seen)


@pytest.mark.parametrize(
    "pauses",
    [(0.9, 1.9, 3.9), (0.5, 1, 2), (0.1, 0.2, 0.4), (0, 2, 4), (0.5, 0.5, 0.5)],
)
def test_a_fixed_schedule_that_is_too_short_is_known_by_its_sameness(
    pauses: Sequence[float],
) -> None:
    assert verdict("backoff-floor", refused_rows(*[pauses] * 3)) is FAILED
    rows = [pauses] * 5
    assert verdict("backoff-floor", delayed(rows, 1, QUIET)) is FAILED


def test_a_fixed_schedule_of_the_steps_themselves_is_long_enough() -> None:
    assert verdict("backoff-floor", refused_rows(*[STEPS] * 5)) is PASSED


@pytest.mark.parametrize("first", [0.0, 0.004])
def test_a_first_retry_at_once_is_found_though_the_others_have_jitter(first: float) -> None:
    rows = [(first, *drawn(1, 1.5, seed, (2, 4))) for seed in range(5)]
    finding = found("backoff-floor", refused_rows(*rows))
    assert finding.verdict is FAILED
    assert "1 s were due" in str(finding.seen)


def test_jitter_up_to_half_of_the_steps_is_too_short_in_the_long_run() -> None:
    assert verdict("backoff-floor", runs_of(0, 0.5, 16)) is FAILED
    assert verdict("backoff-floor", runs_of(0.5, 0.625, 16)) is FAILED


def test_a_violation_in_another_run_names_the_run_and_no_call_of_this_one() -> None:
    trace = refused_rows(STEPS, STEPS, (1, 0.5, 4), (1, 2, 4))
    short = replace(trace, repeats=tuple(refused_rows((0.9, 1.9, 3.9)) for _ in range(3)))
    finding = found("backoff-floor", replace(short, calls=refused_rows((0.9, 1.9, 3.9)).calls))
    assert finding.evidence == (1, 2, 3, 4)
    only_repeat = replace(samples.trace(), repeats=(refused_rows((0, 2, 4)),))
    other = found("backoff-floor", only_repeat)
    assert other.verdict is FAILED
    assert other.place is None
    assert "(run 2)" in str(other.seen)


def test_real_timers_may_go_off_a_little_early() -> None:
    early = refused_rows((0.985, 1.99, 3.995), timing=Timing(virtual=False))
    assert verdict("backoff-floor", early) is PASSED


def test_noise_that_could_be_jitter_leaves_a_short_schedule_open() -> None:
    assert verdict("backoff-floor", delayed([(0.4, 0.8, 1.6)] * 5, 1, NOISY)) is OPEN


def test_later_pauses_in_a_row_are_held_to_the_last_step() -> None:
    assert verdict("backoff-floor", refused_rows(*[(1, 2, 4, 3)] * 3)) is FAILED


def test_a_retry_after_takes_the_place_of_the_step() -> None:
    asked = samples.refused(1, 0, **samples.after(1)), samples.refused(2, 1, **samples.after(1))
    assert verdict("backoff-floor", samples.trace(*asked, samples.submit(3, 2))) is IDLE
    then = samples.refused(3, 2), samples.submit(4, 3)
    assert verdict("backoff-floor", samples.trace(*asked, *then)) is PASSED


def test_an_error_that_promises_that_nothing_was_made_is_a_refusal() -> None:
    limiter = {"status": 503, "content": samples.error("limiter_unavailable")}
    assert verdict("backoff-floor", _row(limiter)) is FAILED


def _row(facts: dict[str, Any]) -> Trace:
    return samples.trace(*refused_row((0, 0, 0), **facts))


@pytest.mark.parametrize("status", [500, 503])
def test_other_errors_of_the_server_are_none(status: int) -> None:
    facts = {"status": status, "content": samples.error("overloaded")}
    assert verdict("backoff-floor", _row(facts)) is IDLE


def test_a_refusal_that_nobody_heard_is_none() -> None:
    left = samples.refused(1, 0, head_wait=5, total_wait=5, ended=samples.START + 2, aborted=True)
    assert verdict("backoff-floor", samples.trace(left, samples.submit(2, 2))) is IDLE


def test_an_attempt_that_was_begun_before_the_refusal_is_no_retry() -> None:
    slow = samples.refused(1, 0, head_wait=3, total_wait=3)
    calls = slow, samples.refused(2, 1, head_wait=3, total_wait=3), samples.submit(3, 4.5)
    assert verdict("backoff-floor", samples.trace(*calls)) is PASSED


def test_two_rows_with_an_answer_between_them_both_begin_anew() -> None:
    calls = samples.refused(1, 0), samples.submit(2, 1, status=500), samples.refused(3, 2)
    assert verdict("backoff-floor", samples.trace(*calls, samples.submit(4, 3))) is PASSED


def test_a_row_whose_beginning_was_dropped_is_left_out() -> None:
    cut = samples.trace(*refused_row((0, 0, 0)), dropped=3)
    assert verdict("backoff-floor", cut) is OPEN
    whole = samples.submit(1, 0, status=500), *_shifted(refused_row((0, 0, 0)), 1, 10)
    assert verdict("backoff-floor", samples.trace(*whole, dropped=3)) is FAILED


def _shifted(calls: Sequence[Exchange], number: int, seconds: float) -> Iterator[Exchange]:
    for one in calls:
        yield replace(one, number=one.number + number, started=one.started + seconds, ended=None)


def test_a_client_that_gives_up_at_once_has_shown_no_pause() -> None:
    assert verdict("backoff-floor", samples.trace(samples.refused(1, 0))) is IDLE


def two_jobs(*prompts: str) -> Trace:
    """Two jobs that are refused at the same moment, and return a second later."""
    numbers = count(1)
    bodies = [{"model": "sample-image", "prompt": prompt} for prompt in prompts]
    calls = [samples.refused(next(numbers), 0, body=body) for body in bodies]
    calls += [
        samples.submit(next(numbers), 1 + 0.2 * index, body=body, task=f"t{index}")
        for index, body in enumerate(bodies)
    ]
    jobs = [samples.done(None, job=samples.job(prompt=prompt)) for prompt in prompts]
    return samples.trace(*calls, jobs=tuple(jobs))


def test_two_callers_are_judged_by_their_own_orders() -> None:
    assert verdict("backoff-floor", two_jobs("a cat", "a dog")) is PASSED


def test_two_callers_with_equal_orders_cannot_be_told_apart() -> None:
    assert verdict("backoff-floor", two_jobs("a cat", "a cat")) is IDLE


def test_a_prompt_that_no_job_has_may_be_anybodys() -> None:
    trace = two_jobs("a cat", "a dog")
    jobs = tuple(replace(done, job=samples.job(prompt="A CAT")) for done in trace.jobs)
    assert verdict("backoff-floor", replace(trace, jobs=jobs)) is IDLE


def test_images_that_are_ordered_one_by_one_cannot_be_told_apart() -> None:
    trace = samples.trace(*refused_row((0, 0, 0)), jobs=(samples.done(None, job=samples.job(n=4)),))
    assert verdict("backoff-floor", trace) is IDLE
    together = [
        samples.refused(number, 0, body={"prompt": samples.PROMPT, "n": 4}) for number in (1, 2, 3)
    ]
    assert verdict("backoff-floor", replace(trace, calls=samples.trace(*together).calls)) is FAILED


def test_bodies_that_are_no_json_are_told_apart_by_their_bytes() -> None:
    calls = [samples.refused(number, 0, body=None) for number in (1, 2, 3, 4)]
    raw = [replace(one, body=b"{", digest=b"{") for one in calls]
    assert verdict("backoff-floor", samples.trace(*raw)) is FAILED


# BOF-06


def test_jitter_may_come_on_top_of_the_cap() -> None:
    pauses = (1, 2, 4, 8, 16, 32, 64, 74)
    assert verdict("backoff-cap", refused_rows(pauses)) is PASSED


def test_a_client_that_gave_up_early_did_not_need_the_cap() -> None:
    assert verdict("backoff-cap", refused_rows((1, 2, 4, 8, 16, 32))) is IDLE
    assert verdict("backoff-cap", samples.trace()) is IDLE


def test_a_pause_beyond_the_cap_is_one_whenever_it_comes() -> None:
    assert verdict("backoff-cap", refused_rows((1, 100))) is ADVICE
    other = replace(samples.trace(), repeats=(refused_rows((1, 100)),))
    finding = found("backoff-cap", other)
    assert finding.verdict is ADVICE
    assert finding.evidence == ()


def test_a_ceiling_is_only_judged_where_nothing_else_runs() -> None:
    busy = Timing(virtual=False, unloaded=False)
    assert verdict("backoff-cap", refused_rows((1, 100), timing=busy)) is OPEN


# BOF-11


def test_polls_are_held_to_the_same_steps() -> None:
    assert verdict("backoff-on-polls", polls_refused((1.1, 2.1, 4.1))) is PASSED
    assert verdict("backoff-on-polls", polls_refused((5, 5, 5))) is PASSED
    assert verdict("backoff-on-polls", polls_refused((0, 2, 4))) is ADVICE
    assert verdict("backoff-on-polls", polls_refused((0.4, 0.4))) is OPEN


def test_refused_submits_say_nothing_of_polls() -> None:
    assert verdict("backoff-on-polls", refused_rows((0, 0, 0))) is IDLE
