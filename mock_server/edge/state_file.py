"""The SQLite file that holds a server's state: opened with care, written in one piece, read whole.

Each transaction has reached the operating system before a caller is answered, so it outlives the
process, however that ends. What the machine itself loses with its power may be the last few
transactions; the file stays whole (WAL mode, synchronous=NORMAL).
"""

import os
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

from mock_server.edge.state_keeper import StateError
from mock_server.loading.data_error import DataError, Fault

NAME = "state.sqlite"
# "SfLt"; SQLite keeps both numbers in the header of a file.
APPLICATION_ID = 0x53664C74
VERSION = 1
_MAGIC = b"SQLite format 3\0"
_HEADER_BYTES = 100
# Pages of the log until they are copied into the file: seldom, for calls wait meanwhile.
_CHECKPOINT_PAGES = 4_000
_BEGIN = "BEGIN IMMEDIATE"

Key: TypeAlias = int | str


class Place(NamedTuple):
    """Where a text stands: the table, the session's name, and a key that is its own in both."""

    table: str
    session: str
    key: Key


class StateFile:
    """The file in a folder, made if it is not there; readable for its owner alone.

    Raises :class:`DataError` for a folder or file that cannot be used, and changes nothing in it
    then.
    """

    def __init__(self, folder: Path, tables: Iterable[str]) -> None:
        self.path = folder / NAME
        self._tables = tuple(tables)
        self._writing = {table: _statements(table) for table in self._tables}
        is_new = _prepared(folder, self.path)
        # One connection, and nobody else can write beside it.
        self._connection = sqlite3.connect(
            self.path, timeout=0, isolation_level=None, check_same_thread=False
        )
        try:
            self._open(is_new)
        except BaseException:
            self._connection.close()
            raise

    def _open(self, is_new: bool) -> None:
        try:
            self._connection.execute("PRAGMA locking_mode = EXCLUSIVE")
            self._make() if is_new else self._check()
            self._set_up()
        except sqlite3.Error as error:
            raise wrong(self.path, "$", *_explained(error)) from error
        except OSError as error:
            expected, seen = "a file of this user", error.strerror or "an error"
            raise wrong(self.path, "$", expected, seen) from None

    def _make(self) -> None:
        execute = self._connection.execute
        execute(_BEGIN)
        execute(f"PRAGMA application_id = {APPLICATION_ID}")
        execute(f"PRAGMA user_version = {VERSION}")
        for table in self._tables:
            execute(
                f"CREATE TABLE {table} (session TEXT NOT NULL, key NOT NULL, value TEXT NOT NULL,"
                " PRIMARY KEY (session, key)) WITHOUT ROWID"
            )
        execute("COMMIT")

    def _check(self) -> None:
        # A file that another server has open cannot be read, for its lock is held until the end.
        (found,) = self._connection.execute("PRAGMA quick_check(1)").fetchone()
        if found != "ok":
            raise wrong(self.path, "$", "a whole file", str(found).replace("\n", " ")[:200])
        rows = self._connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        missing = set(self._tables) - {name for (name,) in rows}
        if missing:
            raise wrong(self.path, "$", f"the tables {', '.join(sorted(missing))}", "none such")

    def _set_up(self) -> None:
        execute = self._connection.execute
        execute("PRAGMA journal_mode = WAL")
        execute("PRAGMA synchronous = NORMAL")
        execute(f"PRAGMA wal_autocheckpoint = {_CHECKPOINT_PAGES}")
        self.path.chmod(0o600)

    def write(self, cleared: Iterable[str], texts: Mapping[Place, str | None]) -> None:
        """In one transaction: drop all of the sessions in ``cleared``, then put these texts.

        None takes a text away. Raises :class:`StateError`; then nothing was written.
        """
        execute = self._connection.execute
        try:
            execute(_BEGIN)
            for session in cleared:
                for table in self._tables:
                    execute(f"DELETE FROM {table} WHERE session = ?", (session,))
            for (table, session, key), text in texts.items():
                put, drop = self._writing[table]
                if text is None:
                    execute(drop, (session, key))
                else:
                    execute(put, (session, key, text))
            execute("COMMIT")
        except sqlite3.Error as error:
            with suppress(sqlite3.Error):
                self._connection.rollback()
            raise StateError(f"{self.path} cannot be written: {error}") from error

    def sessions(self, table: str) -> list[str]:
        """The names of the sessions that have a text in a table; raises :class:`DataError`."""
        return [name for (name,) in self._found(f"SELECT DISTINCT session FROM {table}", ())]

    def read(self, session: str) -> dict[str, dict[Key, str]]:
        """All texts of a session by table and key; raises :class:`DataError`."""
        return {
            table: dict(
                self._found(f"SELECT key, value FROM {table} WHERE session = ?", (session,))
            )
            for table in self._tables
        }

    def _found(self, query: str, values: tuple[str, ...]) -> list[Any]:
        try:
            return self._connection.execute(query, values).fetchall()
        except sqlite3.Error as error:
            raise wrong(self.path, "$", *_explained(error)) from error

    def close(self) -> None:
        """Leave the file to others, with everything in it."""
        self._connection.close()


def wrong(file: Path | str, path: str, expected: str, seen: str) -> DataError:
    """What is wrong with one place of a state file."""
    return DataError(file, [Fault(path, expected, seen)])


def _statements(table: str) -> tuple[str, str]:
    put = f"INSERT OR REPLACE INTO {table} (session, key, value) VALUES (?, ?, ?)"
    return put, f"DELETE FROM {table} WHERE session = ? AND key = ?"


def _prepared(folder: Path, file: Path) -> bool:
    """Make folder and file where they are not there; True for a file with nothing in it yet."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "rb") as stream:
            header = stream.read(_HEADER_BYTES)
    except OSError as error:
        seen = error.strerror or "an error"
        raise wrong(error.filename or folder, "$", "a folder to write to", seen) from None
    if header:
        _check_header(file, header)
    return not header


def _check_header(file: Path, header: bytes) -> None:
    """Look at a file before SQLite may: what is not ours must stay as it is.

    Both numbers are there from the first transaction on, which is made without a log.
    """
    ours = "a state file of safelight"
    if len(header) < _HEADER_BYTES or not header.startswith(_MAGIC):
        raise wrong(file, "$", ours, "something else")
    application = int.from_bytes(header[68:72], "big")
    if application != APPLICATION_ID:
        raise wrong(file, "$", ours, f"a database of another program ({application:#010x})")
    version = int.from_bytes(header[60:64], "big")
    if version != VERSION:
        raise wrong(file, "$", f"format version {VERSION}", f"version {version}")


def _explained(error: sqlite3.Error) -> tuple[str, str]:
    """What was expected and what was seen instead."""
    if "locked" in str(error):
        return "a state that no other server is using", "one that is in use"
    return "a whole file that can be written", str(error)
