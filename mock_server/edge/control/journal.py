"""The journal of a session: filtered, page by page, as it grows, or exported whole."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterable
from itertools import islice
from typing import Any

from starlette.responses import Response, StreamingResponse

from mock_server.core.journal import CONTENT_BYTES, Entry
from mock_server.edge.control.action import NOT_FOUND, Action, Asked
from mock_server.edge.control.entries import chosen, entry_value
from mock_server.edge.control.har import har_end, har_entry, har_start
from mock_server.edge.control.refused import Refused
from mock_server.loading.encoding import encode_json

LINES = "application/x-ndjson"
EVENTS = "text/event-stream"
_BATCH = 20


def _page(asked: Asked) -> dict[str, Any]:
    """A page of entries; ``cursor`` counts all that were ever written, so that none is missed.

    Numbers cannot serve for that: a call that began earlier may be answered, and written, later.
    """
    journal, query = asked.world.journal, asked.query
    start = max(query["cursor"], journal.dropped)
    entries: list[dict[str, Any]] = []
    cursor = start
    for entry in islice(journal, start - journal.dropped, None):
        cursor += 1
        if any(chosen((entry,), query)):
            entries.append(entry_value(entry, query["body_bytes"]))
        if len(entries) == query["limit"]:
            break
    return {
        "entries": entries,
        "cursor": cursor,
        "more": cursor < journal.dropped + len(journal),
        "dropped": journal.dropped,
        "missed": start - query["cursor"],
    }


def _get(asked: Asked) -> dict[str, Any]:
    text = asked.parameter("number")
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 16 else -1
    for entry in asked.world.journal:
        if entry.number == number:
            return entry_value(entry, CONTENT_BYTES)
    dropped = asked.world.journal.dropped
    raise Refused(
        NOT_FOUND,
        f"there is no call {text[:20]!r} in the journal ({dropped} entries were dropped)",
        path="number",
        expected="the number of a call",
        seen=repr(text[:20]),
    )


def _stream(asked: Asked) -> Response:
    asked.streams.require_room()
    since = asked.query.get("since", _last_event(asked))
    events = asked.streams.follow(asked.session, since, asked.query["body_bytes"])
    # Proxies shall hand events on as they come.
    headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
    return StreamingResponse(events, media_type=EVENTS, headers=headers)


def _last_event(asked: Asked) -> int | None:
    """Where a follower that was cut off goes on (WHATWG HTML, server-sent events)."""
    text = asked.request.headers.get("last-event-id", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


def _har(asked: Asked) -> Response:
    name = f"{asked.session.name}.har"
    return _file(asked, _joined(_entries(asked), har_start(), har_entry, har_end()), name)


def _lines(asked: Asked) -> Response:
    def line(entry: Entry) -> bytes:
        return encode_json(entry_value(entry, CONTENT_BYTES)) + b"\n"

    parts = _joined(_entries(asked), b"", line, b"", between=b"")
    return _file(asked, parts, f"{asked.session.name}.jsonl", LINES)


def _entries(asked: Asked) -> tuple[Entry, ...]:
    return tuple(chosen(asked.world.journal, asked.query))


def _file(
    asked: Asked, parts: AsyncGenerator[bytes, None], name: str, media: str = "application/json"
) -> Response:
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(parts, media_type=media, headers=headers)


async def _joined(
    entries: Iterable[Entry],
    start: bytes,
    shown: Callable[[Entry], bytes],
    end: bytes,
    between: bytes = b",",
) -> AsyncGenerator[bytes, None]:
    """The parts of a file, made a few entries at a time, so that other callers are served."""
    yield start
    waiting = iter(entries)
    glue = b""
    while batch := list(islice(waiting, _BATCH)):
        yield glue + between.join(map(shown, batch))
        glue = between
        await asyncio.sleep(0)
    yield end


_PATH = "/sessions/{session}/journal"
ACTIONS = (
    Action(
        "GET",
        _PATH,
        "get_journal",
        "A page of the journal, oldest entries first.",
        _page,
        "journal",
        query="journal_query",
        refuses=(NOT_FOUND,),
    ),
    Action(
        "GET",
        _PATH + "/stream",
        "follow_journal",
        "Calls as their replies are delivered: server-sent events named call, reset, lost and end.",
        _stream,
        query="stream_query",
        media=EVENTS,
        refuses=(NOT_FOUND,),
        endless=True,
    ),
    Action(
        "GET",
        _PATH + "/har",
        "export_har",
        "The journal as an HTTP Archive 1.2.",
        _har,
        "har",
        query="export_query",
        refuses=(NOT_FOUND,),
    ),
    Action(
        "GET",
        _PATH + "/lines",
        "export_lines",
        "The journal as JSON lines.",
        _lines,
        query="export_query",
        media=LINES,
        refuses=(NOT_FOUND,),
    ),
    Action(
        "GET",
        _PATH + "/{number}",
        "get_call",
        "One call, its bodies cut only where the journal cut them.",
        _get,
        "entry",
        refuses=(NOT_FOUND,),
    ),
)
