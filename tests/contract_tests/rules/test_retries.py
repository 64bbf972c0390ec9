"""The rules RET-01 to RET-11: what is tried again, how often, and what is told in the end."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import accumulate
from pathlib import Path
from typing import Any

import pytest

from contract_tests.finding import Verdict
from contract_tests.outcome import Outcome, OutcomeStatus
from contract_tests.rules import rule_named
from contract_tests.rules.base import samples
from contract_tests.trace import Ability, Exchange, Timing, Trace
from mock_server.core.lifecycle import Phase
from tests.contract_tests.rules.judged import drawn

PASSED, FAILED, ADVICE = Verdict.PASSED, Verdict.FAILED, Verdict.ADVICE
IDLE, INCONCLUSIVE = Verdict.NOT_EXERCISED, Verdict.INCONCLUSIVE
SUBMIT = samples.submit(1, 0)
FAILURE = samples.failed("some_error", "it failed")
SUCCESS = samples.succeeded()
DOG = {"model": "sample-image", "prompt": "a dog"}
LEFT_EARLY: dict[str, Any] = {
    "head_wait": 5.0,
    "total_wait": 5.0,
    "aborted": True,
    "ended": samples.START + 1,
}


def verdict(rule: str, trace: Trace) -> Verdict:
    return rule_named(rule).check(trace).verdict


def seen(rule: str, trace: Trace) -> str:
    return str(rule_named(rule).check(trace).seen)


def jobs(count: int, outcome: Outcome | None = FAILURE, **job: Any) -> dict[str, Any]:
    """So many equal jobs."""
    done = [samples.done(outcome, job=samples.job(id=str(n), **job)) for n in range(count)]
    return {"jobs": tuple(done)}


def refusals(*times: float, status: int | None = 429, **facts: Any) -> list[Exchange]:
    """Submits at these times, all of them turned down."""
    return [samples.refused(n, at, status, **facts) for n, at in enumerate(times, 1)]


def polls(*statuses: int | None, every: float = 5.0, **facts: Any) -> list[Exchange]:
    """Polls with these answers, one after the other."""
    return [
        samples.poll(number, every * number, status=status, fault=None, **facts)
        for number, status in enumerate(statuses, 2)
    ]


def polled(*statuses: int | None, outcome: Outcome | None = FAILURE, **facts: Any) -> Trace:
    """A task that was polled with these answers, and reported so."""
    return samples.trace(SUBMIT, *polls(*statuses), outcome=outcome, **facts)


def stopped(outcome: Outcome | None = FAILURE, **facts: Any) -> dict[str, Any]:
    """A job that its caller stopped."""
    return {"jobs": (samples.done(outcome, stopped=samples.START + 1, **facts),)}


# no-retry-after-400


def upload(number: int, at: float, digest: bytes = b"a", **facts: Any) -> Exchange:
    return replace(
        samples.refused(number, at, operation="upload", **{"status": 400, **facts}), digest=digest
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


# no-retry-after-401


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


# poll-stops-on-refusal


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
        (polled(401, outcome=SUCCESS, dropped=2), INCONCLUSIVE),
    ],
)
def test_what_the_journal_lost_excuses_a_success_but_no_poll(
    trace: Trace, expected: Verdict
) -> None:
    assert verdict("poll-stops-on-refusal", trace) is expected


# retry-429-submit


def given_up(*calls: Exchange, **facts: Any) -> Trace:
    return samples.trace(*calls, **{"outcome": FAILURE, **facts})


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
    assert verdict("retry-429-submit", given_up(*refusals(0), dropped=2)) is INCONCLUSIVE


@pytest.mark.parametrize("call", [SUBMIT, samples.refused(1, 0, 429, **LEFT_EARLY)])
def test_without_a_429_that_was_heard_there_is_nothing_to_retry(call: Exchange) -> None:
    assert verdict("retry-429-submit", given_up(call)) is IDLE


# retry-429-poll


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
        (polled(429, dropped=1), INCONCLUSIVE),
    ],
)
def test_a_refused_poll_that_need_not_be_made_again_shows_nothing(
    trace: Trace, expected: Verdict
) -> None:
    assert verdict("retry-429-poll", trace) is expected


# retries-bounded


MOST = samples.BACKOFF.retries_at_most


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
    assert verdict("retries-bounded", trace) is INCONCLUSIVE


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


# last-error-told


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


# retry-count-resets


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


# poll-survives-5xx


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
        (polled(503, dropped=1), INCONCLUSIVE),
    ],
)
def test_less_than_two_failures_in_a_row_show_nothing(trace: Trace, expected: Verdict) -> None:
    assert verdict("poll-survives-5xx", trace) is expected


# submit-5xx-policy


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
    assert verdict("submit-5xx-policy", given_up(*refusals(*times, status=503))) is INCONCLUSIVE


@pytest.mark.parametrize("seed", range(50))
def test_full_jitter_is_never_blamed_for_its_short_waits(seed: int) -> None:
    times = accumulate(drawn(0.0, 1.0, seed), initial=0.0)
    trace = given_up(*refusals(*times, status=503))
    assert verdict("submit-5xx-policy", trace) in (PASSED, INCONCLUSIVE)


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
    rows = (((0, 0.001), INCONCLUSIVE), ((0, 0.001, 0.002, 0.003), ADVICE))
    for times, expected in rows:
        trace = given_up(*refusals(*times, status=503), timing=Timing(virtual=False))
        assert verdict("submit-5xx-policy", trace) is expected


def test_real_timers_may_go_off_a_little_early() -> None:
    calls = refusals(0, 0.09, status=503)
    for timing, expected in ((Timing(), INCONCLUSIVE), (Timing(virtual=False), PASSED)):
        assert verdict("submit-5xx-policy", given_up(*calls, timing=timing)) is expected


@pytest.mark.parametrize("status", [200, 400, 429, None])
def test_other_answers_are_other_rules_business(status: int | None) -> None:
    call = SUBMIT if status == 200 else samples.refused(1, 0, status)
    assert verdict("submit-5xx-policy", samples.trace(call)) is IDLE


# no-retry-after-refusal


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
