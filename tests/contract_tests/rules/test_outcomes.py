"""The rules OUT-01 to OUT-04: what a caller is told, against what the server said."""

from dataclasses import replace
from typing import Any

import pytest

from contract_tests.finding import Verdict
from contract_tests.outcome import Outcome, OutcomeStatus
from contract_tests.rules.base import samples
from contract_tests.trace import Exchange, Trace
from mock_server.core.lifecycle import Phase
from tests.contract_tests.rules.judged import ADVICE, FAILED, IDLE, PASSED, seen, verdict
from tests.contract_tests.rules.telling import FAILURE, SUBMIT, SUCCESS, told

OTHER = f"{samples.ORIGIN}/generated/other.png"


def results(*urls: object) -> dict[str, Any]:
    """The facts of a poll that tells of these results."""
    data = [{"url": url} for url in urls]
    return {"content": samples.task_text(Phase.SUCCEEDED, result={"type": "image", "data": data})}


def test_a_success_without_a_task_id_hides_a_failure() -> None:
    trace = told(SUBMIT, FAILURE, outcome=Outcome(OutcomeStatus.SUCCEEDED))
    assert verdict("failure-is-an-error", trace) is FAILED


def test_a_second_task_that_succeeded_is_a_success() -> None:
    second = samples.submit(3, 10, task="t2"), samples.poll(4, 15, Phase.SUCCEEDED, task="t2")
    outcome = Outcome(OutcomeStatus.SUCCEEDED, "t2", (samples.RESULT,))
    trace = told(SUBMIT, FAILURE, *second, outcome=outcome)
    assert verdict("failure-is-an-error", trace) is PASSED


@pytest.mark.parametrize("calls", [(SUBMIT, SUCCESS), (SUBMIT, replace(FAILURE, told=False))])
def test_where_no_failure_was_told_nothing_was_shown(calls: tuple[Exchange, ...]) -> None:
    assert verdict("failure-is-an-error", told(*calls, outcome=samples.succeeded())) is IDLE


def test_who_had_to_be_ended_has_hidden_nothing() -> None:
    assert verdict("failure-is-an-error", told(SUBMIT, FAILURE, outcome=None)) is IDLE


def test_of_two_jobs_each_is_held_to_its_own_task() -> None:
    calls = (
        samples.submit(1, 0, {"prompt": "cat a"}, task="ta"),
        samples.submit(2, 0, {"prompt": "cat b"}, task="tb"),
        samples.poll(3, 5, Phase.FAILED, task="ta"),
        samples.poll(4, 5, Phase.SUCCEEDED, task="tb"),
    )
    honest = Outcome(OutcomeStatus.FAILED), Outcome(OutcomeStatus.SUCCEEDED, "tb")
    for outcomes, expected in ((honest, PASSED), (honest[::-1], FAILED)):
        jobs = tuple(
            samples.done(outcome, job=samples.job(prompt=f"cat {name}"))
            for name, outcome in zip("ab", outcomes, strict=True)
        )
        assert verdict("failure-is-an-error", samples.trace(*calls, jobs=jobs)) is expected


def test_jobs_with_one_prompt_are_held_to_the_task_that_they_report() -> None:
    calls = (
        samples.submit(1, 0, task="ta"),
        samples.submit(2, 0, task="tb"),
        samples.poll(3, 5, Phase.FAILED, task="tb"),
    )
    jobs = tuple(samples.done(Outcome(OutcomeStatus.SUCCEEDED, task)) for task in ("ta", "tb"))
    assert verdict("failure-is-an-error", samples.trace(*calls, jobs=jobs)) is FAILED
    silent = samples.done(Outcome(OutcomeStatus.SUCCEEDED)), samples.done(None)
    assert verdict("failure-is-an-error", samples.trace(*calls, jobs=silent)) is IDLE


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        (samples.failed("e400", "in plain words"), PASSED),
        (samples.failed(None, "refused: in  plain\nwords (e400)"), PASSED),
        (samples.failed("e400", "no luck"), FAILED),
        (samples.failed(None, "in plain words"), FAILED),
        (samples.failed(), FAILED),
        (samples.unknown(), IDLE),
        (samples.succeeded(), IDLE),
        (None, IDLE),
    ],
)
def test_code_and_message_of_a_refusal_are_told(outcome: Outcome | None, expected: Verdict) -> None:
    trace = told(samples.refused(1, 0, 400), outcome=outcome)
    assert verdict("error-details-told", trace) is expected


def test_a_failed_task_of_unknown_outcome_is_told_badly() -> None:
    assert verdict("error-details-told", told(SUBMIT, FAILURE, outcome=samples.unknown())) is FAILED
    outcome = samples.failed("generation_failed", "task t1: no luck")
    assert verdict("error-details-told", told(SUBMIT, FAILURE, outcome=outcome)) is PASSED


def test_what_is_missing_is_named() -> None:
    trace = told(samples.refused(1, 0, 400), outcome=samples.failed("e400", "no"))
    expected = "the message of call 1 did not reach the caller: 'e400', 'no'"
    assert seen("error-details-told", trace) == expected


def test_a_number_as_code_is_a_code_and_an_error_may_have_none() -> None:
    content = b'{"error": {"code": 7, "message": "no"}}'
    trace = told(samples.refused(1, 0, 400, content=content), outcome=samples.failed("7", "no"))
    assert verdict("error-details-told", trace) is PASSED
    bare = told(samples.refused(1, 0, 400, content=b'{"message": "no"}'), outcome=samples.failed())
    assert seen("error-details-told", bare).startswith("the message of call 1")


