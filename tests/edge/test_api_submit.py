"""Submitting a task: what is accepted, what is refused, in which words, and what is left of it."""

import json
import re
from typing import Any

import pytest

from tests.edge.callers import FOX, SUBMIT, Caller, caller


def test_the_minimal_request_gets_the_minimal_reply_of_the_guide(guide: Caller) -> None:
    guide.clock.set(guide.clock.now() + 10)
    reply = guide.post(SUBMIT, json={**FOX, "size": "1:1", "n": 1})
    task = reply.json()
    assert reply.status_code == 200
    assert reply.headers["content-type"] == "application/json"
    assert re.fullmatch("task_img_[A-Za-z0-9]{12}", task.pop("id"))
    assert task == {
        "object": "generation.task",
        "model": "gpt-4o-image",
        "status": "queued",
        "progress": 0,
        "created_at": int(guide.clock.now()),
        "metadata": {},
    }


def test_every_task_has_an_id_of_its_own(guide: Caller) -> None:
    assert len({guide.submit()["id"] for _ in range(20)}) == 20


def test_metadata_is_given_back_as_it_was_sent(guide: Caller) -> None:
    metadata = {"order": 7, "tags": ["a", "ü"]}
    assert guide.submit(metadata=metadata)["metadata"] == metadata


@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_the_guide_takes_one_to_four_images(guide: Caller, n: int) -> None:
    guide.submit(n=n)


def test_the_reference_does_not_take_three_images() -> None:
    with caller("reference") as reference:
        reply = reference.post(SUBMIT, json={**FOX, "n": 3})
    assert reply.status_code == 400
    assert reply.json()["error"]["param"] == "n"


def test_a_prompt_of_the_reference_may_have_1000_characters_and_no_more() -> None:
    with caller("reference") as reference:
        reference.submit(prompt="ü" * 1000)
        reply = reference.post(SUBMIT, json={**FOX, "prompt": "ü" * 1001})
    assert (reply.status_code, reply.json()["error"]["param"]) == (400, "prompt")


def test_a_missing_prompt_is_told_in_the_words_of_the_vendor() -> None:
    with caller("reference") as reference:
        reply = reference.post(SUBMIT, json={"model": "gpt-4o-image"})
    assert reply.status_code == 400
    assert reply.json() == {
        "error": {
            "code": "invalid_request",
            "message": "The 'prompt' field is required.",
            "param": "prompt",
            "type": "invalid_request_error",
        }
    }


def test_all_that_is_wrong_with_a_body_is_told_at_once(guide: Caller) -> None:
    reply = guide.post(SUBMIT, json={"model": "gpt-4o-image", "n": 9, "size": "7:5"})
    message = reply.json()["error"]["message"]
    assert all(f"'{field}'" in message for field in ("prompt", "n", "size"))
    assert reply.json()["error"]["param"] == "prompt"


@pytest.mark.parametrize(
    ("fields", "param"),
    [
        ({"n": "1"}, "n"),
        ({"n": True}, "n"),
        ({"n": 0}, "n"),
        ({"n": 5}, "n"),
        ({"n": 1.5}, "n"),
        ({"n": None}, "n"),
        ({"n": [1]}, "n"),
        ({"n": -(10**17)}, "n"),
        ({"size": "16:9"}, "size"),
        ({"size": 1}, "size"),
        ({"prompt": ""}, "prompt"),
        ({"prompt": 7}, "prompt"),
        ({"prompt": None}, "prompt"),
        ({"prompt": ["a fox"]}, "prompt"),
        ({"model": ""}, "model"),
        ({"model": 4}, "model"),
        ({"model": None}, "model"),
        ({"model": "gpt-5o-image"}, "model"),
        ({"reference_images": "http://a.test/b.png"}, "reference_images"),
        ({"reference_images": ["ftp://a.test/b.png"]}, "reference_images"),
        ({"reference_images": ["data:image/png;base64,AAAA"]}, "reference_images"),
        ({"reference_images": ["http://a.test/b.png"] * 6}, "reference_images"),
        ({"mask_url": "no url"}, "mask_url"),
        ({"mask_url": 5}, "mask_url"),
        ({"metadata": "text"}, "metadata"),
    ],
    ids=lambda value: json.dumps(value)[:60] if isinstance(value, dict) else None,
)
def test_a_wrong_field_is_named_and_nothing_is_created(
    guide: Caller, fields: dict[str, Any], param: str
) -> None:
    reply = guide.post(SUBMIT, json={**FOX, **fields})
    error = reply.json()["error"]
    assert (reply.status_code, error["param"]) == (400, param)
    assert f"{param}" in error["message"]
    assert len(guide.world.tasks) == 0


