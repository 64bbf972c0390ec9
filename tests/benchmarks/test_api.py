"""The requests are what they claim to be."""

import json
from typing import Any

from benchmarks.api import STALL_HEADER, refused_submits, status_reads, submits


def parts(request: bytes) -> tuple[str, dict[str, str], bytes]:
    """Request line, headers and body."""
    head, _, body = request.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    return first, dict(line.split(": ", 1) for line in lines), body


def documents(requests: list[bytes]) -> list[dict[str, Any]]:
    """The JSON bodies of requests."""
    return [json.loads(parts(request)[2]) for request in requests]


def test_submits_differ_in_their_prompts() -> None:
    prompts = [body["prompt"] for body in documents(submits(port=1, key="sk-a"))]
    assert len(set(prompts)) == len(prompts) == 256


def test_a_submit_states_host_key_type_and_length() -> None:
    first, headers, body = parts(submits(port=8123, key="sk-a")[0])
    assert first == "POST /v1/images/generations HTTP/1.1"
    assert headers == {
        "Host": "127.0.0.1:8123",
        "Authorization": "Bearer sk-a",
        "Content-Type": "application/json",
        "Content-Length": str(len(body)),
    }


def test_refused_submits_ask_for_nine_images_or_have_no_prompt_in_turn() -> None:
    bodies = documents(refused_submits(port=1, key="sk-a"))
    assert {body["n"] for body in bodies[::2]} == {9}
    assert {("prompt" in body, body["n"]) for body in bodies[1::2]} == {(False, 1)}


def test_a_status_read_has_no_body_and_carries_a_header_if_told() -> None:
    [read] = status_reads(["task_7"], port=1, key="sk-a", header=STALL_HEADER)
    first, headers, body = parts(read)
    assert first == "GET /v1/images/generations/task_7 HTTP/1.1"
    assert headers["X-Mock-Fault"].startswith("stall")
    assert body == b""
