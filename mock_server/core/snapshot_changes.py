"""What calls and actions change in a world, as rows; found without looking at all of it."""

from collections.abc import Iterator

from mock_server.core.journal import Entry
from mock_server.core.snapshot import ONLY, Kind, Row, attempt_key, counts_value
from mock_server.core.snapshot_noting import Lent, Noted, NotedDeque, NotedList, NotedTasks
from mock_server.core.snapshot_tasks import (
    item_value,
    owed_value,
    progress_value,
    task_value,
    upload_value,
)
from mock_server.core.snapshot_watches import (
    JournalWatch,
    LimitsWatch,
    PlanWatch,
    StoryWatch,
    Tape,
)
from mock_server.core.world import World


class Watch:
    """Follows a world from here on; nobody else may.

    Its containers are replaced by such as note what happens to them, so that a world which nobody
    follows pays nothing.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._tasks = NotedTasks(world.tasks)
        self._owed = Lent(world.owed)
        self._uploads = Noted(world.uploads)
        self._attempts = Noted(world.attempts)
        self._charged = Noted(world.ledger.charged)
        self._settled = Noted(world.ledger.settled)
        self._tokens = NotedList(world.ledger.tokens)
        self._fired = NotedDeque(world.fired, world.fired.maxlen)
        world.tasks, world.owed, world.uploads = self._tasks, self._owed, self._uploads
        world.attempts = self._attempts
        world.ledger.charged, world.ledger.settled = self._charged, self._settled
        world.ledger.tokens, world.fired = self._tokens, self._fired
        self._limits = LimitsWatch(world)
        self._plan = PlanWatch(world)
        self._journal = JournalWatch(world)
        self._story = StoryWatch(world)
        self._fired_tape = Tape(len(self._fired), len(self._fired))
        self._tokens_tape = Tape(len(self._tokens), len(self._tokens))
        self._counts = counts_value(world)

    def changes(self) -> list[Row]:
        """What has changed since this was asked last; written over the rows before, it is all."""
        return [
            *self._story.changes(),
            *self._counted(),
            *self._plan.changes(),
            *self._of_queues(),
            *self._of_tasks(),
            *self._of_files(),
            *self._of_accounts(),
            *self._limits.changes(),
            *self._journal.changes(),
        ]

    def delivered(self, entry: Entry) -> None:
        """Hear that the delivery of an entry's reply has ended; it is among the next changes."""
        self._journal.delivered(entry)

    def _counted(self) -> Iterator[Row]:
        counts = counts_value(self._world)
        if counts != self._counts:
            self._counts = counts
            yield Row(Kind.COUNTS, ONLY, counts)

    def _of_queues(self) -> Iterator[Row]:
        fired, tape = self._fired, self._fired_tape
        for key, index in tape.moved(tape.start + fired.added, len(fired)):
            yield Row(Kind.FIRED, key, None if index is None else fired[index])
        tokens, tape = self._tokens, self._tokens_tape
        for key, index in tape.moved(tape.start + tokens.added, len(tokens)):
            yield Row(Kind.TOKENS, key, None if index is None else item_value(tokens[index]))

    def _of_tasks(self) -> Iterator[Row]:
        tasks = self._tasks
        for task in tasks.new:
            yield Row(Kind.TASK, task.number, task_value(task))
        for task, is_retold in tasks.moved():
            if is_retold:
                yield Row(Kind.TASK, task.number, task_value(task))
            yield Row(Kind.PROGRESS, task.number, progress_value(task))
        for task in tasks.gone:
            yield Row(Kind.TASK, task.number, None)
            yield Row(Kind.PROGRESS, task.number, None)
        tasks.forget()
        for name, owed in self._owed.changed():
            yield Row(Kind.OWED, name, None if owed is None else owed_value(owed))

    def _of_files(self) -> Iterator[Row]:
        uploaded = self._world.uploaded
        for index, (path, upload) in enumerate(self._uploads.changed()):
            value = None if upload is None else upload_value(upload, (uploaded, index))
            yield Row(Kind.UPLOAD, path, value)

    def _of_accounts(self) -> Iterator[Row]:
        for owner, credits in self._charged.changed():
            yield Row(Kind.CHARGED, owner, credits)
        for owner, credits in self._settled.changed():
            yield Row(Kind.SETTLED, owner, credits)
        calls = self._world.calls
        for index, (at, count) in enumerate(self._attempts.changed()):
            value = None if count is None else [count, [calls, index]]
            yield Row(Kind.ATTEMPT, attempt_key(at), value)
