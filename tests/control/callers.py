"""Callers of sessions: the mocked API over a real connection, and raw control requests."""

import json
import threading
from collections.abc import Callable, Mapping
from http.client import HTTPConnection
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from mock_server.control import Session
from tests.conftest import PATIENCE_SECONDS

SUBMIT = "/v1/images/generations"
FOX = {"model": "gpt-4o-image", "prompt": "A red fox in the snow"}


class Answer(NamedTuple):
    """A whole answer."""

    status: int
    headers: Mapping[str, str]
    content: bytes

    @property
    def value(self) -> Any:
        """The content as a JSON value."""
        return json.loads(self.content)


def call(
    method: str,
    url: str,
    body: object = None,
    key: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """One request on a connection of its own; bytes are sent as they are, other bodies as JSON."""
    parts = urlsplit(url)
    assert parts.hostname is not None
    connection = HTTPConnection(parts.hostname, parts.port, timeout=PATIENCE_SECONDS)
    fields = {**({} if key is None else {"authorization": f"Bearer {key}"}), **(headers or {})}
    content = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
    if content is not None and "content-type" not in fields:
        fields["content-type"] = "application/json"
    try:
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        connection.request(method, target, content, fields)
        reply = connection.getresponse()
        names = {name.lower(): value for name, value in reply.getheaders()}
        return Answer(reply.status, names, reply.read())
    finally:
        connection.close()


def submit(session: Session, prompt: str = "A red fox", **fields: object) -> Answer:
    """Submit a task to a session."""
    body = {**FOX, "prompt": prompt, **fields}
    return call("POST", f"{session.url}{SUBMIT}", body, session.api_key)


def accepted(session: Session, prompt: str = "A red fox", **fields: object) -> str:
    """The id of a task that a session has accepted."""
    answer = submit(session, prompt, **fields)
    assert answer.status == 200, answer.content
    return str(answer.value["id"])


def status(session: Session, task: str) -> Answer:
    """Read the status of a task."""
    return call("GET", f"{session.url}{SUBMIT}/{task}", key=session.api_key)


def until(condition: Callable[[], bool]) -> None:
    """Return when something holds that is bound to come about; an AssertionError if it does not."""
    pause, step = threading.Event(), 0.01
    for _ in range(int(PATIENCE_SECONDS / step)):
        if condition():
            return
        pause.wait(step)
    raise AssertionError(f"nothing came in {PATIENCE_SECONDS:g} s")
