"""Taking a request body off the wire within a bound."""

from mock_server.edge.delivery import Receive

# A caller who sends too much is heard out so far, for most clients read the reply only then.
_DRAIN_BYTES = 256 * 1024 * 1024


class CallerLeftError(Exception):
    """The caller broke the connection off before the request was complete."""


async def read_body(receive: Receive, most: int) -> bytes | None:
    """The body, or None when it has more than ``most`` bytes; what is too much is not kept.

    Raises :class:`CallerLeftError` when it never came to its end.
    """
    message = await receive()
    if message["type"] == "http.disconnect":
        raise CallerLeftError
    if not message.get("more_body"):
        body: bytes = message.get("body", b"")
        return body if len(body) <= most else None
    return await _read_on(receive, most, message.get("body", b""))


async def _read_on(receive: Receive, most: int, first: bytes) -> bytes | None:
    chunks = [first]
    size = len(first)
    more = True
    while more and size <= _DRAIN_BYTES:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise CallerLeftError
        chunk = message.get("body", b"")
        size += len(chunk)
        more = message.get("more_body", False)
        if size <= most:
            chunks.append(chunk)
        else:
            chunks.clear()
    return b"".join(chunks) if size <= most else None
