"""A world as rows of plain data, and the world that such rows make again.

A row has a kind, a key that no other of its kind has, and a value that JSON can hold. Where rows
have an order, their keys rise in it, or the values have a place.
"""

from collections.abc import Callable, Iterable, Iterator
from enum import Enum
from typing import NamedTuple, TypeAlias

from mock_server.core.journal import Entry
from mock_server.core.limits import Bucket
from mock_server.core.snapshot_entries import entry_value
from mock_server.core.snapshot_story import Plain, planned_value, story_value
from mock_server.core.snapshot_tasks import (
    bytes_value,
    item_value,
    owed_value,
    progress_value,
    task_value,
    upload_value,
)
from mock_server.core.task import Task
from mock_server.core.world import World

Key: TypeAlias = int | str
Place: TypeAlias = tuple[int, int]
ONLY = 0


class Kind(Enum):
    """What a row tells of; kinds with one row have the key :data:`ONLY`."""

    STORY = "story"
    KEYRING = "keyring"
    COUNTS = "counts"
    SUPERSEDED = "superseded"
    WEBHOOK = "webhook"
    OPERATIONS = "operations"
    PLANNED = "planned"
    FIRED = "fired"
    TASK = "task"
    PROGRESS = "progress"
    OWED = "owed"
    UPLOAD = "upload"
    TOKENS = "tokens"
    CHARGED = "charged"
    SETTLED = "settled"
    BUCKET = "bucket"
    WINDOW = "window"
    DAY = "day"
    ATTEMPT = "attempt"
    ENTRY = "entry"
    ENDED = "ended"


class Row(NamedTuple):
    """One row; without a value (None) it says that there is no such row any more."""

    kind: Kind
    key: Key
    value: Plain


# Their keys only count; a world that is read back counts from 1 again.
COUNTED = (Kind.PLANNED, Kind.FIRED, Kind.TOKENS)
_Told: TypeAlias = Iterable[tuple[Key, Plain]]


def rows(world: World, kinds: Iterable[Kind] = Kind) -> Iterator[Row]:
    """All rows of these kinds that a world has; keys of callers are in clear but for entries."""
    for kind in kinds:
        for key, value in _TOLD[kind](world):
            yield Row(kind, key, value)


def keyring_value(world: World) -> dict[str, Plain]:
    """The keys that a world knows or has known, in clear, and what it signs URLs with."""
    keyring = world.keyring
    return {
        "states": dict(keyring.states),
        "any_key": keyring.any_key,
        "secrets": list(world.secrets),
        "secret": bytes_value(world.secret),
    }


def counts_value(world: World) -> list[int]:
    """What is counted from the start: calls, tasks, uploads, journal entries."""
    return [world.calls, world.submitted, world.uploaded, written(world)]


def written(world: World) -> int:
    """How many journal entries there ever were; the latest one has this place."""
    return world.journal.dropped + len(world.journal)


def planned_key(operation: str, place: int) -> str:
    """The key of a planned fault; keys of one operation rise with their places."""
    return f"{operation}/{place:012}"


def user_key(at: tuple[int, str]) -> str:
    """The key of what a limiter has counted for a rule and a user."""
    return f"{at[0]}:{at[1]}"


def bucket_value(bucket: Bucket) -> list[float]:
    """What is left in a bucket, and since when."""
    return list(bucket)


def ended_value(entry: Entry) -> list[Plain]:
    """When the delivery of an entry's reply ended, and whether its caller left before that."""
    return [entry.ended, entry.aborted]


def attempt_key(at: tuple[str, bytes]) -> str:
    """The key of how often an operation was tried on the same subject."""
    return f"{at[0]}/{at[1].hex()}"


def has_progress(task: Task) -> bool:
    """Whether anything but time has moved a task, or looked at it."""
    return task.polls > 0 or task.released > 0 or task.moved > 0


def _planned(world: World) -> _Told:
    for operation, queue in world.plan.queues.items():
        for place, planned in enumerate(queue):
            yield planned_key(operation, place), planned_value(planned)


def _tasks(world: World) -> _Told:
    return ((task.number, task_value(task)) for task in world.tasks.values())


def _progress(world: World) -> _Told:
    moved = filter(has_progress, world.tasks.values())
    return ((task.number, progress_value(task)) for task in moved)


def _uploads(world: World) -> _Told:
    for index, upload in enumerate(world.uploads.values()):
        yield upload.path, upload_value(upload, (0, index))


def _buckets(world: World) -> _Told:
    buckets = world.limiter.buckets.items()
    return ((user_key(at), bucket_value(bucket)) for at, bucket in buckets)


def _attempts(world: World) -> _Told:
    for index, (at, count) in enumerate(world.attempts.items()):
        yield attempt_key(at), [count, [0, index]]


def _entries(world: World) -> _Told:
    return enumerate(map(entry_value, world.journal), world.journal.dropped + 1)


def _ended(world: World) -> _Told:
    for place, entry in enumerate(world.journal, world.journal.dropped + 1):
        if entry.ended is not None:
            yield place, ended_value(entry)


_TOLD: dict[Kind, Callable[[World], _Told]] = {
    Kind.STORY: lambda world: [(ONLY, story_value(world.scenario))],
    Kind.KEYRING: lambda world: [(ONLY, keyring_value(world))],
    Kind.COUNTS: lambda world: [(ONLY, counts_value(world))],
    Kind.SUPERSEDED: lambda world: [(ONLY, list(world.superseded))],
    Kind.WEBHOOK: lambda world: [(ONLY, [world.webhook])],
    Kind.OPERATIONS: lambda world: [(ONLY, list(world.plan.queues))],
    Kind.PLANNED: _planned,
    Kind.FIRED: lambda world: enumerate(world.fired, 1),
    Kind.TASK: _tasks,
    Kind.PROGRESS: _progress,
    Kind.OWED: lambda world: ((name, owed_value(one)) for name, one in world.owed.items()),
    Kind.UPLOAD: _uploads,
    Kind.TOKENS: lambda world: enumerate(map(item_value, world.ledger.tokens), 1),
    Kind.CHARGED: lambda world: world.ledger.charged.items(),
    Kind.SETTLED: lambda world: world.ledger.settled.items(),
    Kind.BUCKET: _buckets,
    Kind.WINDOW: lambda w: ((user_key(at), list(one)) for at, one in w.limiter.windows.items()),
    Kind.DAY: lambda w: ((user_key(at), list(one)) for at, one in w.limiter.days.items()),
    Kind.ATTEMPT: _attempts,
    Kind.ENTRY: _entries,
    Kind.ENDED: _ended,
}
