"""Reading server-sent events (WHATWG HTML, 9.2)."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from typing import Any, Generic, TypeVar

from mock_server.control.errors import NO_ANSWER, ControlError
from mock_server.control.wire import Wire

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Event(Generic[T]):
    """Something that happened in a session that is being followed.

    ``name`` is call (with its ``entry``), reset (a new world), lost (so many ``events`` were not
    fetched in time) or end (the session is gone).
    """

    name: str
    entry: T | None = None
    events: int = 0


def events_of(
    wire: Wire, path: str, query: Mapping[str, object]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """The names and values of events as they come; raises :class:`ControlError` when cut off."""
    connection, reply = wire.open(path, query, {"accept": "text/event-stream"})
    try:
        yield from _read(reply)
    except (OSError, HTTPException) as error:
        raise ControlError(NO_ANSWER, f"the stream broke off: {error!r}") from None
    finally:
        reply.close()
        connection.close()


def _read(reply: HTTPResponse) -> Iterator[tuple[str, dict[str, Any]]]:
    name, data = "message", b""
    while line := reply.readline():
        field, _, value = line.rstrip(b"\r\n").partition(b": ")
        if field == b"event":
            name = value.decode()
        elif field == b"data":
            data = value
        elif not field and data:
            yield name, json.loads(data)
            name, data = "message", b""
