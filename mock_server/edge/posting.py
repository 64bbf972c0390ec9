"""One POST to one URL: no redirects, no proxies, and of the answer only its status."""

import asyncio
from urllib.parse import quote, urlsplit

import httptools

from mock_server.core.callback import origin_of
from mock_server.core.script import Headers

_READ_BYTES = 64 * 1024
_MOST_BYTES = 1024 * 1024
# What makes a URL a URL stays; anything else could end the request line early.
_URL_CHARACTERS = "/%:@!$&'()*+,;=-._~?[]"
# How the message is framed is decided here, whatever a fault says.
_FRAMING = frozenset({b"host", b"connection", b"content-length", b"transfer-encoding"})


async def post(url: str, headers: Headers, body: bytes, seconds: float) -> int | None:
    """The status of the answer, None where what came was no HTTP or ended too early.

    Raises OSError where no connection can be made or it breaks off, TimeoutError after so many
    seconds (real ones, for the receiver knows no other).
    """
    origin = origin_of(url)
    if origin is None:
        return None
    async with asyncio.timeout(seconds):
        secure = True if origin.scheme == "https" else None
        reader, writer = await asyncio.open_connection(origin.host, origin.port, ssl=secure)
        try:
            writer.write(_request(url, headers, body))
            await writer.drain()
            return await _status(reader)
        finally:
            writer.close()


def _request(url: str, headers: Headers, body: bytes) -> bytes:
    parts = urlsplit(url)
    target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    kept = [(name, value) for name, value in headers if name not in _FRAMING]
    framing = [
        (b"host", parts.netloc.encode("ascii")),
        (b"connection", b"close"),
        (b"content-length", b"%d" % len(body)),
    ]
    lines = [f"POST {quote(target, _URL_CHARACTERS, errors='replace')} HTTP/1.1".encode()]
    lines.extend(name + b": " + value for name, value in (*framing, *kept))
    return b"\r\n".join([*lines, b"", b""]) + body


class _Answer:
    """Hears of what the parser finds; an interim answer (1xx) is not the answer."""

    def __init__(self) -> None:
        self.status: int | None = None
        self.is_complete = False
        self.parser = httptools.HttpResponseParser(self)

    def on_headers_complete(self) -> None:
        status = self.parser.get_status_code()
        self.status = status if status >= 200 else None

    def on_message_complete(self) -> None:
        self.is_complete = self.status is not None


async def _status(reader: asyncio.StreamReader) -> int | None:
    """The status, once the whole answer is here, so that no receiver is cut off in mid-word."""
    answer = _Answer()
    size = 0
    while not answer.is_complete and size < _MOST_BYTES:
        data = await reader.read(_READ_BYTES)
        size += len(data)
        if not data:
            break
        try:
            answer.parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            return answer.status
    return answer.status
