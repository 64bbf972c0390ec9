"""The live view of journals: callers that wait, and what they are told as calls are answered."""

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

from mock_server.core.journal import Entry
from mock_server.edge.asgi import Listener
from mock_server.edge.control.entries import entry_value
from mock_server.edge.control.refused import Refused
from mock_server.edge.sessions import Session
from mock_server.loading.encoding import encode_json

MOST_STREAMS = 200
_MOST_WAITING = 1_000
_PAUSE_SECONDS = 15.0
_STILL_HERE = b": still here\n\n"


class Stream:
    """One caller that follows a session; what it does not fetch in time is counted and lost."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.lost = 0
        self.waiting: asyncio.Queue[tuple[str, Any]] = asyncio.Queue(_MOST_WAITING)

    def tell(self, event: str, what: object) -> None:
        """Put an event into the queue of what the caller has still to be told."""
        if self.waiting.full():
            # The newest stays, for it may be the end.
            self.waiting.get_nowait()
            self.lost += 1
        self.waiting.put_nowait((event, what))


class Streams:
    """All callers that follow sessions. Calls are listened to only while there are any."""

    def __init__(self, listeners: list[Listener]) -> None:
        self._listeners = listeners
        self._open: dict[str, list[Stream]] = {}
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def __call__(self, session: Session, entry: Entry) -> None:
        """Hear of a call whose reply has been delivered."""
        for stream in self._open.get(session.name, ()):
            # A call that began before a reset belongs to a world that is gone.
            if stream.session is session:
                stream.tell("call", entry)

    def restarted(self, session: Session) -> None:
        """Tell the followers of a session that this one has taken its place."""
        for stream in self._open.get(session.name, ()):
            stream.session = session
            stream.tell("reset", {})

    def ended(self, name: str) -> None:
        """Tell the followers of a session that it is gone."""
        for stream in self._open.get(name, ()):
            stream.tell("end", {})

    def require_room(self) -> None:
        """Raise :class:`Refused` when there are as many followers as may be."""
        if len(self) >= MOST_STREAMS:
            raise Refused(409, f"{MOST_STREAMS} streams are open, more are not served")

    async def follow(
        self, session: Session, since: int | None, most: int
    ) -> AsyncGenerator[bytes, None]:
        """What happens in a session as server-sent events.

        With ``since``, calls of a greater number that have ended already come first; ``most`` is
        how many bytes of each body are shown.
        """
        stream = self._enter(session)
        try:
            for entry in tuple(session.world.journal) if since is not None else ():
                if entry.number > (since or 0) and entry.ended is not None:
                    yield _event("call", entry_value(entry, most), entry.number)
            yield _STILL_HERE
            while True:
                event = await _next(stream, most)
                yield event
                if event.startswith(b"event: end\n"):
                    return
        finally:
            self._leave(session.name, stream)

    def _enter(self, session: Session) -> Stream:
        stream = Stream(session)
        if not self._count:
            self._listeners.append(self)
        self._count += 1
        self._open.setdefault(session.name, []).append(stream)
        return stream

    def _leave(self, name: str, stream: Stream) -> None:
        followers = self._open[name]
        followers.remove(stream)
        if not followers:
            del self._open[name]
        self._count -= 1
        if not self._count:
            self._listeners.remove(self)


async def _next(stream: Stream, most: int) -> bytes:
    if stream.lost:
        lost, stream.lost = stream.lost, 0
        return _event("lost", {"events": lost})
    try:
        event, what = await asyncio.wait_for(stream.waiting.get(), _PAUSE_SECONDS)
    except TimeoutError:
        return _STILL_HERE
    if isinstance(what, Entry):
        return _event(event, entry_value(what, most), what.number)
    return _event(event, what)


def _event(name: str, value: object, number: int | None = None) -> bytes:
    # JSON on one line: its line breaks are escaped, so it fits into one data field.
    mark = b"" if number is None else b"id: %d\n" % number
    return b"event: %s\n%sdata: %s\n\n" % (name.encode(), mark, encode_json(value))
