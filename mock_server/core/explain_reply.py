"""What arrives at a client when a script is played, and how it reads in one line."""

import json
import zlib
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

from mock_server.core.script import Chunk, HangUp, Head, Headers, Raw, Reset, Script, Wait

# A client that hears nothing for so long gives the connection up.
PATIENCE = 30.0
# What zlib calls the frames of a coding; deflate is sent with and without one (RFC 9110, 8.4.1.2).
_WINDOWS = {b"gzip": (31,), b"x-gzip": (31,), b"deflate": (15, -15)}
_MOST_UNPACKED = 16 * 1024 * 1024
_SHOWN = 100
_MOST = 1_000


@dataclass(frozen=True, slots=True)
class Received:
    """A reply as far as it arrived: ``seconds`` passed until the client knew what it had.

    ``broken`` says what went wrong on the way, None when nothing did.
    """

    status: int | None
    headers: Headers
    content: bytes
    seconds: float
    broken: str | None

    def header(self, name: bytes) -> str | None:
        """The first field value of that (lower-case) name, or None."""
        found = (value for key, value in self.headers if key == name)
        return next((value.decode("latin-1") for value in found), None)

    def retry_after(self, now: float) -> float | None:
        """Seconds that Retry-After asks for (RFC 9110: a number or a date), None if it does not."""
        text = (self.header(b"retry-after") or "").strip()
        if text.isascii() and text.isdigit():
            return float(text)
        try:
            wait = parsedate_to_datetime(text).timestamp() - now
        except (ValueError, OverflowError):
            return None
        return wait if wait > 0 else None

    @property
    def texts(self) -> tuple[str, ...]:
        """Every text anywhere in a whole reply's JSON object; none where it carries no such."""
        if self.broken is not None:
            return ()
        try:
            value: object = json.loads(self.content)
            return tuple(_texts(value)) if isinstance(value, dict) else ()
        except (ValueError, RecursionError):
            return ()

    def told(self, words: frozenset[str]) -> str:
        """The reply in one line: of its content the first of these words, else its beginning."""
        if self.status is None:
            return self.broken or "nothing"
        word = next((text for text in self.texts if text in words), None)
        shown = "" if self.broken else word or self._shown_content()
        parts = [f"{self.status} {shown}".rstrip()]
        for name in (b"retry-after", b"location"):
            value = self.header(name)
            parts += [] if value is None else [f"{name.decode().title()}: {_shown(value)}"]
        return ", ".join([*parts, self.broken] if self.broken else parts)

    def _shown_content(self) -> str:
        kind = (self.header(b"content-type") or "").partition(";")[0]
        if not self.content:
            return ""
        if kind.startswith("image/"):
            return kind
        return _shown(self.content.decode("utf-8", "replace"))


def received(script: Script) -> Received:
    """What a client receives that waits up to :data:`PATIENCE` seconds for each next byte."""
    status: int | None = None
    headers: Headers = ()
    content = b""
    seconds = 0.0
    broken: str | None = None
    for step in script:
        if isinstance(step, Head):
            status, headers = step.status, step.headers
        elif isinstance(step, Chunk):
            content += step.data
        elif isinstance(step, Wait) and step.seconds < PATIENCE:
            seconds += step.seconds
        else:
            broken = _broken(step, headers, content)
            seconds += PATIENCE if isinstance(step, Wait) else 0
            break
    if broken is None:
        broken = _unfinished(status, headers, content)
    if broken is None:
        content, broken = _unpacked(headers, content)
    return Received(status, headers, content, seconds, broken)


def _unpacked(headers: Headers, content: bytes) -> tuple[bytes, str | None]:
    """The content without its content coding, and what is wrong with that."""
    coding = next((value for name, value in headers if name == b"content-encoding"), b"")
    if coding in (b"", b"identity"):
        return content, None
    for window in _WINDOWS.get(coding, ()):
        unpacker = zlib.decompressobj(window)
        try:
            plain = unpacker.decompress(content, _MOST_UNPACKED)
        except zlib.error:
            continue
        if unpacker.eof:
            return plain, None
    return content, f"content that does not unpack ({coding.decode('latin-1')})"


def _broken(step: Wait | Raw | HangUp | Reset, headers: Headers, content: bytes) -> str | None:
    match step:
        case Wait():
            return f"silence for {PATIENCE:g} s"
        case Raw():
            return "bytes that are no correct HTTP"
        case Reset():
            return f"connection reset after {len(content)} bytes of content"
        case _:
            return _cut(headers, content)


def _unfinished(status: int | None, headers: Headers, content: bytes) -> str | None:
    return "connection closed without a reply" if status is None else _cut(headers, content)


def _cut(headers: Headers, content: bytes) -> str | None:
    announced = next((value for name, value in headers if name == b"content-length"), b"")
    if not announced.isdigit() or int(announced) == len(content):
        return None
    return f"{len(content)} of {int(announced)} bytes of content"


def _shown(text: str) -> str:
    """A text on one line, cut where it is long, without what a terminal would obey."""
    words = " ".join(text[:_MOST].split())
    plain = "".join(letter if letter.isprintable() else "\ufffd" for letter in words)
    return plain if len(plain) <= _SHOWN else f"{plain[: _SHOWN - 3]}..."


def _texts(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for member in value.values() for text in _texts(member)]
    if isinstance(value, list):
        return [text for item in value for text in _texts(item)]
    return []
