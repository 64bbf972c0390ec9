"""A client that is a Python callable: how it does a job, and what is noted of that."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from socket import socket
from typing import Any, TypeAlias
from weakref import WeakSet, finalize, ref

from contract_tests.clients.attempt import Attempt, Ending
from contract_tests.clients.captured_output import CAPTURE
from contract_tests.clients.client import Client, Now
from contract_tests.clients.python_async import ClientLoop
from contract_tests.clients.python_errors import is_typed, name_of, outcome_of
from contract_tests.clients.python_run import PythonRun
from contract_tests.clients.python_sync import CallingThreads
from contract_tests.clients.python_values import returned_outcome
from contract_tests.clients.saved_files import saved_files
from contract_tests.clients.session_time import ends_first, until
from contract_tests.clients.stopping import moment_to_stop
from contract_tests.clients.virtual.jumping_loop import JumpingLoop
from contract_tests.clients.virtual.world import WORLD
from contract_tests.outcome import Job, Outcome, OutcomeStatus
from contract_tests.trace import Ability, Done
from mock_server.core.client_plan import Stop, StopBy

Function: TypeAlias = Callable[..., Outcome | Awaitable[Outcome | None] | None]

# How long a client may take to end that was told to, on the session's clock.
_LAST_WORDS = 5.0
# How long to look out, in real seconds, for signs that a client without an end waits outside.
_LOOK_OUT = 0.1
_real_sleep = time.sleep


class PythonClient(Client):
    """A client that is called in threads of this process, in virtual time if the loop has it.

    ``progress`` is the name of the parameter that takes a callable for its progress.
    """

    is_virtual = True

    def __init__(
        self, function: Function, name: str, is_async: bool, progress: str | None = None
    ) -> None:
        self.name = name
        self.abilities = frozenset({Ability.PROMPTS, Ability.REPORTS})
        self._function = function
        self._is_async = is_async
        self._progress = progress
        self._loops: dict[asyncio.AbstractEventLoop, ClientLoop] = {}
        self._own_loop: asyncio.AbstractEventLoop | None = None
        self._threads: dict[asyncio.AbstractEventLoop, CallingThreads] = {}
        self._connections: WeakSet[socket] = WeakSet()
        self._home: ref[JumpingLoop] | None = None
        self._is_begun = False

    async def begin(self) -> None:
        """Begin to listen to what it prints, also between its jobs."""
        if not self._is_begun:
            self._is_begun = True
            CAPTURE.enter()

    async def end(self) -> None:
        """Cancel what it has left running, and listen no more."""
        for client_loop in self._loops.values():
            await client_loop.end()
        for threads in self._threads.values():
            threads.end()
        self._loops.clear()
        self._threads.clear()
        if self._is_begun:
            self._is_begun = False
            CAPTURE.leave()

    async def do(self, job: Job, now: Now, stop: Stop | None = None, limit: float = 600.0) -> Done:
        """As :meth:`Client.do`; raises ``Escaped`` when the client left virtual time.

        Only a client that can be cancelled is told to stop, by cancelling its task.
        """
        loop = asyncio.get_running_loop()
        if isinstance(loop, JumpingLoop):
            self._enter(loop)
            await loop.whole_second()
        run = PythonRun(job, now, self._connections)
        attempt = Attempt(loop, run)
        started = now()
        async with _noted(attempt), self._stopping(attempt, stop) as stopped:
            self._call(attempt)
            ending = await _ending(attempt, started + limit)
        return self._done(run, started, ending, stopped[0] if stopped else None)

    def _enter(self, loop: JumpingLoop) -> None:
        if self._home is None or self._home() is not loop:
            self._home = ref(loop)
            WORLD.hold(self._function)

    def _call(self, attempt: Attempt) -> None:
        call: Callable[[], Any] = partial(self._function, attempt.run.job)
        if self._progress is not None:
            call = partial(call, **{self._progress: attempt.run.report})
        if self._is_async:
            self._client_loop(attempt.loop).call(attempt, call)
        else:
            threads = self._threads.setdefault(attempt.loop, CallingThreads(attempt.loop))
            threads.call(attempt, call)

    def _client_loop(self, home: asyncio.AbstractEventLoop) -> ClientLoop:
        found = self._loops.get(home)
        if found is None or found.is_over:
            found = self._loops[home] = ClientLoop(home, self._free_loop())
        return found

    def _free_loop(self) -> asyncio.AbstractEventLoop:
        """The client's event loop: the same in all exams, unless it is closed or in use."""
        own = self._own_loop
        if own is None or own.is_closed() or own.is_running():
            own = self._own_loop = asyncio.SelectorEventLoop()
            finalize(self, _close, own)
        return own

    @asynccontextmanager
    async def _stopping(self, attempt: Attempt, stop: Stop | None) -> AsyncIterator[list[float]]:
        """Tell the client to stop in its time; gives when that was done."""
        stopped: list[float] = []
        if stop is None or stop.by is not StopBy.CANCEL or Ability.CANCELS not in self.abilities:
            yield stopped
            return
        telling = asyncio.ensure_future(self._stop(attempt, stop, stopped))
        try:
            yield stopped
        finally:
            telling.cancel()

    async def _stop(self, attempt: Attempt, stop: Stop, stopped: list[float]) -> None:
        now = attempt.run.now
        await moment_to_stop(stop, attempt.run.job, now, self.watch)
        stopped.append(now())
        attempt.cancel()

    def _done(
        self, run: PythonRun, started: float, ending: Ending | None, stopped: float | None
    ) -> Done:
        files = saved_files(run.job.out_dir)
        if files:
            self.abilities |= {Ability.DOWNLOADS}
        error = None if ending is None else ending.error
        is_told = stopped is not None and isinstance(error, asyncio.CancelledError)
        return Done(
            run.job,
            None if ending is None else _outcome(run, started, ending, is_told),
            started,
            run.now() if ending is None else ending.at,
            raised=None if error is None or is_told else name_of(error),
            typed=error is None or is_told or is_typed(error),
            progress=tuple(run.progress),
            stopped=stopped,
            files=files,
            leftovers=sum(one.fileno() >= 0 for one in list(self._connections)),
        )


