"""Keeping sessions in a state file, so that they come back after the end of the process."""

import json
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from mock_server.core.journal import Entry
from mock_server.core.snapshot import ONLY, Kind, Row, rows
from mock_server.core.snapshot_changes import Watch
from mock_server.core.snapshot_story import story_value
from mock_server.edge.mock import Mock
from mock_server.edge.sessions import DEFAULT, Session
from mock_server.edge.state_file import Key, Place, StateFile
from mock_server.edge.state_keeper import StateError
from mock_server.edge.state_reading import (
    ABOUT,
    NAMED,
    NOBODY,
    OPTIONS,
    PULSE,
    SESSION,
    TABLES,
    options_value,
    read_named,
    read_sessions,
)
from mock_server.edge.state_sessions import pulse_value, session_value

_LOGGER = logging.getLogger("safelight")


def _text(value: Any) -> str:
    """A value as JSON text; what the fast writer cannot hold is left to the standard library."""
    try:
        return orjson.dumps(value).decode()
    except orjson.JSONEncodeError:
        return json.dumps(value)


@dataclass(slots=True)
class _Kept:
    """A session that is being kept; its world is followed once it has one.

    ``rank`` is its place in the order in which sessions began; a reset does not change it.
    """

    session: Session
    rank: int
    watch: Watch | None = None


class Store:
    """Keeps the sessions of a mock in a file; those that are in it already come back first.

    All that a call or an action changes is in one transaction, which has ended when the method
    that keeps it returns. No reply may be sent before that. Each such method raises
    :class:`~mock_server.edge.state_keeper.StateError` when the file cannot be written.

    Raises :class:`~mock_server.loading.data_error.DataError` for a file that cannot be used, or
    that was begun with other options.
    """

    def __init__(self, folder: Path, mock: Mock) -> None:
        self._mock = mock
        self._kept: dict[str, _Kept] = {}
        self._rank = 0
        # What could not be written yet is written with what follows it.
        self._cleared: dict[str, None] = {}
        self._texts: dict[Place, str | None] = {}
        self._file = StateFile(folder, TABLES)
        try:
            self._bring_back()
        except BaseException:
            self._file.close()
            raise

    def begun(self, session: Session) -> None:
        """Keep a session that has begun, or has taken the place of the one of its name."""
        before = self._kept.get(session.name)
        if before is None:
            self._rank += 1
        kept = _Kept(session, self._rank if before is None else before.rank)
        self._drop(session.name)
        self._kept[session.name] = kept
        self._put(session.name, Kind.STORY.value, ONLY, story_value(session.scenario))
        self._put(NOBODY, ABOUT, NAMED, self._mock.named)
        self._note(kept)
        self._note_session(kept)
        self._write()

    def gone(self, name: str) -> None:
        """Keep a session no longer."""
        self._drop(name)
        self._write()

    def called(self, session: Session) -> None:
        """Keep what a call has changed."""
        kept = self._kept.get(session.name)
        # A call that began before a reset ends in a world that is gone.
        if kept is not None and kept.session is session:
            self._note(kept)
            self._write()

    def keep(self, session: Session) -> None:
        """Keep what was changed from outside, the clock too."""
        kept = self._kept.get(session.name)
        if kept is not None and kept.session is session:
            self._note(kept)
            self._note_session(kept)
            self._write()

    def delivered(self, session: Session, entry: Entry) -> None:
        """Hear how a delivery ended; it is written with what follows, for nobody was told of it."""
        kept = self._kept.get(session.name)
        if kept is not None and kept.session is session and kept.watch is not None:
            kept.watch.delivered(entry)

    def close(self) -> None:
        """Write what is left and leave the file to others."""
        try:
            for kept in self._kept.values():
                self._note(kept)
                self._note_session(kept)
            self._write()
        except StateError as error:
            # What callers were told has been written long ago.
            _LOGGER.error("%s", error)
        finally:
            self._file.close()

    def _bring_back(self) -> None:
        mock, file = self._mock, self._file
        named = read_named(file, mock)
        if named is None:
            self._put(NOBODY, ABOUT, OPTIONS, options_value(mock))
            self.begun(mock.sessions.default)
            return
        mock.named = named
        found = read_sessions(file, mock)
        # What it has by now, its keys most of all, is for those that were there before it.
        mock.sessions.remove(DEFAULT)
        for session, rank, rewritten in found:
            self._rank = rank
            watch = None if session.is_untouched else Watch(session.world)
            kept = self._kept[session.name] = _Kept(session, rank, watch)
            self._put_rows(session.name, rewritten)
            self._note_session(kept)
            mock.bring_back(session)
        self._write()

    def _drop(self, name: str) -> None:
        self._kept.pop(name, None)
        self._cleared[name] = None
        self._texts = {place: text for place, text in self._texts.items() if place.session != name}

    def _note(self, kept: _Kept) -> None:
        """Note what has happened in a session's world, if it has one."""
        session = kept.session
        if kept.watch is not None:
            self._put_rows(session.name, kept.watch.changes())
        elif not session.is_untouched:
            self._put_rows(session.name, rows(session.world))
            kept.watch = Watch(session.world)
        self._put(session.name, PULSE, ONLY, pulse_value(session))

    def _note_session(self, kept: _Kept) -> None:
        value = session_value(kept.session, kept.rank, self._mock.clock.now())
        self._put(kept.session.name, SESSION, ONLY, value)

    def _put_rows(self, session: str, found: Iterable[Row]) -> None:
        for kind, key, value in found:
            self._put(session, kind.value, key, value)

    def _put(self, session: str, table: str, key: Key, value: Any) -> None:
        self._texts[Place(table, session, key)] = None if value is None else _text(value)

    def _write(self) -> None:
        self._file.write(self._cleared, self._texts)
        self._cleared.clear()
        self._texts.clear()
