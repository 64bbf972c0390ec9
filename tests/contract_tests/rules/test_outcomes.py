"""The rules OUT-01 to OUT-09: what a caller is told, against what the server said."""

from dataclasses import replace
from typing import Any

import pytest

from contract_tests.finding import Verdict
from contract_tests.outcome import Outcome, OutcomeStatus
from contract_tests.rules import rule_named
from contract_tests.rules.base import samples
from contract_tests.trace import Ability, Done, Exchange, SavedFile, Trace
from mock_server.core.lifecycle import Phase

PASSED, FAILED, ADVICE = Verdict.PASSED, Verdict.FAILED, Verdict.ADVICE
IDLE = Verdict.NOT_EXERCISED
SUBMIT = samples.submit(1, 0)
SUCCESS = samples.poll(2, 5, Phase.SUCCEEDED)
FAILURE = samples.poll(2, 5, Phase.FAILED)
OTHER = f"{samples.ORIGIN}/generated/other.png"


def verdict(rule: str, trace: Trace) -> Verdict:
    return rule_named(rule).check(trace).verdict


def seen(rule: str, trace: Trace) -> str:
    return str(rule_named(rule).check(trace).seen)


def results(*urls: object) -> dict[str, Any]:
    """The facts of a poll that tells of these results."""
    data = [{"url": url} for url in urls]
    return {"content": samples.task_text(Phase.SUCCEEDED, result={"type": "image", "data": data})}


def told(*calls: Exchange, outcome: Outcome | None, **facts: Any) -> Trace:
    return samples.trace(*calls, jobs=(samples.done(outcome, **facts),))


# OUT-01


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


# OUT-02


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


# OUT-03


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


# OUT-04


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


# OUT-05 and OUT-06

PAGE = samples.poll(2, 5, content=b"<html>", fault="html(code=200)")
ODD = samples.poll(2, 5, content=samples.task_text(Phase.RUNNING, progress="50%"), fault="fields")


@pytest.mark.parametrize("call", [PAGE, replace(SUBMIT, content=b"null", created=False)])
@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"outcome": samples.failed(), "raised": "OrderError"}, PASSED),
        ({"outcome": samples.failed(), "raised": "KeyError", "typed": False}, FAILED),
        ({"outcome": None}, FAILED),
        ({"outcome": None, "stopped": samples.START}, PASSED),
        ({"outcome": None, "raised": "OrderError"}, PASSED),
        ({"outcome": samples.unknown()}, PASSED),
        ({"outcome": samples.succeeded()}, FAILED),
    ],
)
def test_an_unreadable_reply_ends_in_a_word_for_the_caller(
    call: Exchange, facts: dict[str, Any], expected: Verdict
) -> None:
    assert verdict("broken-reply-handled", told(call, **facts)) is expected


@pytest.mark.parametrize(
    "after", [SUCCESS, replace(SUCCESS, told=False, fault="wrong_length(by=10)")]
)
def test_an_unreadable_reply_may_be_followed_by_a_success(after: Exchange) -> None:
    trace = told(SUBMIT, PAGE, replace(after, number=3), outcome=samples.succeeded())
    assert verdict("broken-reply-handled", trace) is PASSED


def test_a_crash_after_a_good_reply_has_another_cause() -> None:
    trace = told(
        PAGE, samples.poll(3, 10), outcome=samples.failed(), raised="KeyError", typed=False
    )
    assert verdict("broken-reply-handled", trace) is PASSED


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"content": b"[]"}, PASSED),
        ({"content": b'{"id": "t1"}'}, PASSED),
        ({"reply_headers": ((b"content-type", b"text/plain"),)}, PASSED),
        ({"reply_headers": ()}, PASSED),
        ({"status": 502, "content": b"<html>"}, PASSED),
        ({"status": 502, "content": b'{"error": {}}'}, IDLE),
        ({"status": None, "content": b""}, IDLE),
        ({"status": 307, "content": b""}, IDLE),
        ({"content": b'{"id": "', "content_cut": True}, IDLE),
        ({"operation": "upload", "content": b"null"}, IDLE),
        ({}, IDLE),
    ],
)
def test_a_reply_is_unreadable_that_is_no_documented_object(
    facts: dict[str, Any], expected: Verdict
) -> None:
    trace = told(samples.poll(2, 5, **facts), outcome=samples.failed())
    assert verdict("broken-reply-handled", trace) is expected


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({"progress": "50%"}, PASSED),
        ({"progress": 50.5}, PASSED),
        ({"progress": True}, PASSED),
        ({"progress": None}, PASSED),
        ({"status": ["running"]}, PASSED),
        ({"id": {}}, PASSED),
        ({"progress": 50.0, "eta": "soon"}, IDLE),
    ],
)
def test_a_member_of_another_type_is_recognized(members: dict[str, Any], expected: Verdict) -> None:
    poll = samples.poll(2, 5, content=samples.task_text(Phase.RUNNING, **members))
    assert verdict("wrong-types-handled", told(poll, outcome=samples.failed())) is expected


def test_an_error_has_no_members_of_a_task() -> None:
    poll = samples.poll(2, 5, status=500, content=b'{"id": 7}')
    assert verdict("wrong-types-handled", told(poll, outcome=samples.failed())) is IDLE


