"""The journal of a session: every call and what was answered."""

import json
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from mock_server.control.events import Event, events_of
from mock_server.control.reading import read
from mock_server.control.wire import Wire


@dataclass(frozen=True, slots=True)
class Content:
    """The bytes of a body: ``size`` is how many there were, ``cut`` that fewer are shown."""

    text: str
    encoding: str
    size: int
    cut: bool

    @property
    def data(self) -> bytes:
        """The bytes that are shown."""
        return b64decode(self.text) if self.encoding == "base64" else self.text.encode()


@dataclass(frozen=True, slots=True)
class Entry:
    """One call and what was answered; times are epoch seconds of the session's clock.

    Keys are masked and files left out. ``number`` counts calls from 1 as they begin; ``status`` is
    None where there was no reply; ``ended`` None while it is being delivered.
    """

    number: int
    at: float
    ended: float | None
    aborted: bool
    operation: str
    method: str
    path: str
    query: str
    headers: tuple[tuple[str, str], ...]
    body: Content
    digest: str
    status: int | None
    reply_headers: tuple[tuple[str, str], ...]
    content: Content
    task: str | None
    phase: str | None
    created: bool
    fault: str | None
    moment: str | None
    steps: tuple[str, ...]
    connection: str


@dataclass(frozen=True, slots=True)
class JournalPage:
    """A page of the journal: ``cursor`` leads to the next one.

    ``dropped`` entries had to make room so far, ``missed`` of them between the asked cursor and
    this page.
    """

    entries: tuple[Entry, ...]
    cursor: int
    more: bool
    dropped: int
    missed: int


class SessionJournal:
    """Reads the journal of a session.

    ``which`` picks entries: ``operation``, ``status`` (a code or ``none``), ``task``, ``fault`` (a
    text or ``*``) and ``since`` (calls of a greater number).
    """

    def __init__(self, wire: Wire, path: str) -> None:
        self._wire = wire
        self._path = f"{path}/journal"

    def __iter__(self) -> Iterator[Entry]:
        """All entries, oldest first, fetched page by page."""
        return self.all()

    def all(self, body_bytes: int = 65_536, **which: Any) -> Iterator[Entry]:
        """All entries so far, or those picked, oldest first."""
        cursor, more = 0, True
        while more:
            page = self.page(cursor, 200, body_bytes, **which)
            yield from page.entries
            cursor, more = page.cursor, page.more

    def page(
        self, cursor: int = 0, limit: int = 100, body_bytes: int = 4096, **which: Any
    ) -> JournalPage:
        """The entries from a cursor on, at most ``limit``, with that much of their bodies."""
        query = {**which, "cursor": cursor, "limit": limit, "body_bytes": body_bytes}
        return read(JournalPage, self._wire.ask("GET", self._path, query=query))

    def call(self, number: int) -> Entry:
        """One call."""
        return read(Entry, self._wire.ask("GET", f"{self._path}/{number}"))

    def follow(self, since: int | None = None, body_bytes: int = 4096) -> Iterator[Event[Entry]]:
        """Calls as their replies are delivered; ends when the session does.

        With ``since``, those of a greater number that are over come first. Close the iterator to
        stop.
        """
        query = {"since": since, "body_bytes": body_bytes}
        for name, value in events_of(self._wire, f"{self._path}/stream", query):
            entry = read(Entry, value) if name == "call" else None
            yield Event(name, entry, 0 if entry else value.get("events", 0))

    def har(self, **which: Any) -> dict[str, Any]:
        """The journal as an HTTP Archive 1.2."""
        archive: dict[str, Any] = self._wire.ask("GET", f"{self._path}/har", query=which)
        return archive

    def lines(self, **which: Any) -> Iterator[Entry]:
        """The entries of the export as JSON lines."""
        text = self._wire.read("GET", f"{self._path}/lines", query=which)
        return (read(Entry, json.loads(line)) for line in text.splitlines())
