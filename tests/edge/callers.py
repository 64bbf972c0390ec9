"""Callers of a mock: one in this process whose clock stands still, one that writes raw bytes."""

import asyncio
import json
import socket
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any

import httpx
from PIL import Image

from mock_server import create_app
from mock_server.core.world import World
from mock_server.edge.clocks import Clock
from mock_server.edge.mock import DEFAULT_KEY
from mock_server.edge.runner import Running
from tests.conftest import PATIENCE_SECONDS

ORIGIN = "http://mock.test"
SUBMIT = "/v1/images/generations"
FOX = {"model": "gpt-4o-image", "prompt": "A red fox in the snow"}


def bearer(key: str) -> dict[str, str]:
    """The header field that carries a key."""
    return {"Authorization": f"Bearer {key}"}


def picture(kind: str = "PNG", size: tuple[int, int] = (8, 8)) -> bytes:
    """A small image file of that kind, as Pillow calls it."""
    content = BytesIO()
    Image.new("RGB", size, "teal").save(content, kind)
    return content.getvalue()


class Caller:
    """A client of a mock of its own in this process; time passes only when it is told to."""

    def __init__(self, profile: str = "guide", scenario: str | None = None, **settings: Any):
        self.app = create_app(profile, scenario, **settings)
        self.clock.run(0)
        self._runner = asyncio.Runner()
        self._client = httpx.AsyncClient(
            transport=httpx.ASGITransport(self.app), base_url=ORIGIN, headers=bearer(DEFAULT_KEY)
        )

    @property
    def clock(self) -> Clock:
        """The clock of the session that answers."""
        return self.app.mock.sessions.default.clock

    @property
    def world(self) -> World:
        """The world of the session that answers."""
        return self.app.mock.sessions.default.world

    def call(self, method: str, url: str, **options: Any) -> httpx.Response:
        """One request, as httpx makes it; without the key if ``headers`` say so."""
        return self._runner.run(self._client.request(method, url, **options))

    def get(self, url: str, **options: Any) -> httpx.Response:
        """A GET."""
        return self.call("GET", url, **options)

    def post(self, url: str, **options: Any) -> httpx.Response:
        """A POST."""
        return self.call("POST", url, **options)

    def bare(self, method: str, url: str, headers: dict[str, str] | None = None) -> httpx.Response:
        """One request with no header fields but these: without the key, most of all."""
        request = httpx.Request(method, f"{ORIGIN}{url}", headers=headers)
        return self._runner.run(self._client.send(request))

    def submit(self, **fields: object) -> Any:
        """Submit a task that must be accepted; what is answered."""
        reply = self.post(SUBMIT, json={**FOX, **fields})
        assert reply.status_code == 200, reply.text
        return reply.json()

    def status(self, task: str) -> Any:
        """The status of a task."""
        return self.get(f"{SUBMIT}/{task}").json()

    def finished(self, **fields: object) -> Any:
        """Submit a task, let an hour pass, and read its status."""
        task = self.submit(**fields)
        self.clock.advance(3600)
        return self.status(task["id"])

    def close(self) -> None:
        """Let everything go that the mock holds outside memory."""
        self._runner.run(self._client.aclose())
        self.app.gallery.close()
        self._runner.close()


@contextmanager
def caller(
    profile: str = "guide", scenario: str | None = None, **settings: Any
) -> Iterator[Caller]:
    """A caller for as long as the block runs."""
    one = Caller(profile, scenario, **settings)
    try:
        yield one
    finally:
        one.close()


class Wire:
    """A connection to a running mock on which bytes are written as they are."""

    def __init__(self, mock: Running) -> None:
        host, _, port = mock.url.removeprefix("http://").partition(":")
        self._socket = socket.create_connection((host, int(port)), PATIENCE_SECONDS)
        self._received = b""

    def send(self, data: bytes) -> None:
        """Write bytes."""
        self._socket.sendall(data)

    def finish(self) -> None:
        """Say that nothing more will be written."""
        self._socket.shutdown(socket.SHUT_WR)

    def reply(self, *, bodiless: bool = False) -> httpx.Response:
        """Read one reply as long as its head tells; ``bodiless``: without content, as to HEAD."""
        while b"\r\n\r\n" not in self._received:
            self._read()
        head, _, self._received = self._received.partition(b"\r\n\r\n")
        start, *lines = head.decode("latin-1").split("\r\n")
        fields = [(name, value) for name, _, value in (line.partition(": ") for line in lines)]
        headers = httpx.Headers(fields)
        size = 0 if bodiless else int(headers.get("content-length", 0))
        while len(self._received) < size:
            self._read()
        content, self._received = self._received[:size], self._received[size:]
        return httpx.Response(int(start.split(" ")[1]), headers=headers, content=content)

    def rest(self) -> bytes:
        """All that comes until the other side closes; a reset counts as closing."""
        try:
            while data := self._socket.recv(65_536):
                self._received += data
        except ConnectionResetError:
            pass
        return self._received

    def close(self) -> None:
        """Leave."""
        self._socket.close()

    def _read(self) -> None:
        data = self._socket.recv(65_536)
        assert data, f"the connection ended after {self._received!r}"
        self._received += data


@contextmanager
def wire(mock: Running) -> Iterator[Wire]:
    """A raw connection for as long as the block runs."""
    one = Wire(mock)
    try:
        yield one
    finally:
        one.close()


def request_bytes(
    mock: Running,
    start: str = f"POST {SUBMIT} HTTP/1.1",
    fields: Iterable[str] = ("content-type: application/json",),
    body: bytes = b"",
) -> bytes:
    """A request with the mock's key; its length is told where it has a body."""
    length = [f"content-length: {len(body)}"] if body else []
    named = ("host: mock.test", f"authorization: Bearer {mock.api_key}", *fields, *length)
    return "\r\n".join((start, *named, "", "")).encode() + body


FOX_BYTES = json.dumps(FOX).encode()
