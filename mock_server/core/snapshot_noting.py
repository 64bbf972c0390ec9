"""Containers that note what happens to them, so that nobody has to look for what changed."""

from collections import deque
from collections.abc import Hashable, Iterable, Iterator
from typing import Any, TypeVar

from mock_server.core.snapshot_tasks import Progress, progress_of
from mock_server.core.task import Task

_K = TypeVar("_K", bound=Hashable)
_V = TypeVar("_V")


class Noted(dict[_K, _V]):
    """A dict that notes the keys that are set, taken out, or handed out to be changed.

    ``get`` and reading it as a whole are not noted.
    """

    def __init__(self, found: dict[_K, _V]) -> None:
        super().__init__(found)
        self._touched: dict[_K, None] = {}

    def __getitem__(self, key: _K) -> _V:
        self._touched[key] = None
        return super().__getitem__(key)

    def __setitem__(self, key: _K, value: _V) -> None:
        self._touched[key] = None
        super().__setitem__(key, value)

    def __delitem__(self, key: _K) -> None:
        self._touched[key] = None
        super().__delitem__(key)

    def pop(self, key: _K, *default: Any) -> Any:
        """As dict does it."""
        self._touched[key] = None
        return super().pop(key, *default)

    def setdefault(self, key: _K, default: Any = None) -> Any:
        """As dict does it."""
        self._touched[key] = None
        return super().setdefault(key, default)

    def changed(self) -> Iterator[tuple[_K, _V | None]]:
        """What was touched since this was asked last, as it is now: None for what is gone."""
        touched, self._touched = self._touched, {}
        # Not the method of a subclass: to tell of a value is not to lend it.
        return ((key, dict.get(self, key)) for key in touched)


class Lent(Noted[_K, _V]):
    """A dict whose values change where they are: ``get`` is noted, too."""

    def get(self, key: _K, default: Any = None) -> Any:
        """As dict does it."""
        self._touched[key] = None
        return super().get(key, default)


class NotedTasks(dict[str, Task]):
    """Tasks by id that note which came and went, and how those stood that were handed out."""

    def __init__(self, found: dict[str, Task]) -> None:
        super().__init__(found)
        self.new: list[Task] = []
        self.gone: list[Task] = []
        self._handed: dict[str, tuple[Task, Progress]] = {}

    def __setitem__(self, name: str, task: Task) -> None:
        self.new.append(task)
        super().__setitem__(name, task)

    def __delitem__(self, name: str) -> None:
        self.gone.append(super().__getitem__(name))
        super().__delitem__(name)

    def get(self, name: str, default: Any = None) -> Any:
        """As dict does it; whoever gets a task may change it."""
        task = super().get(name)
        if task is None:
            return default
        if name not in self._handed:
            self._handed[name] = task, progress_of(task)
        return task

    def moved(self) -> Iterator[tuple[Task, bool]]:
        """The tasks that have changed since this was asked last, and whether in their timeline."""
        handed, self._handed = self._handed, {}
        for task, before in handed.values():
            now = progress_of(task)
            if now != before:
                yield task, now[-1] is not before[-1]

    def forget(self) -> None:
        """Note from here on what comes and goes."""
        self.new, self.gone = [], []


class NotedList(list[_V]):
    """A list that counts what is appended."""

    added = 0

    def append(self, value: _V) -> None:
        """As list does it."""
        self.added += 1
        super().append(value)


class NotedDeque(deque[_V]):
    """A deque that counts what is appended."""

    def __init__(self, found: Iterable[_V], maxlen: int | None) -> None:
        super().__init__(found, maxlen)
        self.added = 0

    def append(self, value: _V) -> None:
        """As deque does it."""
        self.added += 1
        super().append(value)
