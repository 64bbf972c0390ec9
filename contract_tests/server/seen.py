"""One call to a server and what came back, as it was."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.message import Message
from functools import cached_property
from typing import Final
from urllib.parse import parse_qsl

from contract_tests.server.conversation import Fields, Key, Send
from mock_server.core.exchange import NO_JSON
from mock_server.core.routes import Match

NOWHERE: Final = "nowhere"
_DIGITS: Final = 15


@dataclass(frozen=True)
class Reply:
    """What a server answered; the names of ``headers`` are in small letters."""

    status: int
    headers: Fields
    content: bytes

    def header(self, name: str) -> str | None:
        """The value of the first header field of that name (in small letters)."""
        return next((value for known, value in self.headers if known == name), None)

    def number(self, name: str) -> int | None:
        """The whole number in a header field (RFC 9110: digits of ASCII); None without one.

        One that is longer than any that is meant is none: to read it would be an attack on us.
        """
        text = self.header(name) or ""
        return int(text) if text.isascii() and text.isdigit() and len(text) <= _DIGITS else None

    @cached_property
    def media_type(self) -> str:
        """The type of the content without its parameters, in small letters; empty for none."""
        return (self.header("content-type") or "").partition(";")[0].strip().lower()

    @cached_property
    def json(self) -> object:
        """The content as a JSON value, ``NO_JSON`` if it is none."""
        try:
            return json.loads(self.content)
        except (ValueError, RecursionError):
            return NO_JSON


@dataclass(frozen=True)
class Seen:
    """One call and its reply.

    ``number`` counts from 1 within the check; ``place`` tells accounts apart, which share nothing.
    ``send`` is the call in symbols, ``url`` and the rest are what was sent; ``path`` is relative to
    the API's root. ``at`` are seconds since the check began, of the server's clock where that is
    known. ``match`` is the route that the call meets. ``reply`` is None where there was none, for
    the reason ``silence``.
    """

    number: int
    place: str
    send: Send
    method: str
    url: str
    path: str
    query: str
    headers: Fields
    body: bytes
    at: float
    match: Match | None
    reply: Reply | None
    silence: str = ""
    secrets: tuple[str, ...] = field(default=(), repr=False)

    @property
    def key(self) -> Key:
        """Whose key it carried."""
        return self.send.key

    @property
    def operation(self) -> str:
        """The profile's word for what the call means, ``nowhere`` for no documented route."""
        return NOWHERE if self.match is None else self.match.route.operation

    @property
    def parameters(self) -> Mapping[str, str]:
        """The values in the path."""
        return {} if self.match is None else self.match.parameters

    @cached_property
    def arguments(self) -> dict[str, str]:
        """The values in the query."""
        return dict(parse_qsl(self.query, keep_blank_values=True))

    @property
    def status(self) -> int:
        """The status of the reply, 0 where there was none."""
        return 0 if self.reply is None else self.reply.status

    @property
    def is_accepted(self) -> bool:
        """Whether the reply is an orderly one."""
        return 200 <= self.status < 300

    def sent(self, name: str) -> str | None:
        """The value of the header field of that name (in small letters) that was sent."""
        return next((value for known, value in self.headers if known.lower() == name), None)

    @cached_property
    def sent_type(self) -> str:
        """The media type of the body that was sent, in small letters."""
        message = Message()
        message["content-type"] = self.sent("content-type") or ""
        return message.get_content_type() if self.sent("content-type") else ""

    @cached_property
    def order(self) -> object:
        """The body that was sent as a JSON value, ``NO_JSON`` if it is none."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return NO_JSON

    @cached_property
    def members(self) -> Mapping[str, object] | None:
        """The reply's content as a JSON object, None if it is none."""
        value = NO_JSON if self.reply is None else self.reply.json
        return value if isinstance(value, dict) else None

    def value(self, *path: str | int) -> object:
        """What stands at a path of the reply's JSON, ``NO_JSON`` where nothing does."""
        found: object = NO_JSON if self.reply is None else self.reply.json
        for part in path:
            found = _member(found, part)
        return found


def _member(value: object, part: str | int) -> object:
    if isinstance(value, dict) and part in value:
        return value[part]
    if isinstance(value, list) and isinstance(part, int) and -len(value) <= part < len(value):
        return value[part]
    return NO_JSON
