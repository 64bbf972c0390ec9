"""The rules REQ-01 to REQ-03: what a client sends, and with which key."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from contract_tests.finding import Verdict
from contract_tests.rules.base import samples
from contract_tests.trace import Exchange, Trace
from mock_server.core.contract import FieldNames
from mock_server.core.refusal import Problem
from mock_server.core.routes import Route, Routes
from tests.contract_tests.rules.asking import FORM, ORDER, asked, form, raw
from tests.contract_tests.rules.judged import FAILED, IDLE, PASSED, seen, verdict


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