def _close(loop: asyncio.AbstractEventLoop) -> None:
    if not loop.is_running():
        loop.close()


def _outcome(run: PythonRun, started: float, ending: Ending, is_told: bool) -> Outcome:
    if is_told:
        outcome = Outcome(OutcomeStatus.CANCELLED)
    elif ending.error is not None:
        outcome = outcome_of(ending.error)
    else:
        outcome = returned_outcome(ending.value)
    return replace(
        outcome,
        stdout=outcome.stdout + run.out.text(),
        stderr=outcome.stderr + run.err.text(),
        duration=ending.at - started,
    )


@asynccontextmanager
async def _noted(attempt: Attempt) -> AsyncIterator[None]:
    """Keep what is printed meanwhile, and hear of an escape."""
    loop = attempt.loop
    CAPTURE.enter()
    CAPTURE.active.add(attempt.run)
    if isinstance(loop, JumpingLoop):
        loop.escapes.append(attempt.escape)
    try:
        yield
    finally:
        CAPTURE.active.discard(attempt.run)
        CAPTURE.leave()
        if isinstance(loop, JumpingLoop):
            loop.escapes.remove(attempt.escape)


async def _ending(attempt: Attempt, limit: float) -> Ending | None:
    """How an attempt ends; None where it has to be ended by force. Raises ``Escaped``."""
    now = attempt.run.now
    try:
        if not await ends_first(attempt.ending, until(now, limit)):
            await _look_out(attempt.loop)
        return attempt.ending.result() if attempt.ending.done() else None
    finally:
        if not attempt.over.done():
            attempt.cancel()
            if not await ends_first(attempt.over, until(now, now() + _LAST_WORDS)):
                attempt.kill()


async def _look_out(loop: asyncio.AbstractEventLoop) -> None:
    """Let time stand still for a moment: what goes on elsewhere may yet reach the mock."""
    if isinstance(loop, JumpingLoop):
        await loop.run_in_executor(None, _real_sleep, _LOOK_OUT)
