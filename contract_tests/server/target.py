"""The server that is checked: behind a URL, or an application in this process."""

import asyncio
import logging
import threading
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Protocol, TypeAlias
from urllib.parse import quote, unquote, urlsplit

from contract_tests.server.conversation import Fields
from contract_tests.server.seen import Reply

Message: TypeAlias = MutableMapping[str, Any]
App: TypeAlias = Callable[
    [Message, Callable[[], Awaitable[Message]], Callable[[Message], Awaitable[None]]],
    Awaitable[None],
]

# What an application in this process is called by.
IN_PROCESS = "http://127.0.0.1"
_SAFE_IN_PATH = "/:@!$&'()*+,;=~-._%"


class SilenceError(OSError):
    """No reply came: the connection failed, or broke before the reply was whole."""


class UnsendableError(ValueError):
    """A call that HTTP does not allow, so that it was not sent."""


class Target(Protocol):
    """Where calls are sent to; ``origin`` is how the check names the server."""

    origin: str

    def send(self, method: str, url: str, headers: Fields, body: bytes) -> Reply:
        """The reply to one call; raises :class:`SilenceError` and :class:`UnsendableError`."""
        ...

    def close(self) -> None:
        """Let go of what is held."""
        ...


class HttpTarget:
    """A server behind a URL. Redirects are not followed; ``timeout`` is seconds."""

    def __init__(self, url: str, timeout: float = 30.0) -> None:
        # Imported here: an application in this process is checked without it.
        import httpx

        self.origin = url
        self._httpx = httpx
        # No proxy leads to this machine, whatever the environment says of others.
        here = dict.fromkeys(("all://127.0.0.1", "all://localhost", "all://[::1]"))
        self._client = httpx.Client(timeout=timeout, follow_redirects=False, mounts=here)

    def send(self, method: str, url: str, headers: Fields, body: bytes) -> Reply:
        try:
            address = self._httpx.URL(url)
            fields = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]
            found = self._client.request(method, address, headers=fields, content=body or None)
        except (self._httpx.LocalProtocolError, self._httpx.InvalidURL, UnicodeError) as error:
            raise UnsendableError(str(error)) from None
        except self._httpx.HTTPError as error:
            raise SilenceError(f"{type(error).__name__}: {error}") from None
        got = tuple((name.lower(), value) for name, value in found.headers.multi_items())
        return Reply(found.status_code, got, found.content)

    def close(self) -> None:
        self._client.close()


class AppTarget:
    """An ASGI application, called in a loop of its own, in a thread of its own."""

    def __init__(self, app: App, timeout: float = 30.0) -> None:
        self.origin = IN_PROCESS
        self._app = app
        self._timeout = timeout
        # That a broken form is broken is no news where broken forms are sent on purpose.
        self._noisy = logging.getLogger("python_multipart")
        self._noise = self._noisy.level
        self._noisy.setLevel(logging.CRITICAL)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True, name="checked application")
        self._thread.start()

    def send(self, method: str, url: str, headers: Fields, body: bytes) -> Reply:
        exchange = _Exchange(_scope(method, url, headers, body), body)
        waiting = asyncio.run_coroutine_threadsafe(exchange.run(self._app), self._loop)
        try:
            return waiting.result(self._timeout)
        except TimeoutError:
            waiting.cancel()
            raise SilenceError(f"no reply within {self._timeout:g} s") from None
        except Exception as error:
            raise SilenceError(f"{type(error).__name__}: {error}") from error

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        self._noisy.setLevel(self._noise)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()


class _Exchange:
    """One request of the application's, and what it sends."""

    def __init__(self, scope: Message, body: bytes) -> None:
        self._scope = scope
        self._body: bytes | None = body
        self._status = 0
        self._headers: list[tuple[bytes, bytes]] = []
        self._content = bytearray()
        self._is_whole = False

    async def run(self, app: App) -> Reply:
        await app(self._scope, self._receive, self._send)
        if not self._is_whole:
            raise ConnectionError("the application ended before its reply")
        fields = tuple(
            (name.decode("latin-1").lower(), value.decode("latin-1"))
            for name, value in self._headers
        )
        return Reply(self._status, fields, bytes(self._content))

    async def _receive(self) -> Message:
        if self._body is None:
            return {"type": "http.disconnect"}
        body, self._body = self._body, None
        return {"type": "http.request", "body": body, "more_body": False}

    async def _send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._status, self._headers = message["status"], list(message.get("headers", ()))
        elif message["type"] == "http.response.body":
            self._content += message.get("body", b"")
            self._is_whole = not message.get("more_body", False)


def _scope(method: str, url: str, headers: Fields, body: bytes) -> Message:
    parts = urlsplit(url)
    fields = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
    names = {name for name, _ in fields}
    if b"host" not in names:
        fields.insert(0, (b"host", parts.netloc.encode("latin-1")))
    if b"content-length" not in names and (body or method in ("POST", "PUT", "PATCH")):
        fields.append((b"content-length", b"%d" % len(body)))
    raw = parts.path or "/"
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": method,
        "scheme": parts.scheme,
        "path": unquote(raw),
        "raw_path": quote(raw, safe=_SAFE_IN_PATH).encode(),
        "query_string": quote(parts.query, safe=_SAFE_IN_PATH + "?").encode(),
        "root_path": "",
        "headers": fields,
        "client": ("127.0.0.1", 50_000),
        "server": (parts.hostname or "127.0.0.1", parts.port or 80),
        "extensions": {},
    }
