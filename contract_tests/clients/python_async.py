"""Awaiting Python coroutines: in an event loop of the client's own, in a thread of its own."""

import asyncio
from collections.abc import Awaitable, Callable
from contextvars import copy_context
from functools import partial

from contract_tests.clients.attempt import Attempt
from contract_tests.clients.python_run import current_run
from contract_tests.clients.python_threads import start_thread
from contract_tests.clients.virtual.client_thread import Abandoned

# How long tasks that are cancelled in the end may take to end, in the client's seconds.
_LAST_WORDS = 5.0


class ClientLoop:
    """An event loop for the coroutines of one client, beside the loop of the exam.

    A client that blocks its loop blocks nobody else, as it would anywhere. ``own`` is that loop,
    which may have run before: a client may share connections between all of its jobs. When it was
    ended by force, it is closed.
    """

    def __init__(self, home: asyncio.AbstractEventLoop, own: asyncio.AbstractEventLoop) -> None:
        self.home = home
        self._over: asyncio.Future[None] = home.create_future()
        self._loop = own
        self._is_stopped = False
        self._attempts: set[Attempt] = set()
        self._tasks: dict[Attempt, asyncio.Task[None]] = {}
        self._body = start_thread(home, self._live, self._end)

    @property
    def is_over(self) -> bool:
        """Whether it can do nothing any more."""
        return self._over.done()

    def call(self, attempt: Attempt, call: Callable[[], Awaitable[object]]) -> None:
        """Begin an attempt at ``call``."""
        self._attempts.add(attempt)
        attempt.over.add_done_callback(lambda _: self._attempts.discard(attempt))
        attempt.kill = self.kill
        attempt.cancel = partial(self._in_loop, self._cancel, attempt)
        self._in_loop(self._begin, attempt, call)

    def kill(self) -> None:
        """End the loop by force, with all that runs in it."""
        self._body.kill()

    async def end(self) -> None:
        """Cancel what is left, and end."""
        if not self.is_over and self.home is asyncio.get_running_loop():
            self._in_loop(self._finish)
            await asyncio.wait({self._over}, timeout=2 * _LAST_WORDS)
        if not self.is_over and not self.home.is_closed():
            self.kill()

    def _begin(self, attempt: Attempt, call: Callable[[], Awaitable[object]]) -> None:
        context = copy_context()
        context.run(current_run.set, attempt.run)
        task = self._loop.create_task(_tell(attempt, call), context=context)
        self._tasks[attempt] = task
        task.add_done_callback(partial(self._is_done, attempt))

    def _cancel(self, attempt: Attempt) -> None:
        if (task := self._tasks.get(attempt)) is not None:
            task.cancel()

    def _is_done(self, attempt: Attempt, task: "asyncio.Task[None]") -> None:
        del self._tasks[attempt]
        if task.cancelled():
            # Before it had begun, or else it would have told.
            attempt.tell(error=asyncio.CancelledError())

    def _in_loop(self, callback: Callable[..., object], *given: object) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(callback, *given)

    def _live(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_forever()
        finally:
            asyncio.set_event_loop(None)
            if not self._is_stopped:
                self._close()

    def _close(self) -> None:
        for task in asyncio.all_tasks(self._loop):
            # It was ended by force: that nobody waited for it is no news.
            task._log_destroy_pending = False  # type: ignore[attr-defined]
        self._loop.close()

    def _end(self) -> None:
        if not self._over.done():
            self._over.set_result(None)
        for attempt in list(self._attempts):
            attempt.lose()

    def _finish(self) -> None:
        ending = self._loop.create_task(self._cancel_all())
        ending.add_done_callback(self._stop)

    def _stop(self, _: object) -> None:
        self._is_stopped = True
        self._loop.stop()

    async def _cancel_all(self) -> None:
        left = asyncio.all_tasks() - {asyncio.current_task()}
        for task in left:
            task.cancel()
        if left:
            await asyncio.wait(left, timeout=_LAST_WORDS)
        await self._loop.shutdown_asyncgens()


async def _tell(attempt: Attempt, call: Callable[[], Awaitable[object]]) -> None:
    try:
        value = await call()
    except (Abandoned, GeneratorExit):
        # It was ended by force, or left behind by a loop that was.
        raise
    except BaseException as error:
        attempt.tell(error=error)
    else:
        attempt.tell(value)
