"""The rules REQ-04 to REQ-06: where a client calls, and what it repeats and writes there."""

import json
from dataclasses import replace
from typing import Any

import pytest

from contract_tests.finding import Verdict
from contract_tests.rules.base import samples
from contract_tests.trace import Exchange, Trace
from tests.contract_tests.rules.asking import ORDER, asked, form, raw
from tests.contract_tests.rules.judged import FAILED, IDLE, PASSED, seen, verdict


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
