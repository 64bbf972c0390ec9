"""A caller that costs next to nothing, so that a thousand fit into a test, and repeats nothing."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

from tests.conftest import PATIENCE_SECONDS

SUBMIT = "/v1/images/generations"
# What keeps a reply from being read to its announced end.
_BROKEN = (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError, ValueError)


@dataclass(frozen=True, slots=True)
class Heard:
    """A whole reply; the names of its header fields are in lower case."""

    status: int
    fields: Mapping[str, str]
    content: bytes

    @property
    def fault(self) -> str | None:
        """The fault that struck the call, as the reply tells."""
        return self.fields.get("x-mock-fault")

    @property
    def json(self) -> Any:
        """The content; raises ValueError if it is no JSON."""
        return json.loads(self.content)


class Line:
    """One connection to a session, kept alive while its replies allow it and opened anew after.

    ``base`` is the origin, and prefix, of the session; ``key`` one that it accepts.
    """

    def __init__(self, base: str, key: str) -> None:
        parts = urlsplit(base)
        self._address = (parts.hostname or "", parts.port)
        self._prefix = parts.path
        self._key = key
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._hang_up()

    async def submit(self, prompt: str, **fields: str) -> Heard | None:
        """Order an image."""
        body = json.dumps({"model": "gpt-4o-image", "prompt": prompt}).encode()
        return await self.ask("POST", SUBMIT, body, **fields)

    async def status(self, task: str, **fields: str) -> Heard | None:
        """Read the status of a task."""
        return await self.ask("GET", f"{SUBMIT}/{task}", b"", **fields)

    async def ask(self, method: str, path: str, body: bytes = b"", **fields: str) -> Heard | None:
        """Send one request; None if no whole reply came, TimeoutError if nothing comes at all."""
        reader = await self._send(method, path, body, fields)
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                heard = await _reply(reader)
        except _BROKEN:
            heard = None
        if heard is None or heard.fields.get("connection") == "close":
            self._hang_up()
        return heard

    async def leave(self, method: str, path: str, **fields: str) -> None:
        """Send one request and hang up without a look at the reply."""
        await self._send(method, path, b"", fields)
        self._hang_up()

    async def _send(
        self, method: str, path: str, body: bytes, fields: Mapping[str, str]
    ) -> asyncio.StreamReader:
        if self._streams is None:
            self._streams = await asyncio.open_connection(*self._address)
        reader, writer = self._streams
        writer.write(self._request(method, path, body, fields))
        return reader

    def _request(self, method: str, path: str, body: bytes, fields: Mapping[str, str]) -> bytes:
        lines = [f"{method} {self._prefix}{path} HTTP/1.1", "host: 127.0.0.1"]
        lines.append(f"authorization: Bearer {self._key}")
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in fields.items()]
        if body:
            lines += ["content-type: application/json", f"content-length: {len(body)}"]
        return "\r\n".join((*lines, "", "")).encode() + body

    def _hang_up(self) -> None:
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None


async def _reply(reader: asyncio.StreamReader) -> Heard:
    """The next reply; raises one of the errors above for what is none, or not whole."""
    head = await reader.readuntil(b"\r\n\r\n")
    start, *lines = head.decode("latin-1").rstrip().split("\r\n")
    fields = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    if "content-length" not in fields:
        raise ValueError(f"a reply without Content-Length: {start}")
    content = await reader.readexactly(int(fields["content-length"]))
    return Heard(int(start.split(" ")[1]), fields, content)
