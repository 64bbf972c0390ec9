"""Following the parts of a world that are replaced as a whole or that grow at one end."""

from collections.abc import Iterable, Iterator
from itertools import chain, islice

from mock_server.core.journal import Entry
from mock_server.core.plan import Planned
from mock_server.core.snapshot import (
    ONLY,
    Kind,
    Row,
    bucket_value,
    ended_value,
    keyring_value,
    planned_key,
    rows,
    user_key,
    written,
)
from mock_server.core.snapshot_entries import entry_value
from mock_server.core.snapshot_noting import Noted
from mock_server.core.snapshot_story import planned_value, story_value
from mock_server.core.world import World


class Tape:
    """Numbers, from 1, what is appended at the end of a bounded row and goes at its front.

    ``start`` is the number of the latest at first; ``gone`` is that of the latest which has gone.
    """

    def __init__(self, start: int, length: int) -> None:
        self.start = start
        self.gone = start - length
        self._end = start

    def moved(self, end: int, length: int) -> Iterator[tuple[int, int | None]]:
        """The numbers that have gone or come, now that ``end`` is the latest of ``length``.

        With each its index in the row, None for what has gone.
        """
        gone = end - length
        left = ((number, None) for number in range(self.gone + 1, gone + 1))
        first = max(self._end, gone) + 1
        came = ((number, number - gone - 1) for number in range(first, end + 1))
        self.gone, self._end = gone, end
        return chain(left, came)


class StoryWatch:
    """Follows what the control plane replaces: story, keys, webhook, superseded faults."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._scenario = world.scenario
        self._keys = world.keyring, world.secrets
        self._superseded = world.superseded
        self._webhook = world.webhook

    def changes(self) -> Iterator[Row]:
        """What has been replaced."""
        world = self._world
        if world.scenario is not self._scenario:
            self._scenario = world.scenario
            yield Row(Kind.STORY, ONLY, story_value(world.scenario))
        keyring, secrets = self._keys
        if world.keyring is not keyring or world.secrets is not secrets:
            self._keys = world.keyring, world.secrets
            yield Row(Kind.KEYRING, ONLY, keyring_value(world))
        if world.superseded is not self._superseded:
            self._superseded = world.superseded
            yield Row(Kind.SUPERSEDED, ONLY, list(world.superseded))
        if world.webhook != self._webhook:
            self._webhook = world.webhook
            yield Row(Kind.WEBHOOK, ONLY, [world.webhook])


class PlanWatch:
    """Follows the queues of planned faults: a plan never changes, but there is a new one."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._queues = dict(world.plan.queues)
        self._plan = world.plan
        # The place of each queue's first entry.
        self._first = dict.fromkeys(self._queues, 0)

    def changes(self) -> Iterator[Row]:
        """What was drawn, added or replaced."""
        plan = self._world.plan
        if plan is self._plan:
            return
        self._plan = plan
        before, self._queues = self._queues, dict(plan.queues)
        if list(before) != list(self._queues):
            yield Row(Kind.OPERATIONS, ONLY, list(self._queues))
        for operation in {**before, **self._queues}:
            old, new = before.get(operation, ()), self._queues.get(operation, ())
            if old is not new:
                yield from self._queue(operation, old, new)

    def _queue(
        self, operation: str, old: tuple[Planned, ...], new: tuple[Planned, ...]
    ) -> Iterator[Row]:
        first = self._first.setdefault(operation, 0)
        if old and new == old[1:]:
            self._first[operation] = first + 1
            yield Row(Kind.PLANNED, planned_key(operation, first), None)
        elif old and new and new[1:] == old[1:]:
            yield from _planned(operation, first, new[:1])
        elif new[: len(old)] == old:
            yield from _planned(operation, first + len(old), new[len(old) :])
        else:
            for place in range(first, first + len(old)):
                yield Row(Kind.PLANNED, planned_key(operation, place), None)
            self._first[operation] = first + len(old)
            yield from _planned(operation, first + len(old), new)


def _planned(operation: str, first: int, queue: tuple[Planned, ...]) -> Iterator[Row]:
    for place, planned in enumerate(queue, first):
        yield Row(Kind.PLANNED, planned_key(operation, place), planned_value(planned))


class LimitsWatch:
    """Follows what the limiter has counted; another story may bring another limiter."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._follow()

    def _follow(self) -> None:
        limiter = self._limiter = self._world.limiter
        self._buckets = limiter.buckets = Noted(limiter.buckets)
        self._windows = limiter.windows = Noted(limiter.windows)
        self._days = limiter.days = Noted(limiter.days)

    def changes(self) -> Iterator[Row]:
        """What calls have counted; of another limiter all, and that all before is gone."""
        if self._world.limiter is not self._limiter:
            for kind, users in self._users():
                yield from (Row(kind, user_key(at), None) for at in users)
            self._follow()
            yield from rows(self._world, (kind for kind, _ in self._users()))
        for at, bucket in self._buckets.changed():
            yield Row(Kind.BUCKET, user_key(at), None if bucket is None else bucket_value(bucket))
        for at, window in self._windows.changed():
            yield Row(Kind.WINDOW, user_key(at), None if window is None else list(window))
        for at, day in self._days.changed():
            yield Row(Kind.DAY, user_key(at), None if day is None else list(day))

    def _users(self) -> tuple[tuple[Kind, Iterable[tuple[int, str]]], ...]:
        return (Kind.BUCKET, self._buckets), (Kind.WINDOW, self._windows), (Kind.DAY, self._days)


class JournalWatch:
    """Follows the journal, and how the deliveries of its entries end."""

    def __init__(self, world: World) -> None:
        self._journal = world.journal
        self._tape = Tape(written(world), len(world.journal))
        # Where the entries stand whose delivery has not ended, by the numbers of their calls.
        self._open: dict[int, int] = {
            entry.number: place
            for place, entry in enumerate(world.journal, world.journal.dropped + 1)
            if entry.ended is None
        }
        self._ended: list[Row] = []

    def changes(self) -> Iterator[Row]:
        """The entries that came or went, and the deliveries that have ended."""
        journal, tape = self._journal, self._tape
        ended, self._ended = self._ended, []
        yield from (row for row in ended if int(row.key) > journal.dropped)
        latest = journal.dropped + len(journal)
        for place, index in tape.moved(latest, len(journal)):
            if index is None:
                yield Row(Kind.ENTRY, place, None)
                yield Row(Kind.ENDED, place, None)
            else:
                yield from self._of_entry(place, self._entry(index))

    def _of_entry(self, place: int, entry: Entry) -> Iterator[Row]:
        yield Row(Kind.ENTRY, place, entry_value(entry))
        if entry.ended is None:
            self._open[entry.number] = place
        else:
            yield Row(Kind.ENDED, place, ended_value(entry))

    def _entry(self, index: int) -> Entry:
        last = self._journal.last
        if last is not None and index == len(self._journal) - 1:
            return last
        return next(islice(self._journal, index, None))

    def delivered(self, entry: Entry) -> None:
        """Note the end of a delivery."""
        place = self._open.pop(entry.number, None)
        if place is not None:
            self._ended.append(Row(Kind.ENDED, place, ended_value(entry)))
