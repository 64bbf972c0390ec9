"""The rules REQ-01 to REQ-10: what a client sends, and how it reads what is compressed."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from contract_tests.finding import Verdict
from contract_tests.outcome import Outcome, OutcomeStatus
from contract_tests.rules import rule_named
from contract_tests.rules.base import samples
from contract_tests.trace import Done, Exchange, Trace
from mock_server.core.contract import FieldNames
from mock_server.core.lifecycle import Phase
from mock_server.core.refusal import Problem
from mock_server.core.routes import Route, Routes

PASSED, FAILED, ADVICE = Verdict.PASSED, Verdict.FAILED, Verdict.ADVICE
IDLE, INCONCLUSIVE = Verdict.NOT_EXERCISED, Verdict.INCONCLUSIVE
FORM = (b"content-type", b"multipart/form-data; boundary=x")
ORDER = {"model": "sample-image", "prompt": samples.PROMPT}


def verdict(rule: str, trace: Trace) -> Verdict:
    return rule_named(rule).check(trace).verdict


def seen(rule: str, trace: Trace) -> str:
    return str(rule_named(rule).check(trace).seen)


def form(*fields: tuple[str, str], files: tuple[str, ...] = (), **facts: Any) -> Exchange:
    """A submit as a form, as the journal tells of it."""
    shown = {"fields": fields, "files": [[name, "a.png", 9] for name in files], "broken": None}
    return samples.submit(1, 0, shown, headers=(FORM, *samples.authorized()), **facts)


def raw(body: bytes, number: int = 1, at: float = 0, **facts: Any) -> Exchange:
    """A submit with exactly these bytes."""
    return replace(samples.submit(number, at, **facts), body=body, digest=body)


def asked(*calls: Exchange, outcome: Outcome | None = None, **job: Any) -> Trace:
    """The calls of a client whose caller asked for this."""
    return samples.trace(*calls, jobs=(samples.done(outcome, job=samples.job(**job)),))


# valid-request


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"model=sample-image&prompt=a+cat",
        b'["a cat"]',
        b'\xef\xbb\xbf{"model": "sample-image", "prompt": "a cat"}',
        b'{"model": "sample-image", "prompt": "a cat", "n": 9}',
        b'{"model": "unheard-of", "prompt": "a cat"}',
    ],
)
def test_a_body_that_breaks_the_schema_fails(body: bytes) -> None:
    assert verdict("valid-request", samples.trace(raw(body))) is FAILED


@pytest.mark.parametrize("body", [b'{"prompt": "a cat"}', b'{"model": "", "prompt": "a cat"}'])
def test_a_body_without_a_model_is_held_against_the_default_one(body: bytes) -> None:
    assert verdict("valid-request", samples.trace(raw(body))) is PASSED


def test_a_body_is_judged_even_where_a_fault_came_first() -> None:
    trace = samples.trace(samples.refused(1, 0, body={"model": "sample-image"}))
    assert verdict("valid-request", trace) is FAILED


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (form(("prompt", "a cat")), PASSED),
        (form(("n", "9"), status=400), FAILED),
        # Nobody looked at the form before the fault struck.
        (form(("prompt", "a cat"), status=429, fault="429"), IDLE),
        (form(("prompt", "a cat"), status=400, fault="400"), IDLE),
    ],
)
def test_of_a_form_the_answer_tells_whether_it_was_right(call: Exchange, expected: Verdict) -> None:
    assert verdict("valid-request", samples.trace(call)) is expected


def test_a_body_that_was_cut_is_not_judged() -> None:
    assert verdict("valid-request", samples.trace(raw(b'{"model', body_cut=True))) is IDLE


@pytest.mark.parametrize(
    "job",
    [
        {"n": 5},
        {"prompt": "half a pair: \ud83d"},
        {"prompt": "nothing: \0"},
        {"model": "unheard-of"},
    ],
)
def test_what_the_caller_asked_wrongly_is_not_the_clients_doing(job: dict[str, Any]) -> None:
    trace = asked(samples.refused(1, 0, 400, body={"n": 5}), **job)
    assert verdict("valid-request", trace) is IDLE


def test_all_that_a_caller_can_ask_for_is_put_to_the_schema() -> None:
    asks_for: list[object] = []

    def explain(body: object) -> tuple[Problem, ...]:
        asks_for.append(body)
        return ()

    terms = replace(samples.TERMS, models={"sample-image": explain})
    job = samples.job(size="1:1", references=("http://a/1.png",), mask="http://a/2.png")
    trace = samples.trace(jobs=(samples.done(None, job=job),), terms=terms)
    assert verdict("valid-request", trace) is IDLE
    assert asks_for == [
        {
            **ORDER,
            "n": 1,
            "size": "1:1",
            "reference_images": ["http://a/1.png"],
            "mask_url": "http://a/2.png",
        }
    ]


def test_files_stand_for_references_where_a_caller_has_no_urls() -> None:
    def explain(body: object) -> tuple[Problem, ...]:
        assert isinstance(body, dict)
        return () if len(body.get("images", ())) == 2 else (Problem(("images",), "type", "no"),)

    # Of several names for references, that which fits counts; masks are unknown here.
    fields = FieldNames(("prompt",), ("n",), ("urls", "images"))
    terms = replace(samples.TERMS, models={"sample-image": explain}, fields=fields)
    job = samples.job(reference_files=(Path("1.png"), Path("2.png")), mask="http://a/2.png")
    call = raw(b'{"prompt": "a cat", "images": [1, 2], "model": "sample-image"}')
    trace = samples.trace(call, jobs=(samples.done(None, job=job),), terms=terms)
    assert verdict("valid-request", trace) is PASSED


def test_a_vendor_without_references_still_has_orders() -> None:
    terms = replace(samples.TERMS, fields=FieldNames(("prompt",), ("n",), ()))
    job = samples.job(references=("http://a/1.png",))
    trace = samples.trace(samples.submit(1, 0), jobs=(samples.done(None, job=job),), terms=terms)
    assert verdict("valid-request", trace) is PASSED


# json-content-type


def labelled(*labels: bytes, **facts: Any) -> Trace:
    headers = tuple((b"content-type", label) for label in labels)
    return samples.trace(samples.submit(1, 0, headers=headers), **facts)


@pytest.mark.parametrize("label", [b"application/json", b"Application/JSON;charset=UTF-8"])
def test_json_is_json_in_any_case_and_with_any_parameters(label: bytes) -> None:
    assert verdict("json-content-type", labelled(label)) is PASSED


@pytest.mark.parametrize(
    "labels",
    [(), (b"",), (b"text/plain",), (b"application/json", b"text/plain"), (FORM[1],)],
)
def test_another_label_or_none_fails(labels: tuple[bytes, ...]) -> None:
    assert verdict("json-content-type", labelled(*labels)) is FAILED


def test_a_form_is_as_good_where_it_is_documented() -> None:
    kinds = ("application/json", "multipart/form-data")
    routes = Routes([Route("submit", "POST", samples.SUBMIT, content_types=kinds)])
    terms = replace(samples.TERMS, routes=routes)
    assert verdict("json-content-type", labelled(FORM[1], terms=terms)) is PASSED


def test_without_a_submit_no_label_is_seen() -> None:
    assert verdict("json-content-type", samples.trace(samples.poll(1, 0))) is IDLE


# bearer-once


def authorized(*values: bytes, key: str | None = None) -> Trace:
    fields = tuple((b"authorization", value) for value in values)
    usual = samples.submit(1, 0)
    call = replace(usual, headers=fields, key=usual.key if key is None else key)
    return samples.trace(call, outcome=samples.succeeded())


SHOWN = samples.authorized()[0][1]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ((), "no Authorization"),
        ((SHOWN, SHOWN), "2 Authorization"),
        ((b"Basic ...cret",), "Basic"),
        ((b"",), "nothing"),
        ((b"bearer sk-...2345",), "another key"),
    ],
)
def test_anything_but_one_bearer_fails(values: tuple[bytes, ...], words: str) -> None:
    trace = authorized(*values)
    assert verdict("bearer-once", trace) is FAILED
    assert words in seen("bearer-once", trace)


def test_the_scheme_may_be_written_in_any_case() -> None:
    from mock_server.core.keys import owner_of

    trace = authorized(b"bearer sk-...2345", key=owner_of(f"bearer {samples.KEY}"))
    assert verdict("bearer-once", trace) is PASSED


def test_where_the_key_is_not_known_any_bearer_will_do() -> None:
    assert verdict("bearer-once", samples.trace(samples.submit(1, 0, key="someone"))) is PASSED


@pytest.mark.parametrize(
    "call",
    [
        samples.download(1, 0),
        samples.submit(1, 0, operation="nowhere", method="OPTIONS", headers=()),
        samples.poll(1, 0, base=samples.ELSEWHERE, headers=()),
    ],
)
def test_files_questions_of_browsers_and_other_hosts_need_no_key(call: Exchange) -> None:
    assert verdict("bearer-once", samples.trace(call)) is IDLE


# exact-path


def polled(path: str, task: str, **facts: Any) -> Trace:
    """A poll of a task whose id has signs that paths cannot hold."""
    submit = samples.submit(1, 0, task=task)
    return samples.trace(submit, samples.poll(2, 5, path=f"{samples.SUBMIT}/{path}", **facts))


@pytest.mark.parametrize(
    ("task", "path"),
    [
        ("task-1_a.b~c", "task-1_a.b~c"),
        ("a:b@c+d", "a:b@c+d"),
        ("a:b", "a%3Ab"),
        ("a/b", "a%2Fb"),
        ("a%2Fb", "a%252Fb"),
        ("a b", "a%20b"),
        ("caf\u00e9", "caf%C3%A9"),
        ("t1", "another"),
    ],
)
def test_an_id_that_is_encoded_as_it_must_be_passes(task: str, path: str) -> None:
    assert verdict("exact-path", polled(path, task)) is PASSED


@pytest.mark.parametrize(
    ("task", "path"),
    [
        ("a/b", "a/b"),
        ("a%2Fb", "a%2Fb"),
        ("caf\u00e9", "caf\u00e9".encode().decode("latin-1")),
    ],
)
def test_an_id_that_is_put_into_the_path_as_it_is_fails(task: str, path: str) -> None:
    trace = polled(path, task)
    assert verdict("exact-path", trace) is FAILED
    assert "percent-encoded" in seen("exact-path", trace)


def test_an_id_with_a_question_mark_must_not_become_a_query() -> None:
    assert verdict("exact-path", polled("a", "a?b", query="b")) is FAILED


def test_a_poll_with_a_body_fails() -> None:
    trace = samples.trace(samples.poll(1, 0, body=b"{}"))
    assert verdict("exact-path", trace) is FAILED
    assert "body" in seen("exact-path", trace)


@pytest.mark.parametrize(
    ("method", "expected"), [("GET", FAILED), ("PUT", FAILED), ("OPTIONS", IDLE)]
)
def test_an_undocumented_method_fails_but_for_a_browsers_question(
    method: str, expected: Verdict
) -> None:
    call = samples.submit(1, 0, operation="nowhere", method=method, status=405)
    assert verdict("exact-path", samples.trace(replace(call, body=b""))) is expected


def test_where_a_redirect_led_is_not_the_clients_choice() -> None:
    location = (b"location", b"/moved")
    redirected = samples.submit(1, 0, status=302, reply_headers=(location,))
    there = samples.poll(2, 0, operation="nowhere", path="/moved", status=404)
    assert verdict("exact-path", samples.trace(redirected, there)) is PASSED


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"model": "sample-image", "messages": []}, FAILED),
        ({"model": "some-text-model", "messages": []}, PASSED),
        ({"model": ["no", "name"]}, PASSED),
        (["no", "order"], PASSED),
    ],
)
def test_an_image_model_does_not_belong_to_a_text_endpoint(body: object, expected: Verdict) -> None:
    call = samples.submit(1, 0, body, operation="text", path="/v1/chat/completions", status=500)
    assert verdict("exact-path", samples.trace(call)) is expected


# same-body-on-retry


OTHER = {**ORDER, "prompt": "a dog"}


def test_the_same_json_written_otherwise_is_the_same_body() -> None:
    again = raw(b'{"prompt":"a cat",  "model":"sample-image"}', 2, 1)
    assert verdict("same-body-on-retry", samples.trace(samples.refused(1, 0), again)) is PASSED


def test_another_body_after_trouble_in_passing_fails() -> None:
    trace = samples.trace(samples.refused(1, 0, 503), samples.submit(2, 1, OTHER))
    assert verdict("same-body-on-retry", trace) is FAILED
    assert "another body" in seen("same-body-on-retry", trace)


def test_a_body_that_is_no_json_any_more_fails() -> None:
    trace = samples.trace(samples.refused(1, 0), raw(b'{"model": "sam', 2, 1))
    assert verdict("same-body-on-retry", trace) is FAILED


@pytest.mark.parametrize(
    "calls",
    [
        (samples.submit(1, 0),),
        # A bad order may be mended; so may one that was accepted be followed by another.
        (samples.refused(1, 0, 400), samples.submit(2, 1, OTHER)),
        (samples.submit(1, 0), samples.submit(2, 1, OTHER)),
        # It began before the failure was known.
        (samples.refused(1, 0, head_wait=2.0, total_wait=2.0), samples.submit(2, 1, OTHER)),
    ],
)
def test_what_is_no_retry_is_not_compared(calls: tuple[Exchange, ...]) -> None:
    assert verdict("same-body-on-retry", samples.trace(*calls)) is IDLE


def two_jobs(*calls: Exchange) -> Trace:
    jobs = (samples.done(None), samples.done(None, job=samples.job(prompt="a dog", id="2")))
    return samples.trace(*calls, jobs=jobs)


def test_each_job_has_its_own_body() -> None:
    trace = two_jobs(
        samples.refused(1, 0),
        samples.refused(2, 0.5, body=OTHER),
        samples.submit(3, 1),
        samples.submit(4, 1.5, OTHER, task="t2"),
    )
    assert verdict("same-body-on-retry", trace) is PASSED


@pytest.mark.parametrize("body", [b"", b'{"prompt": "a bird"}'])
def test_a_body_that_no_job_has_had_fails(body: bytes) -> None:
    calls = samples.refused(1, 0), samples.refused(2, 0.5, body=OTHER)
    assert verdict("same-body-on-retry", two_jobs(*calls, raw(body, 3, 2))) is FAILED


def test_an_empty_body_fails_even_where_other_jobs_are_to_come() -> None:
    trace = two_jobs(samples.refused(1, 0), raw(b"", 2, 1))
    assert verdict("same-body-on-retry", trace) is FAILED
    assert "empty" in seen("same-body-on-retry", trace)


def test_a_reference_may_be_uploaded_anew_for_each_attempt() -> None:
    def upload(number: int, url: str) -> Exchange:
        content = json.dumps({"data": {"url": url}}).encode()
        return samples.submit(number, 0, operation="upload", content=content)

    def order(url: str) -> dict[str, Any]:
        return {**ORDER, "reference_images": [url]}

    first, second = "http://a/1.png", "http://a/2.png"
    calls = upload(1, first), samples.refused(2, 1, body=order(first)), upload(3, second)
    kept = samples.trace(*calls, samples.submit(4, 3, order(second)))
    lost = samples.trace(*calls, samples.submit(4, 3, ORDER))
    assert verdict("same-body-on-retry", kept) is PASSED
    assert verdict("same-body-on-retry", lost) is FAILED


# prompt-intact


def prompted(given: str, sent: str) -> Trace:
    return asked(samples.submit(1, 0, {**ORDER, "prompt": sent}), prompt=given)


@pytest.mark.parametrize(
    "prompt",
    [
        "\u05e9\u05dc\u05d5\u05dd \u202e\u0645\u0631\u062d\u0628\u0627",
        "\U0001f469\u200d\U0001f680",
        'a "quoted" \\ cat\n',
        "like a key: sk-0123456789abcdefghij",
        "half a pair: \ud83d",
    ],
)
def test_any_prompt_that_arrives_as_it_is_passes(prompt: str) -> None:
    assert verdict("prompt-intact", prompted(prompt, prompt)) is PASSED


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ("caf\u00e9", "caf\u00c3\u00a9"),
        ("cafe\u0301", "caf\u00e9"),
        ("\U0001f63a", "\\ud83d\\ude3a"),
        ("a\nb", "a b"),
        ("half a pair: \ud83d", "half a pair: ?"),
    ],
)
def test_a_prompt_that_arrives_otherwise_fails(given: str, sent: str) -> None:
    assert verdict("prompt-intact", prompted(given, sent)) is FAILED


def test_blanks_around_a_prompt_may_go() -> None:
    assert verdict("prompt-intact", prompted(" a cat \n", "a cat")) is PASSED


def test_a_form_writes_the_ends_of_lines_its_own_way() -> None:
    sent = form(("prompt", "a\r\nb"))
    assert verdict("prompt-intact", asked(sent, prompt="a\nb")) is PASSED
    assert verdict("prompt-intact", asked(form(("prompt", "ab")), prompt="a\nb")) is FAILED


def test_a_prompt_that_json_cannot_carry_may_be_refused_at_once() -> None:
    trace = asked(outcome=samples.failed(message="no"), prompt="half a pair: \ud83d")
    assert verdict("prompt-intact", trace) is PASSED


@pytest.mark.parametrize(
    "trace",
    [
        samples.trace(samples.submit(1, 0)),
        asked(),
        asked(raw(b"not json")),
        asked(samples.submit(1, 0, {"model": "sample-image"})),
        asked(samples.submit(1, 0, {**ORDER, "prompt": 7})),
        asked(samples.submit(1, 0, {**ORDER, "prompt": "a d"}), n=5),
    ],
)
def test_without_two_prompts_there_is_nothing_to_compare(trace: Trace) -> None:
    assert verdict("prompt-intact", trace) is IDLE


# no-silent-clamp


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


# no-nulls


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


# gzip-decoded


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


# names-itself


def test_an_empty_name_is_no_name() -> None:
    trace = samples.trace(samples.submit(1, 0, headers=((b"user-agent", b" "),)))
    assert verdict("names-itself", trace) is ADVICE


def test_without_a_call_nobody_has_a_name() -> None:
    assert verdict("names-itself", samples.trace()) is IDLE


@pytest.mark.parametrize("rule", ["valid-request", "bearer-once", "exact-path", "prompt-intact"])
def test_calls_that_were_dropped_leave_it_open(rule: str) -> None:
    innocent = rule_named(rule).innocent
    calls = replace(innocent.calls, dropped=3)
    assert verdict(rule, replace(innocent, calls=calls)) is INCONCLUSIVE
