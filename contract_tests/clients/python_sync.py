"""Calling a Python function that waits: each call in a thread, which is kept for the next one."""

import asyncio
import inspect
import queue
from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

from contract_tests.clients.attempt import Attempt
from contract_tests.clients.python_run import current_run
from contract_tests.clients.python_threads import start_thread
from contract_tests.clients.virtual.client_thread import Abandoned

_Work: TypeAlias = tuple[Attempt, Callable[[], object]]

# The one that is written in Python waits in whatever time its thread has.
_new_queue: Callable[[], "queue.SimpleQueue[_Work | None]"] = vars(queue)["_PySimpleQueue"]


class CallingThreads:
    """Threads in the time of one loop; as many as there are calls at once.

    A thread that has done a call does the next, as a caller's own thread would: a client may keep
    something in it.
    """

    def __init__(self, home: asyncio.AbstractEventLoop) -> None:
        self._home = home
        self._idle: list[_Caller] = []

    def call(self, attempt: Attempt, call: Callable[[], object]) -> None:
        """Begin an attempt at ``call``.

        What turns out to be awaitable only when it is there is awaited in the same thread.
        """
        caller = self._idle.pop() if self._idle else _Caller(self._home, self._is_gone)
        caller.call(attempt, call)
        attempt.over.add_done_callback(lambda _: self._is_free(caller))

    def end(self) -> None:
        """Let the threads that have nothing to do end; the others are ended by their attempts."""
        idle, self._idle = self._idle, []
        for caller in idle:
            caller.end()

    def _is_free(self, caller: "_Caller") -> None:
        if not caller.is_over:
            self._idle.append(caller)

    def _is_gone(self, caller: "_Caller") -> None:
        if caller in self._idle:
            self._idle.remove(caller)


class _Caller:
    """One of the threads."""

    def __init__(
        self, home: asyncio.AbstractEventLoop, on_end: Callable[["_Caller"], None]
    ) -> None:
        self.is_over = False
        self._on_end = on_end
        self._work = _new_queue()
        self._attempt: Attempt | None = None
        self._body = start_thread(home, self._live, self._is_gone)

    def call(self, attempt: Attempt, call: Callable[[], object]) -> None:
        self._attempt = attempt
        attempt.cancel = attempt.kill = self._kill
        self._work.put((attempt, call))

    def end(self) -> None:
        self.is_over = True
        self._work.put(None)

    def _kill(self) -> None:
        self.is_over = True
        self._body.kill()

    def _is_gone(self) -> None:
        self.is_over = True
        if self._attempt is not None:
            self._attempt.lose()
        self._on_end(self)

    def _live(self) -> None:
        while (work := self._work.get()) is not None:
            attempt, call = work
            current_run.set(attempt.run)
            _tell(attempt, call)
            current_run.set(None)


def _tell(attempt: Attempt, call: Callable[[], Any]) -> None:
    try:
        value = call()
        if inspect.isawaitable(value):
            value = asyncio.run(_itself(value))
    except Abandoned:
        raise
    except BaseException as error:
        attempt.tell(error=error)
    else:
        attempt.tell(value)


async def _itself(awaitable: Awaitable[object]) -> object:
    return await awaitable