MALFORMED = {
    "nothing": b"",
    "no JSON": b"model=gpt-4o-image",
    "cut off": b'{"model": "gpt-4o-image", "prompt": "a f',
    "a trailing comma": b'{"model": "gpt-4o-image", "prompt": "a fox",}',
    "two values": b'{"model": "gpt-4o-image", "prompt": "a fox"} {}',
    "a byte order mark": b'\xef\xbb\xbf{"model": "gpt-4o-image", "prompt": "a fox"}',
    "UTF-16": '{"model": "gpt-4o-image", "prompt": "a fox"}'.encode("utf-16"),
    "broken UTF-8": b'{"model": "gpt-4o-image", "prompt": "\xff\xfe"}',
    "a member twice": b'{"model": "gpt-4o-image", "prompt": "a fox", "prompt": "a dog"}',
    "NaN": b'{"model": "gpt-4o-image", "prompt": "a fox", "n": NaN}',
    "Infinity": b'{"model": "gpt-4o-image", "prompt": "a fox", "n": -Infinity}',
    "a number out of range": b'{"model": "gpt-4o-image", "prompt": "a fox", "n": 1e999}',
    "5,000 digits": b'{"model": "gpt-4o-image", "prompt": "a fox", "n": ' + b"9" * 5000 + b"}",
    "400 digits": b'{"model": "gpt-4o-image", "prompt": "a fox", "n": ' + b"9" * 400 + b"}",
    "10,000 levels": b'{"prompt": ' + b"[" * 10_000 + b"]" * 10_000 + b"}",
    "10,000 objects": b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
    "10,000 open brackets": b"[" * 10_000,
    "a lone surrogate": b'{"model": "gpt-4o-image", "prompt": "a \\ud83e fox"}',
    "a lone surrogate as a name": b'{"model": "gpt-4o-image", "prompt": "fox", "\\udc00": 1}',
    "NUL": b'{"model": "gpt-4o-image", "prompt": "a \\u0000 fox"}',
    "NUL bytes": b"\0" * 100,
    "a list": b'[{"model": "gpt-4o-image", "prompt": "a fox"}]',
    "null": b"null",
    "a text": b'"a fox"',
    "a number": b"42",
}


@pytest.mark.parametrize("body", MALFORMED.values(), ids=MALFORMED)
def test_a_body_that_is_no_request_is_refused_and_creates_nothing(
    guide: Caller, body: bytes
) -> None:
    reply = guide.post(SUBMIT, content=body, headers={"Content-Type": "application/json"})
    assert reply.status_code == 400
    assert reply.json()["error"]["type"] == "invalid_request_error"
    assert reply.json()["error"]["message"]
    assert (guide.world.submitted, len(guide.world.tasks)) == (0, 0)


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/x-www-form-urlencoded", "application/jso", "", "é", "json; a=b"],
)
def test_a_wrong_content_type_is_refused(guide: Caller, content_type: str) -> None:
    reply = guide.post(
        SUBMIT, content=json.dumps(FOX), headers={"Content-Type": content_type.encode()}
    )
    assert reply.status_code == 400
    assert "Content-Type" in reply.json()["error"]["message"]
    assert len(guide.world.tasks) == 0


@pytest.mark.parametrize(
    "content_type", ["application/json", "application/json; charset=utf-8", "Application/JSON"]
)
def test_json_is_known_with_parameters_and_in_capitals(guide: Caller, content_type: str) -> None:
    reply = guide.post(SUBMIT, content=json.dumps(FOX), headers={"Content-Type": content_type})
    assert reply.status_code == 200


def test_a_missing_content_type_is_refused(guide: Caller) -> None:
    reply = guide.post(SUBMIT, content=json.dumps(FOX).encode())
    assert reply.status_code == 400
    assert "Content-Type" in reply.json()["error"]["message"]
