"""The rules OUT-05 to OUT-09: what a caller is told of odd replies, and left of bad files."""

from dataclasses import replace
from typing import Any

import pytest

from contract_tests.finding import Verdict
from contract_tests.outcome import Outcome
from contract_tests.rules.base import samples
from contract_tests.trace import Ability, Done, Exchange, SavedFile
from mock_server.core.lifecycle import Phase
from tests.contract_tests.rules.judged import ADVICE, FAILED, IDLE, PASSED, seen, verdict
from tests.contract_tests.rules.telling import FAILURE, SUBMIT, SUCCESS, told

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
