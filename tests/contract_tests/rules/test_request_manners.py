"""The rules REQ-07 to REQ-10: values out of range, nulls, codings and names."""

from dataclasses import replace

import pytest

from contract_tests.finding import Verdict
from contract_tests.outcome import Outcome, OutcomeStatus
from contract_tests.rules import rule_named
from contract_tests.rules.base import samples
from contract_tests.trace import Done, Exchange, Trace
from mock_server.core.lifecycle import Phase
from mock_server.core.refusal import Problem
from tests.contract_tests.rules.asking import ORDER, asked, form, raw
from tests.contract_tests.rules.judged import ADVICE, FAILED, IDLE, OPEN, PASSED, seen, verdict

FIVE = samples.refused(1, 0, 400, body={**ORDER, "n": 5})


@pytest.mark.parametrize(
    "trace",
    [
        asked(outcome=samples.failed(message="n must be at most 4"), n=5),
        asked(FIVE, outcome=samples.failed("e400"), n=5),
        asked(FIVE, n=5),
        asked(raw(b"five cats", status=400), outcome=samples.failed("e400"), n=5),
        asked(form(("n", "5"), status=400), outcome=samples.failed("e400"), n=5),
    ],
)
def test_what_is_refused_here_or_there_was_not_clamped(trace: Trace) -> None:
    assert verdict("no-silent-clamp", trace) is PASSED


@pytest.mark.parametrize(
    "call",
    [
        samples.submit(1, 0, {**ORDER, "n": 4}),
        samples.refused(1, 0, 429, body={**ORDER, "n": 4}),
        form(("prompt", "a cat"), ("n", "4")),
    ],
)
def test_an_order_that_was_made_to_fit_fails(call: Exchange) -> None:
    trace = asked(call, outcome=samples.failed(), n=5)
    assert verdict("no-silent-clamp", trace) is FAILED


def test_a_success_without_an_order_fails() -> None:
    trace = asked(FIVE, outcome=samples.succeeded(), n=5)
    assert verdict("no-silent-clamp", trace) is FAILED
    assert "success" in seen("no-silent-clamp", trace)


def test_who_reports_nothing_is_judged_by_its_calls() -> None:
    trace = replace(asked(FIVE, outcome=samples.succeeded(), n=5), abilities=frozenset())
    assert verdict("no-silent-clamp", trace) is PASSED


def test_several_orders_that_make_up_the_number_are_no_clamp() -> None:
    calls = samples.submit(1, 0, {**ORDER, "n": 4}), samples.submit(2, 1, ORDER, task="t2")
    trace = asked(*calls, outcome=samples.succeeded(*"abcde"), n=5)
    assert verdict("no-silent-clamp", trace) is PASSED


def test_several_orders_do_not_excuse_another_change() -> None:
    def explain(body: object) -> tuple[Problem, ...]:
        assert isinstance(body, dict)
        is_wrong = body.get("size") == "9:1"
        return (Problem(("size",), "enum", "no such size"),) if is_wrong else ()

    terms = replace(samples.TERMS, models={"sample-image": explain})
    trace = replace(asked(samples.submit(1, 0), size="9:1"), terms=terms)
    assert verdict("no-silent-clamp", trace) is FAILED


def test_a_success_of_as_many_images_as_were_asked_for_is_none_of_its_business() -> None:
    no_images = Outcome(OutcomeStatus.SUCCEEDED)
    assert verdict("no-silent-clamp", asked(outcome=no_images, n=0)) is PASSED


@pytest.mark.parametrize(
    "trace",
    [
        samples.trace(samples.submit(1, 0)),
        asked(samples.submit(1, 0), n=4),
        samples.trace(FIVE, jobs=(samples.done(None), samples.done(None, job=samples.job(n=5)))),
    ],
)
def test_a_clamp_shows_where_all_jobs_are_out_of_range(trace: Trace) -> None:
    assert verdict("no-silent-clamp", trace) is IDLE


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (samples.submit(1, 0, {**ORDER, "n": None, "size": None}), ADVICE),
        (samples.submit(1, 0, {**ORDER, "metadata": {"mine": None}}), PASSED),
        (form(("prompt", "null"), ("size", "1:1")), PASSED),
        (form(("prompt", "a cat"), ("size", "undefined")), ADVICE),
        (raw(b"null"), IDLE),
    ],
)
def test_a_field_without_a_value_is_left_out(call: Exchange, expected: Verdict) -> None:
    assert verdict("no-nulls", samples.trace(call)) is expected


def test_lists_of_a_form_are_read_as_lists() -> None:
    fields = ("prompt", "a cat"), ("reference_images", "http://a/1.png"), ("tags[]", "x")
    call = form(*fields, files=("reference_images", "mask_url"))
    assert verdict("no-nulls", samples.trace(call)) is PASSED


def test_a_form_that_the_journal_cut_says_nothing() -> None:
    call = replace(form(), body=b'{"fields": 7}')
    assert verdict("no-nulls", samples.trace(call)) is PASSED


