"""Waiting for several files at once: ``select``, ``poll``, and the selectors of event loops."""

import functools
import select
import selectors
from collections.abc import Callable, Iterable
from typing import Any

from contract_tests.clients.virtual.client_thread import ClientThread, current
from contract_tests.clients.virtual.patching import Patches

_Files = Iterable[tuple[Any, int]]


def patch_polling(patches: Patches) -> None:
    """Let a client's thread wait for files in virtual time."""
    for name in ("EpollSelector", "KqueueSelector", "PollSelector", "SelectSelector"):
        kind = getattr(selectors, name, None)
        if kind is not None:
            patches.attribute(kind, "select", _selector(kind.select))
    patches.function(select, "select", _select(select.select))
    patches.function(select, "poll", _poll(select.poll))


def _selector(original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    def choose(self: Any, timeout: float | None = None) -> Any:
        thread = current()
        if thread is None:
            return original(self, timeout)
        ready = original(self, 0)
        if timeout is not None and timeout <= 0:
            thread.loop_once()
        elif not ready:
            if hasattr(self, "fileno"):
                thread.wait(timeout, self.fileno())
            else:
                files = [(key.fd, key.events) for key in self.get_map().values()]
                _wait_for_any(thread, files, timeout)
            ready = original(self, 0)
        return ready

    return choose


def _select(original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    def choose(
        reading: Any, writing: Any, failing: Any, timeout: float | None = None, /
    ) -> tuple[list[Any], list[Any], list[Any]]:
        thread = current()
        if thread is None:
            found: tuple[list[Any], list[Any], list[Any]] = original(
                reading, writing, failing, timeout
            )
            return found
        ready: tuple[list[Any], list[Any], list[Any]] = original(reading, writing, failing, 0)
        if not any(ready) and timeout != 0:
            files = [(one, selectors.EVENT_READ) for one in (*reading, *failing)]
            files += [(one, selectors.EVENT_WRITE) for one in writing]
            _wait_for_any(thread, files, timeout)
            ready = original(reading, writing, failing, 0)
        return ready

    return choose


def _wait_for_any(thread: ClientThread, files: _Files, timeout: float | None) -> None:
    wanted: dict[int, int] = {}
    for file, events in files:
        number = file if isinstance(file, int) else file.fileno()
        wanted[number] = wanted.get(number, 0) | events
    # A selector is a file itself, which can be read from as soon as one of its files is ready.
    with selectors.DefaultSelector() as together:
        for number, events in wanted.items():
            together.register(number, events)
        thread.wait(timeout, together.fileno())


def _poll(original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    def poll() -> Any:
        return original() if current() is None else _Poll(original())

    return poll


class _Poll:
    """What ``select.poll()`` gives, with a wait that is the loop's."""

    def __init__(self, native: Any) -> None:
        self._native = native
        self._events: dict[int, int] = {}

    def register(self, file: Any, events: int = select.POLLIN | select.POLLOUT) -> None:
        self._native.register(file, events)
        self._events[_number(file)] = events

    def modify(self, file: Any, events: int) -> None:
        self._native.modify(file, events)
        self._events[_number(file)] = events

    def unregister(self, file: Any) -> None:
        self._native.unregister(file)
        self._events.pop(_number(file), None)

    def poll(self, timeout: float | None = None) -> Any:
        thread = current()
        if thread is None:
            return self._native.poll(timeout)
        ready = self._native.poll(0)
        if not ready and timeout != 0:
            seconds = None if timeout is None or timeout < 0 else timeout / 1000
            _wait_for_any(thread, map(_as_selected, self._events.items()), seconds)
            ready = self._native.poll(0)
        return ready


def _number(file: Any) -> int:
    return file if isinstance(file, int) else int(file.fileno())


def _as_selected(item: tuple[int, int]) -> tuple[int, int]:
    file, events = item
    reads = selectors.EVENT_READ if events & ~select.POLLOUT else 0
    writes = selectors.EVENT_WRITE if events & select.POLLOUT else 0
    return file, (reads | writes) or selectors.EVENT_READ
