"""One call of a Python client, from its start to whatever ends it."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from contract_tests.clients.client import Escaped
from contract_tests.clients.python_run import PythonRun


@dataclass(frozen=True, slots=True)
class Ending:
    """How a call ended: with a value or an error, and when, on the session's clock."""

    at: float
    value: object = None
    error: BaseException | None = None


class Attempt:
    """A call that is under way.

    ``ending`` is how it ended, ``over`` that nothing of it goes on: it is not after an escape; both
    belong to the exam's loop. ``cancel`` asks the client to stop, ``kill`` ends it by force; they
    are set by what runs it.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, run: PythonRun) -> None:
        self.loop = loop
        self.run = run
        self.ending: asyncio.Future[Ending | None] = loop.create_future()
        self.over: asyncio.Future[None] = loop.create_future()
        self.cancel: Callable[[], None] = lambda: None
        self.kill: Callable[[], None] = lambda: None

    def tell(self, value: object = None, error: BaseException | None = None) -> None:
        """Say how the call ended; from any thread."""
        ending = Ending(self.run.now(), value, error)
        # A thread that was given up may outlast the loop: nobody wants to know any more.
        with suppress(RuntimeError):
            self.loop.call_soon_threadsafe(self._settle, ending)

    def lose(self) -> None:
        """Say that what ran it is gone, in the loop's thread: what was not told will never be."""
        self.loop.call_soon(self._settle, None)

    def escape(self, reason: str) -> None:
        """Say that it left virtual time; in the loop's thread."""
        if not self.ending.done():
            self.ending.set_exception(Escaped(reason))

    def _settle(self, ending: Ending | None) -> None:
        if not self.ending.done():
            self.ending.set_result(ending)
        if not self.over.done():
            self.over.set_result(None)
