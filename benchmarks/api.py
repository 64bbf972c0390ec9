"""The requests that the benchmarks send, as the bytes that go onto the socket."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

HOST = "127.0.0.1"
GENERATIONS = "/v1/images/generations"

FINISHED = "succeeded"
"""Status word of a finished task in the server's default profile."""

STALL_HEADER = ("X-Mock-Fault", "stall(seconds=600)")
"""Makes the mock leave one call without its reply for longer than any run lasts."""

PROMPTS = tuple(
    f"A lighthouse in morning fog, seen from the harbour wall, film grain, study number {number}"
    for number in range(256)
)


def request(
    method: str,
    path: str,
    *,
    port: int,
    key: str,
    body: Mapping[str, Any] | None = None,
    header: tuple[str, str] | None = None,
) -> bytes:
    """One keep-alive HTTP/1.1 request to ``127.0.0.1:port``; ``body`` is sent as JSON."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: {HOST}:{port}", f"Authorization: Bearer {key}"]
    if header is not None:
        lines.append(": ".join(header))
    content = b"" if body is None else json.dumps(body).encode()
    if body is not None:
        lines += ["Content-Type: application/json", f"Content-Length: {len(content)}"]
    return "\r\n".join([*lines, "", ""]).encode() + content


def submit(prompt: str) -> dict[str, Any]:
    """A request body that every profile accepts."""
    return {"model": "gpt-4o-image", "prompt": prompt, "size": "1:1", "n": 1}


def submits(*, port: int, key: str) -> list[bytes]:
    """Accepted submits that differ in their prompt."""
    return [
        request("POST", GENERATIONS, port=port, key=key, body=submit(prompt)) for prompt in PROMPTS
    ]


def refused_submits(*, port: int, key: str) -> list[bytes]:
    """Submits that validation refuses: ``n`` out of range and a missing prompt, in turn."""
    bodies: list[dict[str, Any]] = []
    for prompt in PROMPTS:
        complete = submit(prompt)
        without_prompt = {name: value for name, value in complete.items() if name != "prompt"}
        bodies += [complete | {"n": 9}, without_prompt]
    return [request("POST", GENERATIONS, port=port, key=key, body=body) for body in bodies]


def status_reads(
    ids: Sequence[str], *, port: int, key: str, header: tuple[str, str] | None = None
) -> list[bytes]:
    """One status read for each task id."""
    return [
        request("GET", f"{GENERATIONS}/{task}", port=port, key=key, header=header) for task in ids
    ]
