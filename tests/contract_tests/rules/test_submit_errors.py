"""The rules RET-10 and RET-11: errors that leave a client to decide."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import accumulate

import pytest

from contract_tests.finding import Verdict
from contract_tests.outcome import Outcome, OutcomeStatus
from contract_tests.rules import rule_named
from contract_tests.rules.base import samples
from contract_tests.trace import Ability, Exchange, Timing, Trace
from tests.contract_tests.rules.judged import (
    ADVICE,
    IDLE,
    OPEN,
    PASSED,
    drawn,
    seen,
    verdict,
)
from tests.contract_tests.rules.retrying import (
    DOG,
    FAILURE,
    MOST,
    SUBMIT,
    SUCCESS,
    given_up,
    jobs,
    polled,
    polls,
    refusals,
    upload,
)


@pytest.mark.parametrize("status", [408, 409, 425, 500, 503])
def test_a_submit_need_not_be_repeated(status: int) -> None:
    assert verdict("submit-5xx-policy", given_up(samples.refused(1, 0, status))) is PASSED


@pytest.mark.parametrize(
    "times", [(0, 0), (0, 1.2, 1.2), (0, 0.01, 0.03, 0.07), (0, 0.0008, 0.0012)]
)
def test_a_repetition_without_a_wait_is_noted(times: tuple[float, ...]) -> None:
    assert verdict("submit-5xx-policy", given_up(*refusals(*times, status=503))) is ADVICE


@pytest.mark.parametrize("times", [(0, 0.05), (0, 1.2, 1.3), (0, 0.7, 2, 2.3)])
def test_one_short_wait_may_be_the_luck_of_full_jitter(times: tuple[float, ...]) -> None:
    assert verdict("submit-5xx-policy", given_up(*refusals(*times, status=503))) is OPEN


@pytest.mark.parametrize("seed", range(50))
def test_full_jitter_is_never_blamed_for_its_short_waits(seed: int) -> None:
    times = accumulate(drawn(0.0, 1.0, seed), initial=0.0)
    trace = given_up(*refusals(*times, status=503))
    assert verdict("submit-5xx-policy", trace) in (PASSED, OPEN)


@pytest.mark.parametrize("times", [(0, 0.5), (0, 0.7, 2, 4.5), (0, 1, 3, 7, 11)])
def test_a_repetition_with_waits_is_fine(times: tuple[float, ...]) -> None:
    assert verdict("submit-5xx-policy", given_up(*refusals(*times, status=503))) is PASSED


def test_a_repetition_without_end_is_noted() -> None:
    calls = refusals(*range(0, 60 * (MOST + 2), 60), status=503)
    trace = given_up(*calls)
    assert verdict("submit-5xx-policy", trace) is ADVICE
    assert f"{MOST + 2} attempts" in seen("submit-5xx-policy", trace)


def test_other_answers_in_between_begin_a_new_row() -> None:
    calls: Iterable[Exchange] = (
        samples.refused(1, 0, 503),
        samples.refused(2, 1, 429),
        samples.submit(3, 1),
    )
    assert verdict("submit-5xx-policy", samples.trace(*calls)) is PASSED


def test_an_attempt_that_did_not_wait_for_the_answer_is_no_repetition() -> None:
    slow = samples.refused(1, 0, 503, head_wait=3.0, total_wait=3.0)
    assert verdict("submit-5xx-policy", samples.trace(slow, samples.refused(2, 2, 503))) is PASSED


def test_of_several_equal_jobs_nobody_knows_who_waited() -> None:
    trace = samples.trace(*refusals(0, 0, status=503), **jobs(2))
    assert verdict("submit-5xx-policy", trace) is PASSED


def test_a_short_time_that_the_server_names_is_enough() -> None:
    calls = refusals(0, 1, 2, 3, status=503, **samples.after(1))
    assert verdict("submit-5xx-policy", given_up(*calls)) is PASSED


def test_in_real_time_one_repetition_at_once_shows_too_little() -> None:
    rows = (((0, 0.001), OPEN), ((0, 0.001, 0.002, 0.003), ADVICE))
    for times, expected in rows:
        trace = given_up(*refusals(*times, status=503), timing=Timing(virtual=False))
        assert verdict("submit-5xx-policy", trace) is expected


def test_real_timers_may_go_off_a_little_early() -> None:
    calls = refusals(0, 0.09, status=503)
    for timing, expected in ((Timing(), OPEN), (Timing(virtual=False), PASSED)):
        assert verdict("submit-5xx-policy", given_up(*calls, timing=timing)) is expected


@pytest.mark.parametrize("status", [200, 400, 429, None])
def test_other_answers_are_other_rules_business(status: int | None) -> None:
    call = SUBMIT if status == 200 else samples.refused(1, 0, status)
    assert verdict("submit-5xx-policy", samples.trace(call)) is IDLE


@pytest.mark.parametrize("status", [402, 403, 413, 422])
def test_the_same_order_after_a_refusal_is_advised_against(status: int) -> None:
    trace = samples.trace(samples.refused(1, 0, status), samples.submit(2, 1))
    assert verdict("no-retry-after-refusal", trace) is ADVICE


def test_the_same_file_after_a_refusal_is_advised_against() -> None:
    trace = samples.trace(upload(1, 0, status=413), upload(2, 1, status=413))
    assert verdict("no-retry-after-refusal", trace) is ADVICE


@pytest.mark.parametrize(
    "statuses", [(200, 404, 404), (402, 200), (404, 404, 404, 404, 404), (404, 403, 403)]
)
def test_another_poll_after_a_refusal_is_advised_against(statuses: tuple[int, ...]) -> None:
    assert verdict("no-retry-after-refusal", polled(*statuses, outcome=None)) is ADVICE


@pytest.mark.parametrize(
    "trace",
    [
        samples.trace(samples.refused(1, 0, 422), samples.submit(2, 1, DOG)),
        samples.trace(*refusals(0, 1, status=402), **jobs(2, samples.failed(402))),
        polled(404, 404, 404, 404, outcome=samples.failed(message="no such task (404)")),
        polled(200, 404, outcome=samples.failed(404)),
        polled(200, 404, outcome=None),
        polled(200, 404, outcome=Outcome(OutcomeStatus.CANCELLED)),
        polled(200, 404, abilities=frozenset()),
        samples.trace(SUBMIT, *polls(200, 404, told=False), outcome=FAILURE),
    ],
)
def test_a_refusal_that_is_heeded_passes(trace: Trace) -> None:
    assert verdict("no-retry-after-refusal", trace) is PASSED


@pytest.mark.parametrize("outcome", [FAILURE, SUCCESS, Outcome(OutcomeStatus.UNKNOWN)])
def test_a_refusal_that_the_caller_is_not_told_is_advised_against(outcome: Outcome) -> None:
    trace = polled(200, 404, outcome=outcome)
    assert verdict("no-retry-after-refusal", trace) is ADVICE
    assert "404" in seen("no-retry-after-refusal", trace)


@pytest.mark.parametrize("status", [200, 400, 401, 408, 409, 425, 429, 500, None])
def test_other_answers_have_rules_of_their_own(status: int | None) -> None:
    call = SUBMIT if status == 200 else samples.refused(1, 0, status)
    trace = samples.trace(call, samples.refused(2, 1, 503), outcome=FAILURE)
    assert verdict("no-retry-after-refusal", trace) is IDLE


def test_early_404s_are_not_final() -> None:
    assert verdict("no-retry-after-refusal", polled(404, 404, 200, outcome=SUCCESS)) is IDLE


@pytest.mark.parametrize("rule", ["last-error-told", "retry-count-resets"])
def test_who_reports_nothing_cannot_be_asked_what_it_told(rule: str) -> None:
    abilities = frozenset(Ability) - {Ability.REPORTS}
    trace = replace(rule_named(rule).guilty, abilities=abilities)
    assert verdict(rule, trace) is Verdict.NOT_APPLICABLE
