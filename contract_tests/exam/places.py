"""How many stories run side by side in real time: one at first, then as many as can be borne."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from contract_tests.clients.client import Traffic
from contract_tests.clients.jobs_at_once import default_jobs

_GLANCE_SECONDS = 0.01
# Whoever has not called by then is taken to be as slow as that.
_LONGEST_SECONDS = 5.0


class Places:
    """Lends places to stories; the number of places can grow."""

    def __init__(self, places: int) -> None:
        self.number = places
        self._free = asyncio.Semaphore(places)

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """A place for as long as the block runs; waits for one."""
        async with self._free:
            yield

    def grow(self, places: int) -> None:
        """Have so many places, if that is more than there are."""
        for _ in range(places - self.number):
            self._free.release()
        self.number = max(self.number, places)

    async def grow_as_fit(self, traffic: Callable[[], Traffic], speed: float = 1.0) -> None:
        """Grow once it is known how long a client takes to start: until its first call.

        ``speed`` is that of the sessions' clocks.
        """
        loop = asyncio.get_running_loop()
        began = loop.time()
        # Calls are answered in one turn of the loop: nobody could tell of the first one.
        while traffic().first is None and loop.time() - began < _LONGEST_SECONDS:  # noqa: ASYNC110
            await asyncio.sleep(_GLANCE_SECONDS)
        self.grow(default_jobs(loop.time() - began, os.cpu_count() or 1, speed))