def test_a_crash_or_a_hang_after_a_member_of_another_type_is_named() -> None:
    crash = told(ODD, outcome=samples.failed(), raised="TypeError", typed=False)
    assert seen("wrong-types-handled", crash) == "after the reply to call 2: a raw TypeError"
    hang = told(ODD, outcome=None)
    assert seen("wrong-types-handled", hang) == (
        "after the reply to call 2, the job never came to an end"
    )


# OUT-07


def slow(**facts: Any) -> Exchange:
    return samples.poll(2, 5, **{"total_wait": 180.0, "fault": "drip(rate=1)", **facts})


@pytest.mark.parametrize(
    ("call", "facts", "expected"),
    [
        (slow(ended=samples.START + 130, aborted=True), {}, PASSED),
        (slow(ended=samples.START + 131), {}, ADVICE),
        (slow(ended=samples.START + 131), {"gives_up_after": 200}, IDLE),
        (slow(ended=samples.START + 36), {"gives_up_after": 20}, ADVICE),
        (slow(ended=None), {"taken": 140}, ADVICE),
        (slow(ended=None), {"taken": 100}, IDLE),
        (slow(total_wait=100.0, ended=samples.START + 105), {}, IDLE),
        (slow(head_wait=180.0, ended=samples.START + 185), {}, IDLE),
    ],
)
def test_a_slow_body_is_given_up_in_time(
    call: Exchange, facts: dict[str, Any], expected: Verdict
) -> None:
    assert verdict("slow-body-timeout", samples.trace(SUBMIT, call, **facts)) is expected


# OUT-08

GONE = samples.download(3, 6, status=403)


@pytest.mark.parametrize(
    ("calls", "outcome", "expected"),
    [
        ((GONE,), samples.failed(), PASSED),
        ((GONE,), samples.succeeded(message="image 1 is gone"), PASSED),
        ((GONE,), samples.succeeded(), ADVICE),
        ((samples.download(3, 6, status=410),), samples.succeeded(), ADVICE),
        ((GONE, samples.poll(4, 11, Phase.SUCCEEDED), samples.download(5, 12)), None, PASSED),
        ((GONE, samples.download(4, 12)), samples.succeeded(), PASSED),
        ((GONE, samples.download(4, 12, status=403)), samples.failed(), PASSED),
        ((GONE, *[samples.download(n, n, status=403) for n in (7, 8)]), samples.failed(), ADVICE),
        ((samples.download(3, 6),), samples.succeeded(), IDLE),
    ],
)
def test_an_expired_result_is_reported_or_got_anew_once(
    calls: tuple[Exchange, ...], outcome: Outcome | None, expected: Verdict
) -> None:
    trace = told(SUBMIT, SUCCESS, *calls, outcome=outcome)
    assert verdict("expired-result-handled", trace) is expected


def test_who_reports_nothing_cannot_hide_an_expired_result() -> None:
    trace = told(SUBMIT, SUCCESS, GONE, outcome=samples.succeeded())
    mute = replace(trace, abilities=frozenset({Ability.DOWNLOADS}))
    assert verdict("expired-result-handled", mute) is PASSED


# OUT-09

CUT = samples.download(3, 6, fault="image(how=truncated)", told=False)
WHOLE = SavedFile("image-1.png", 1000, is_image=True, url=samples.RESULT)
HALF = SavedFile("image-1.png.part", 500, is_image=False)
NOTES = SavedFile("result.json", 80, is_image=False)


@pytest.mark.parametrize(
    ("calls", "outcome", "files", "expected"),
    [
        ((CUT,), samples.failed(), (), PASSED),
        ((CUT,), samples.failed(), (NOTES,), PASSED),
        ((CUT,), samples.failed(), (HALF,), ADVICE),
        ((CUT,), samples.succeeded(), (HALF, NOTES), ADVICE),
        ((CUT, samples.download(4, 8)), samples.succeeded(), (WHOLE,), PASSED),
        ((samples.download(2, 5), CUT), samples.succeeded(), (WHOLE,), IDLE),
        ((CUT, replace(CUT, number=4)), samples.succeeded(), (WHOLE,), IDLE),
        ((samples.download(3, 6),), samples.succeeded(), (HALF,), IDLE),
        ((samples.download(3, 6, status=500, told=False),), samples.failed(), (HALF,), IDLE),
    ],
)
def test_a_spoiled_download_does_not_stay(
    calls: tuple[Exchange, ...],
    outcome: Outcome,
    files: tuple[SavedFile, ...],
    expected: Verdict,
) -> None:
    trace = told(*calls, outcome=outcome, files=files)
    assert verdict("download-checked", trace) is expected


def test_a_file_that_stays_is_named() -> None:
    trace = told(CUT, outcome=samples.failed(), files=(HALF,))
    expected = "image-1.png.part (500 bytes) is no whole image and was left after call 3"
    assert seen("download-checked", trace) == expected


def test_rules_about_outcomes_do_not_apply_to_who_reports_none() -> None:
    jobs: tuple[Done, ...] = (samples.done(samples.succeeded()),)
    trace = samples.trace(SUBMIT, FAILURE, jobs=jobs, abilities=frozenset())
    for rule in ("failure-is-an-error", "exact-results", "download-checked"):
        assert verdict(rule, trace) is Verdict.NOT_APPLICABLE
