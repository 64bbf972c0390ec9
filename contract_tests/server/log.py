"""All that happened in a check so far, and what is known of each task."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from contract_tests.server.conversation import Key, Step
from contract_tests.server.promises import Promises
from contract_tests.server.seen import Seen


@dataclass(frozen=True, slots=True)
class Event:
    """One step that was taken and the numbers of the calls that it made."""

    step: Step
    place: str
    calls: tuple[int, ...] = ()


@dataclass(slots=True)
class TaskRecord:
    """What is known of a task: the call that created it, and the readings of its status since."""

    id: str
    place: str
    submit: Seen
    polls: list[Seen] = field(default_factory=list)

    @property
    def last(self) -> Seen:
        """The latest reply that told of it."""
        return self.polls[-1] if self.polls else self.submit

    def before(self, call: Seen) -> Seen | None:
        """The reply that told of it before that one did, None if that was the first."""
        told = [self.submit, *self.polls]
        earlier = [one for one in told if one.number < call.number]
        return earlier[-1] if earlier else None


@dataclass(frozen=True, slots=True)
class ResultRecord:
    """A result URL: the image of that number (from 0) of a task, and the reply that told of it."""

    task: TaskRecord
    poll: Seen
    index: int


class Log:
    """The calls of a check in their order, the steps that made them, and the tasks they created."""

    def __init__(self, promises: Promises) -> None:
        self.calls: list[Seen] = []
        self.events: list[Event] = []
        self._promises = promises
        self._tasks: dict[tuple[str, str], TaskRecord] = {}
        self._by_own_id: dict[tuple[str, Key, str], TaskRecord] = {}
        self._results: dict[tuple[str, str], ResultRecord] = {}
        self._uploads: dict[tuple[str, str], Seen] = {}

    def add(self, call: Seen) -> None:
        """Take note of a call; calls come in the order of their numbers."""
        self.calls.append(call)
        if call.operation == "submit" and call.method == "POST" and call.is_accepted:
            self._created(call)
        elif call.operation == "status" and call.method == "GET" and call.is_accepted:
            record = self.task_of(call)
            if record is not None:
                record.polls.append(call)
                self._told_results(record, call)
        elif call.operation == "upload" and call.is_accepted:
            self._uploads.setdefault((call.place, str(call.value("data", "url"))), call)

    def _told_results(self, record: TaskRecord, poll: Seen) -> None:
        data = poll.value("result", "data")
        for index, item in enumerate(data if isinstance(data, list) else ()):
            if isinstance(item, dict):
                found = ResultRecord(record, poll, index)
                self._results.setdefault((poll.place, str(item.get("url"))), found)

    def _created(self, call: Seen) -> None:
        task_id = call.value("id")
        if not isinstance(task_id, str):
            return
        record = TaskRecord(task_id, call.place, call)
        self._tasks.setdefault((call.place, task_id), record)
        own = self.own_id_of(call)
        if own is not None:
            self._by_own_id[call.place, call.key, own] = record

    def own_id_of(self, call: Seen) -> str | None:
        """The client's own id in a submit, None where it has none or the profile knows none."""
        found = self._promises.own_id_in(call.order)
        return None if found is None else found[1]

    def call(self, number: int) -> Seen:
        """The call of that number."""
        return self.calls[number - 1]

    @property
    def tasks(self) -> Iterator[TaskRecord]:
        """Every task, in the order of creation."""
        return iter(self._tasks.values())

    def task(self, place: str, task_id: object) -> TaskRecord | None:
        """The task of that id, None for an unknown one."""
        return self._tasks.get((place, str(task_id)))

    def task_of(self, call: Seen) -> TaskRecord | None:
        """The task that a reading of the status asks for, by its id or by the client's own."""
        asked = call.parameters.get("id", "")
        found = self._tasks.get((call.place, asked))
        return found or self._by_own_id.get((call.place, call.key, asked))

    def result(self, call: Seen) -> ResultRecord | None:
        """The result whose URL a call asks for, None if it asks for something else."""
        return self._results.get((call.place, call.url))

    def upload(self, call: Seen) -> Seen | None:
        """The upload whose URL a call asks for, None if it asks for something else."""
        return self._uploads.get((call.place, call.url))

    def before(self, call: Seen) -> Iterator[Seen]:
        """The earlier calls in the same place, the latest first."""
        for earlier in reversed(self.calls[: call.number - 1]):
            if earlier.place == call.place:
                yield earlier