def packed(call: Exchange, coding: bytes = b"gzip", accept: bytes = b"gzip, deflate") -> Exchange:
    fields = (*call.headers, (b"accept-encoding", accept))
    return replace(call, headers=fields, reply_headers=((b"content-encoding", coding),))


SUBMITTED = packed(samples.submit(1, 0))

RUNNING = packed(samples.poll(2, 5))

ENDED = packed(samples.poll(2, 5, Phase.SUCCEEDED))


@pytest.mark.parametrize(
    "calls",
    [
        (SUBMITTED, samples.poll(2, 5, Phase.SUCCEEDED)),
        (samples.submit(1, 0), RUNNING, samples.poll(3, 10, Phase.SUCCEEDED)),
        (samples.submit(1, 0), ENDED),
        (packed(samples.submit(1, 0), b"x-gzip"), samples.poll(2, 5, Phase.SUCCEEDED)),
        (packed(samples.submit(1, 0), b"deflate", b"*"), samples.poll(2, 5, Phase.SUCCEEDED)),
    ],
)
def test_a_compressed_reply_that_was_understood_passes(calls: tuple[Exchange, ...]) -> None:
    trace = samples.trace(*calls, outcome=samples.succeeded())
    assert verdict("gzip-decoded", trace) is PASSED


WITHOUT_IMAGES = samples.task_text(Phase.SUCCEEDED, result={"data": []})


@pytest.mark.parametrize(
    "calls",
    [
        (SUBMITTED,),
        (samples.submit(1, 0), RUNNING),
        (samples.submit(1, 0), ENDED),
        (samples.submit(1, 0), ENDED, samples.poll(3, 10, Phase.SUCCEEDED)),
    ],
)
def test_a_compressed_reply_that_was_lost_fails(calls: tuple[Exchange, ...]) -> None:
    assert verdict("gzip-decoded", samples.trace(*calls, outcome=samples.failed())) is FAILED


def test_a_crash_at_a_compressed_reply_fails() -> None:
    done = samples.done(samples.failed(), raised="json.JSONDecodeError", typed=False)
    calls = samples.submit(1, 0), packed(samples.poll(2, 5, Phase.FAILED))
    assert verdict("gzip-decoded", samples.trace(*calls, jobs=(done,))) is FAILED


def test_another_poll_shows_that_the_last_one_was_understood() -> None:
    calls = samples.submit(1, 0), RUNNING, samples.poll(3, 10, Phase.FAILED)
    assert verdict("gzip-decoded", samples.trace(*calls, outcome=samples.failed())) is PASSED


def test_a_download_shows_that_the_end_was_understood() -> None:
    calls = samples.submit(1, 0), ENDED, samples.download(3, 6)
    assert verdict("gzip-decoded", samples.trace(*calls, outcome=samples.failed())) is PASSED


@pytest.mark.parametrize(
    "call",
    [
        samples.submit(1, 0),
        packed(samples.submit(1, 0), accept=b"identity"),
        packed(samples.submit(1, 0), accept=b"gzip;q=0, br"),
        packed(samples.submit(1, 0), b"br", b"br"),
        packed(samples.submit(1, 0, fault="gzip(bare_deflate)"), b"deflate"),
        packed(samples.submit(1, 0, told=False)),
        packed(samples.submit(1, 0, aborted=True)),
        packed(samples.refused(1, 0)),
        packed(samples.poll(2, 5, Phase.FAILED)),
        packed(samples.poll(2, 5, Phase.SUCCEEDED, content=WITHOUT_IMAGES)),
    ],
)
def test_a_reply_that_need_not_be_understood_shows_nothing(call: Exchange) -> None:
    trace = samples.trace(call, outcome=samples.failed())
    assert verdict("gzip-decoded", trace) is IDLE


@pytest.mark.parametrize(
    "done",
    [
        samples.done(None),
        samples.done(Outcome(OutcomeStatus.CANCELLED)),
        samples.done(samples.failed(), stopped=samples.START + 1),
    ],
)
@pytest.mark.parametrize("call", [SUBMITTED, ENDED])
def test_who_was_stopped_may_have_understood(done: Done, call: Exchange) -> None:
    assert verdict("gzip-decoded", samples.trace(call, jobs=(done,))) is IDLE


def test_who_ran_out_of_time_may_have_understood() -> None:
    late = samples.done(samples.failed(), started=samples.START - samples.POLLING.max_wait)
    assert verdict("gzip-decoded", samples.trace(SUBMITTED, jobs=(late,))) is IDLE


def test_an_empty_name_is_no_name() -> None:
    trace = samples.trace(samples.submit(1, 0, headers=((b"user-agent", b" "),)))
    assert verdict("names-itself", trace) is ADVICE


def test_without_a_call_nobody_has_a_name() -> None:
    assert verdict("names-itself", samples.trace()) is IDLE


@pytest.mark.parametrize("rule", ["valid-request", "bearer-once", "exact-path", "prompt-intact"])
def test_calls_that_were_dropped_leave_it_open(rule: str) -> None:
    innocent = rule_named(rule).innocent
    calls = replace(innocent.calls, dropped=3)
    assert verdict(rule, replace(innocent, calls=calls)) is OPEN
