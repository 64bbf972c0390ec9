"""Calls and replies that the tests let faults strike."""

import json
from typing import Any

from mock_server.core.fault import Fault, Scene
from mock_server.core.script import Chunk, Head, Headers, Script, Step, content_of
from mock_server.loading.faults import read_fault

NOW = 1_800_000_000.0
DATE = (b"date", b"Fri, 15 Jan 2027 08:00:00 GMT")
TASK = (
    b'{"id":"task_1","status":"in_progress","progress":35,'
    b'"result":{"data":[{"url":"/a"},{"url":"/b"}]}}'
)

# What a profile has errors for: reason and code by status.
CATALOGUE = {
    400: ("invalid_request", "invalid_request_error", "The request was refused."),
    429: ("rate_limited", "rate_limit_exceeded", "Async task request rate exceeded"),
    500: ("server_error", "internal_error", "Internal server error"),
    503: ("limiter_unavailable", "rate_limit_unavailable", "The limiter is unavailable"),
}


def envelope(status: int, code: str, message: str) -> Script:
    """The error as the API sends it."""
    content = json.dumps({"error": {"code": code, "message": message}}).encode()
    length = (b"content-length", b"%d" % len(content))
    return (Head(status, ((b"content-type", b"application/json"), length, DATE)), Chunk(content))


def error(what: str | int, message: str | None) -> Script:
    """The script of an error of the catalogue above, or of one like it with another status.

    Raises KeyError for a reason that is not there.
    """
    for status, (reason, code, text) in CATALOGUE.items():
        if what in (status, reason):
            return envelope(status, code, text if message is None else message)
    if isinstance(what, str):
        raise KeyError(what)
    _, code, text = CATALOGUE[500 if what >= 500 else 400]
    return envelope(what, code, text if message is None else message)


def ordinary(
    content: bytes = TASK, status: int = 200, media_type: bytes = b"application/json"
) -> Script:
    """A reply as the work gives it."""
    headers: Headers = (
        (b"content-type", media_type),
        (b"content-length", b"%d" % len(content)),
        (b"x-ratelimit-limit", b"50"),
        DATE,
    )
    return (Head(status, headers), Chunk(content))


def scene(
    *,
    chance: float = 0.5,
    base: str = "http://127.0.0.1:8080/s/a",
    path: str = "/v1/images/generations",
    query: str = "",
) -> Scene:
    """A call that a fault strikes."""
    return Scene("submit", path, query, base, NOW, chance, error)


def struck(fault: Fault | str, script: Script | None = None, at: Scene | None = None) -> Script:
    """What a fault makes of a reply, or of none when it strikes before the work."""
    fault = read_fault(fault) if isinstance(fault, str) else fault
    reply = ordinary() if script is None else script
    return fault.rewrite(() if fault.moment == "before" else reply, at or scene())


def head_of(script: Script) -> Head:
    """The head that the script sends."""
    heads = [step for step in script if isinstance(step, Head)]
    assert len(heads) == 1, script
    return heads[0]


def fields_of(script: Script) -> dict[bytes, bytes]:
    """The header fields of the script's reply; of a repeated one the last."""
    return dict(head_of(script).headers)


def json_of(script: Script) -> Any:
    """The content of the script's reply, read as JSON."""
    return json.loads(content_of(script))


def steps_of(script: Script, kind: type[Step]) -> list[Step]:
    """The steps of one kind."""
    return [step for step in script if isinstance(step, kind)]
