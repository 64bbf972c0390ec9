"""What the edge needs to know of a request before the engine sees it."""

from collections.abc import Iterable
from typing import NamedTuple, TypeAlias
from urllib.parse import quote

from mock_server.core.script import Headers
from mock_server.edge.delivery import Message

Field: TypeAlias = tuple[bytes, bytes]
# What is longer is hardly ever sent twice.
_LONGEST_SHARED = 1_024
_SAFE_IN_PATH = "/:@!$&'()*+,;=~-._%"


class Request(NamedTuple):
    """An HTTP request without its body; ``origin`` is scheme and authority as the caller sees them.

    ``path`` is percent-encoded as sent; ``port`` is the local one; ``fault`` is the text of the
    ``X-Mock-Fault`` header field.
    """

    method: str
    path: str
    query: str
    headers: Headers
    origin: str
    port: int | None
    authorization: bytes
    content_type: bytes
    has_body: bool
    fault: str | None
    client: tuple[str, int] | None
    cross_origin: bool

    @property
    def is_form(self) -> bool:
        """True for a multipart form."""
        return self.content_type[:19].lower() == b"multipart/form-data"


class Interned:
    """Keeps what requests have in common once, within a bound.

    The journal holds thousands of requests, most of them from a few clients: sharing their header
    fields saves most of its memory, and the time to touch it.
    """

    def __init__(self, most: int = 4_096) -> None:
        self._most = most
        self._fields: dict[Field, Field] = {}
        self._origins: dict[tuple[str, bytes], str] = {}

    def fields(self, fields: Iterable[Field]) -> Headers:
        """The fields, each replaced by an equal one that was seen before."""
        seen = self._fields
        found = tuple([seen.get(field) or self._remember(field) for field in fields])
        if len(seen) > self._most:
            seen.clear()
        return found

    def _remember(self, field: Field) -> Field:
        if len(field[0]) + len(field[1]) <= _LONGEST_SHARED:
            self._fields[field] = field
        return field

    def origin(self, scheme: str, authority: bytes) -> str:
        """``scheme://authority`` as text."""
        origin = self._origins.get((scheme, authority))
        if origin is None:
            if len(self._origins) > self._most:
                self._origins.clear()
            origin = f"{scheme}://{authority.decode('latin-1')}"
            if len(authority) <= _LONGEST_SHARED:
                self._origins[scheme, authority] = origin
        return origin


def read_request(scope: Message, interned: Interned) -> Request:
    """The request in an ASGI scope."""
    headers = interned.fields(scope["headers"])
    # Of a repeated field the last value counts here; the engine looks at all of them.
    found = dict(headers)
    host, port = scope.get("server") or ("127.0.0.1", None)
    raw_path: bytes | None = scope.get("raw_path")
    query: bytes = scope["query_string"]
    fault = found.get(b"x-mock-fault")
    return Request(
        scope["method"],
        raw_path.decode("latin-1") if raw_path else quote(scope["path"], safe=_SAFE_IN_PATH),
        query.decode("latin-1") if query else "",
        headers,
        interned.origin(scope["scheme"], found.get(b"host") or f"{host}:{port}".encode()),
        port,
        found.get(b"authorization", b""),
        found.get(b"content-type", b""),
        b"content-length" in found or b"transfer-encoding" in found,
        None if fault is None else fault.decode("latin-1"),
        scope.get("client"),
        b"origin" in found,
    )