def test_whose_patience_has_ended_need_not_name_the_last_429() -> None:
    calls = SUBMIT, samples.poll(2, 119, status=429, content=samples.error("busy"))
    for until, expected in ((120.0, IDLE), (119.5, FAILED)):
        trace = told(*calls, outcome=samples.failed(None, "timeout"), until=until)
        assert verdict("error-details-told", trace) is expected


@pytest.mark.parametrize(
    "content", [b"<html>", samples.error("e400", f"no such key: sk-...{samples.KEY[-4:]}")]
)
def test_what_was_no_message_or_was_masked_cannot_be_compared(content: bytes) -> None:
    trace = told(samples.refused(1, 0, 400, content=content), outcome=samples.failed())
    assert verdict("error-details-told", trace) is IDLE


def test_a_job_without_calls_or_that_was_stopped_tells_nothing_of_errors() -> None:
    assert verdict("error-details-told", told(outcome=samples.failed())) is IDLE
    stopped = told(samples.refused(1, 0, 400), outcome=samples.failed(), stopped=samples.START)
    assert verdict("error-details-told", stopped) is IDLE


@pytest.mark.parametrize(
    ("urls", "words"),
    [
        ((samples.RESULT,), f"succeeded: 1 URLs reported, 2 served, {OTHER} is missing"),
        ((OTHER, samples.RESULT), "succeeded: 2 URLs reported, 2 served, in another order"),
        (
            (samples.RESULT, OTHER, "http://x/"),
            "succeeded: 3 URLs reported, 2 served, http://x/ was not among them",
        ),
    ],
)
def test_results_that_are_lost_moved_or_invented_are_named(
    urls: tuple[str, ...], words: str
) -> None:
    poll = samples.poll(2, 5, Phase.SUCCEEDED, **results(samples.RESULT, OTHER))
    trace = told(SUBMIT, poll, outcome=samples.succeeded(*urls))
    assert verdict("exact-results", trace) is FAILED
    assert seen("exact-results", trace) == words


def test_results_of_a_job_that_was_split_may_come_task_by_task() -> None:
    calls = (
        SUBMIT,
        samples.submit(2, 0, task="t2"),
        SUCCESS,
        samples.poll(4, 5, Phase.SUCCEEDED, task="t2", **results(OTHER, "http://x/")),
    )
    for urls, expected in (
        ((OTHER, "http://x/", samples.RESULT), PASSED),
        ((samples.RESULT,), PASSED),
        (("http://x/", OTHER, samples.RESULT), FAILED),
        ((OTHER, samples.RESULT), FAILED),
    ):
        trace = told(*calls, outcome=samples.succeeded(*urls))
        assert verdict("exact-results", trace) is expected


def test_a_success_for_no_reason_reported_as_a_failure_loses_the_results() -> None:
    trace = told(SUBMIT, SUCCESS, outcome=samples.failed())
    assert verdict("exact-results", trace) is FAILED
    words = f"failed: 0 URLs reported, 1 served, {samples.RESULT} is missing"
    assert seen("exact-results", trace) == words


@pytest.mark.parametrize(
    "trace",
    [
        told(SUBMIT, SUCCESS, samples.download(3, 6, status=403), outcome=samples.failed()),
        told(SUBMIT, replace(SUCCESS, fault="headers"), outcome=samples.failed()),
        told(SUBMIT, SUCCESS, outcome=samples.failed(), job=samples.job(n=2)),
        told(SUBMIT, SUCCESS, outcome=samples.failed(), until=120.0),
        told(SUBMIT, SUCCESS, outcome=samples.failed(), stopped=samples.START),
        told(SUBMIT, SUCCESS, outcome=None),
        told(SUBMIT, samples.poll(2, 5, Phase.SUCCEEDED, **results()), outcome=samples.succeeded()),
        told(SUBMIT, outcome=samples.succeeded()),
    ],
)
def test_results_for_whose_loss_there_was_a_reason_need_not_be_told(trace: Trace) -> None:
    assert verdict("exact-results", trace) is IDLE


@pytest.mark.parametrize("urls", [(), (None,), ("",), (samples.RESULT,)])
def test_fewer_results_than_ordered_are_no_plain_success(urls: tuple[object, ...]) -> None:
    poll = samples.poll(2, 5, Phase.SUCCEEDED, **results(*urls))
    plain = told(SUBMIT, poll, outcome=samples.succeeded(), job=samples.job(n=2))
    assert verdict("missing-results-noticed", plain) is ADVICE
    with_word = samples.succeeded(message="some are missing")
    told_so = told(SUBMIT, poll, outcome=with_word, job=samples.job(n=2))
    assert verdict("missing-results-noticed", told_so) is PASSED


def test_a_whole_result_or_no_report_shows_nothing_of_missing_ones() -> None:
    whole = told(SUBMIT, SUCCESS, outcome=samples.succeeded())
    assert verdict("missing-results-noticed", whole) is IDLE
    silent = told(SUBMIT, SUCCESS, outcome=None, job=samples.job(n=2))
    assert verdict("missing-results-noticed", silent) is IDLE


def test_a_reply_without_a_list_has_no_results() -> None:
    content = samples.task_text(Phase.SUCCEEDED, result={"type": "image", "data": 7})
    poll = samples.poll(2, 5, Phase.SUCCEEDED, content=content)
    assert verdict("missing-results-noticed", told(SUBMIT, poll, outcome=samples.succeeded())) is (
        ADVICE
    )
