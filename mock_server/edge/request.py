"""What the edge needs to know of a request before the engine sees it."""

from collections.abc import Iterable
from typing import NamedTuple, TypeAlias
from urllib.parse import quote

from mock_server.core.script import Headers
from mock_server.edge.delivery import Message

Field: TypeAlias = tuple[bytes, bytes]
# What is longer is hardly ever sent twice.
_LONGEST_SHARED = 2_048
_SAFE_IN_PATH = "/:@!$&'()*+,;=~-._%"


class Request(NamedTuple):
    """An HTTP request without its body; ``origin`` is scheme and authority as the caller sees them.

    ``path`` is percent-encoded as sent; ``head_bytes`` is the size of the header fields; ``port``
    is the local one; ``fault`` is the text of the ``X-Mock-Fault`` header field.
    """

    method: str
    path: str
    query: str
    headers: Headers
    head_bytes: int
    origin: str
    port: int | None
    authorization: bytes
    content_type: bytes
    has_body: bool
    fault: str | None
    cross_origin: bool

    @property
    def is_form(self) -> bool:
        """True for a multipart form."""
        return self.content_type[:19].lower() == b"multipart/form-data"


class Head(NamedTuple):
    """The header fields of a request, the last value of each name, and their size in bytes."""

    fields: Headers
    by_name: dict[bytes, bytes]
    size: int


class Interned:
    """Keeps what requests have in common once, within a bound.

    The journal holds thousands of requests, most of them from a few clients: sharing their header
    fields saves most of its memory, and the time to touch it and to look the fields through.
    """

    def __init__(self, most: int = 1_024) -> None:
        self._most = most
        self._heads: dict[Headers, Head] = {}
        self._origins: dict[tuple[str, bytes], str] = {}

    def head(self, fields: Iterable[Field]) -> Head:
        """The head with these fields; the one that was seen before, if it was."""
        key = tuple(fields)
        head = self._heads.get(key)
        if head is None:
            size = sum(len(name) + len(value) for name, value in key)
            head = Head(key, dict(key), size)
            if size <= _LONGEST_SHARED:
                if len(self._heads) >= self._most:
                    self._heads.clear()
                self._heads[key] = head
        return head

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
    # Of a repeated field the last value counts here; the engine looks at all of them.
    headers, found, size = interned.head(scope["headers"])
    host, port = scope.get("server") or ("127.0.0.1", None)
    raw_path: bytes | None = scope.get("raw_path")
    query: bytes = scope["query_string"]
    fault = found.get(b"x-mock-fault")
    return Request(
        scope["method"],
        raw_path.decode("latin-1") if raw_path else quote(scope["path"], safe=_SAFE_IN_PATH),
        query.decode("latin-1") if query else "",
        headers,
        size,
        interned.origin(scope["scheme"], found.get(b"host") or f"{host}:{port}".encode()),
        port,
        found.get(b"authorization", b""),
        found.get(b"content-type", b""),
        b"content-length" in found or b"transfer-encoding" in found,
        None if fault is None else fault.decode("latin-1"),
        b"origin" in found,
    )
