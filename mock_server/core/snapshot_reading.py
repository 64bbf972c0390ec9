"""Reading a world back from its rows."""

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from typing import TypeAlias, TypeVar

from mock_server.core.contract import Contract
from mock_server.core.journal import Journal
from mock_server.core.keys import Keyring
from mock_server.core.limits import Limiter
from mock_server.core.plan import Plan, Planned
from mock_server.core.snapshot import ONLY, Key, Kind
from mock_server.core.snapshot_entries import read_entry
from mock_server.core.snapshot_story import FaultReader, Plain, read_planned, read_story
from mock_server.core.snapshot_tasks import (
    TaskReader,
    read_bytes,
    read_item,
    read_owed,
    read_upload,
)
from mock_server.core.task import Task
from mock_server.core.world import Bounds, World, new_world

Rows: TypeAlias = Mapping[Kind, Mapping[Key, Plain]]
_T = TypeVar("_T")


class BadRowError(ValueError):
    """A row that tells nothing that can be; ``reason`` says why."""

    def __init__(self, kind: Kind, key: Key, reason: str) -> None:
        super().__init__(f"{kind.value} {key}: {reason}")
        self.kind = kind
        self.key = key
        self.reason = reason


def restored(
    rows: Rows, session: str, contract: Contract, bounds: Bounds, read_fault: FaultReader
) -> World:
    """The world that these rows tell of.

    Raises :class:`BadRowError` for what cannot be read.
    """
    reader = _Reader(rows)
    scenario = reader.only(Kind.STORY, lambda value: read_story(value, read_fault))
    keyring, secrets, secret = reader.only(Kind.KEYRING, _read_keys)
    world = new_world(session, contract, scenario, keyring, bounds, secret)
    world.keyring, world.secrets = keyring, secrets
    counts = reader.only(Kind.COUNTS, _read_counts)
    world.calls, world.submitted, world.uploaded, written = counts
    world.superseded = reader.only(Kind.SUPERSEDED, tuple)
    (world.webhook,) = reader.only(Kind.WEBHOOK, list)
    world.plan = _plan(reader, read_fault)
    world.fired.extend(reader.values(Kind.FIRED, str))
    _put_tasks(reader, world)
    _put_uploads(reader, world)
    _put_ledger(reader, world)
    _put_limits(reader, world.limiter)
    _put_attempts(reader, world)
    _put_journal(reader, world.journal, written)
    return world


class _Reader:
    """Reads the rows of one kind after the other, in the order of their keys."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def raw(self, kind: Kind) -> Mapping[Key, Plain]:
        """Keys and values of a kind as they are."""
        return self._rows.get(kind, {})

    def only(self, kind: Kind, read: Callable[[Plain], _T]) -> _T:
        """What the one row of a kind says."""
        found = self.values(kind, read)
        if len(found) != 1:
            raise BadRowError(kind, ONLY, f"expected one row, seen {len(found)}")
        return found[0]

    def values(self, kind: Kind, read: Callable[[Plain], _T]) -> list[_T]:
        """What the rows of a kind say, their keys aside."""
        return list(self.all(kind, lambda key, value: read(value)).values())

    def all(self, kind: Kind, read: Callable[[Key, Plain], _T]) -> dict[Key, _T]:
        """What the rows of a kind say, by key."""
        found: dict[Key, _T] = {}
        row: Key = ONLY
        try:
            for row, value in sorted(self.raw(kind).items(), key=lambda item: item[0]):
                found[row] = read(row, value)
        except (LookupError, TypeError, ValueError, AttributeError) as error:
            raise BadRowError(kind, row, f"{type(error).__name__}: {error}") from error
        return found


def _read_keys(value: Plain) -> tuple[Keyring, tuple[str, ...], bytes]:
    keyring = Keyring(value["states"], value["any_key"])
    return keyring, tuple(value["secrets"]), read_bytes(value["secret"])


def _read_counts(value: Plain) -> tuple[int, int, int, int]:
    calls, submitted, uploaded, written = map(int, value)
    return calls, submitted, uploaded, written


def _plan(reader: _Reader, read_fault: FaultReader) -> Plan:
    queues: dict[str, list[Planned]] = {
        operation: [] for operation in reader.only(Kind.OPERATIONS, list)
    }

    def read(key: Key, row: Plain) -> None:
        operation = str(key).rpartition("/")[0]
        queues[operation].append(read_planned(row, read_fault))

    reader.all(Kind.PLANNED, read)
    return Plan({operation: tuple(queue) for operation, queue in queues.items()})


def _put_tasks(reader: _Reader, world: World) -> None:
    progress = reader.raw(Kind.PROGRESS)
    tasks = TaskReader()

    def read(key: Key, value: Plain) -> Task:
        return tasks.read(int(key), value, progress.get(key))

    for task in reader.all(Kind.TASK, read).values():
        world.tasks[task.id] = task
        if task.order.client_id is not None:
            world.by_client_id[task.owner, task.order.client_id] = task.id

    owed = reader.all(Kind.OWED, lambda key, row: read_owed(row))
    world.owed = {name: owed[name] for name in world.tasks if name in owed}


def _put_uploads(reader: _Reader, world: World) -> None:
    def read(key: Key, value: Plain) -> tuple[list[int], str]:
        world.uploads[str(key)] = read_upload(str(key), value)
        return value["place"], str(key)

    in_order = sorted(reader.all(Kind.UPLOAD, read).values())
    world.uploads = {path: world.uploads[path] for _, path in in_order}
    world.upload_bytes = sum(len(upload.data) for upload in world.uploads.values())


def _put_ledger(reader: _Reader, world: World) -> None:
    ledger = world.ledger
    ledger.tokens.extend(reader.values(Kind.TOKENS, read_item))
    for kind, sums in ((Kind.CHARGED, ledger.charged), (Kind.SETTLED, ledger.settled)):
        found = reader.all(kind, lambda key, value: float(value))
        sums.update({str(owner): credits for owner, credits in found.items()})


def _put_limits(reader: _Reader, limiter: Limiter) -> None:
    limiter.buckets.update(
        _by_user(reader, Kind.BUCKET, lambda row: (float(row[0]), float(row[1])))
    )
    limiter.windows.update(_by_user(reader, Kind.WINDOW, lambda row: deque(map(float, row))))
    limiter.days.update(_by_user(reader, Kind.DAY, lambda row: (int(row[0]), float(row[1]))))


def _by_user(
    reader: _Reader, kind: Kind, read: Callable[[Plain], _T]
) -> Iterable[tuple[tuple[int, str], _T]]:
    return reader.all(kind, lambda key, row: (_user(key), read(row))).values()


def _user(key: Key) -> tuple[int, str]:
    rule, _, owner = str(key).partition(":")
    return int(rule), owner


def _put_attempts(reader: _Reader, world: World) -> None:
    def read(key: Key, row: Plain) -> tuple[list[int], str, bytes, int]:
        operation, _, subject = str(key).rpartition("/")
        return row[1], operation, bytes.fromhex(subject), int(row[0])

    for _, operation, subject, count in sorted(reader.all(Kind.ATTEMPT, read).values()):
        world.attempts[operation, subject] = count


def _put_journal(reader: _Reader, journal: Journal, written: int) -> None:
    ended = reader.raw(Kind.ENDED)
    entries = reader.all(Kind.ENTRY, lambda key, value: read_entry(value, ended.get(key)))
    journal.dropped = written - len(entries)
    for entry in entries.values():
        journal.append(entry)
