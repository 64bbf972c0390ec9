"""The tasks of a session."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from mock_server.control.reading import read
from mock_server.control.wire import Wire


@dataclass(frozen=True, slots=True)
class TaskError:
    """Why a task failed, as its owner is told."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Task:
    """A task as the server keeps it; times are epoch seconds of the session's clock.

    ``phase`` is queued, running, succeeded or failed, ``word`` the vendor's word for it; ``held``
    says that a stage ahead waits for a release, ``gone`` that the server denies the task.
    """

    id: str
    number: int
    owner: str
    model: str
    prompt: str
    size: str
    images: int
    client_id: str | None
    phase: str
    word: str
    progress: int | None
    error: TaskError | None
    gone: bool
    polls: int
    held: bool
    released: int
    created: float
    finished: float | None
    credits: float
    digest: str


class SessionTasks:
    """Lists the tasks of a session, lets them go on, and ends them."""

    def __init__(self, wire: Wire, path: str) -> None:
        self._wire = wire
        self._path = f"{path}/tasks"

    def __iter__(self) -> Iterator[Task]:
        """All tasks, oldest first, fetched page by page."""
        return self.all()

    def all(self, phase: str | None = None) -> Iterator[Task]:
        """All tasks, or those in one phase, oldest first."""
        after: int | None = 0
        while after is not None:
            query = {"after": after, "phase": phase, "limit": 1000}
            page = self._wire.ask("GET", self._path, query=query)
            yield from (read(Task, task) for task in page["tasks"])
            after = page["next"]

    def get(self, task: str) -> Task:
        """One task."""
        return read(Task, self._wire.ask("GET", self._place(task)))

    def release(self, task: str) -> Task:
        """Let a task pass the next stage that is held."""
        return read(Task, self._wire.ask("POST", f"{self._place(task)}/release"))

    def fail(self, task: str, code: str | None = None, message: str | None = None) -> Task:
        """Let a task fail now; without a code, with the profile's usual one."""
        return self._end(task, "fail", code=code, message=message)

    def succeed(self, task: str, results: int | None = None) -> Task:
        """Let a task succeed now, with all of its images or so many."""
        return self._end(task, "succeed", results=results)

    def _end(self, task: str, how: str, **facts: Any) -> Task:
        body = {name: value for name, value in facts.items() if value is not None}
        return read(Task, self._wire.ask("POST", f"{self._place(task)}/{how}", body))

    def _place(self, task: str) -> str:
        return f"{self._path}/{quote(task, safe='')}"
