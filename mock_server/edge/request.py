"""What the edge needs to know of a request before the engine sees it."""

from dataclasses import dataclass
from urllib.parse import quote

from mock_server.core.script import Headers
from mock_server.edge.delivery import Message

_INTERESTING = frozenset(
    {
        b"host",
        b"authorization",
        b"content-type",
        b"content-length",
        b"transfer-encoding",
        b"x-mock-fault",
    }
)
_SAFE_IN_PATH = "/:@!$&'()*+,;=~-._%"


@dataclass(frozen=True, slots=True)
class Request:
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
    connection: str

    @property
    def is_form(self) -> bool:
        """True for a multipart form."""
        return self.content_type[:19].lower() == b"multipart/form-data"


def read_request(scope: Message) -> Request:
    """The request in an ASGI scope."""
    headers: Headers = tuple(scope["headers"])
    found = {name: value for name, value in headers if name in _INTERESTING}
    server = scope.get("server") or ("127.0.0.1", None)
    host = found.get(b"host")
    authority = host.decode("latin-1") if host else f"{server[0]}:{server[1]}"
    raw_path: bytes | None = scope.get("raw_path")
    path = raw_path.decode("latin-1") if raw_path else quote(scope["path"], safe=_SAFE_IN_PATH)
    fault = found.get(b"x-mock-fault")
    client = scope.get("client")
    return Request(
        method=scope["method"],
        path=path,
        query=scope["query_string"].decode("latin-1"),
        headers=headers,
        origin=f"{scope['scheme']}://{authority}",
        port=server[1],
        authorization=found.get(b"authorization", b""),
        content_type=found.get(b"content-type", b""),
        has_body=b"content-length" in found or b"transfer-encoding" in found,
        fault=None if fault is None else fault.decode("latin-1"),
        connection=f"{client[0]}:{client[1]}" if client else "",
    )
