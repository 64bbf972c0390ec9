"""How many stories run side by side in real time: one at first, then as many as can be borne."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from contract_tests.clients.client import Traffic
from contract_tests.clients.jobs_at_once import cores, default_jobs, memory

_GLANCE_SECONDS = 0.01
# Whoever has not called by then is taken to be as slow as that.
_LONGEST_SECONDS = 5.0
# What starts is busy, and what waits for a poll is not: these many keep all cores at work.
_STARTS_PER_CORE = 2


class Places:
    """Lends places to stories; the number of places can grow.

    However many there are, only a few clients start at the same time: the others would only keep
    them from it.
    """

    def __init__(self, places: int) -> None:
        self.number = places
        self._free = asyncio.Semaphore(places)
        self._starts = asyncio.Semaphore(_STARTS_PER_CORE * cores())

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """A place for as long as the block runs; waits for one."""
        async with self._free:
            yield

    @asynccontextmanager
    async def start(self, traffic: Callable[[], Traffic]) -> AsyncIterator[None]:
        """A block in which a client starts, known by its first call; waits while many others do."""
        await self._starts.acquire()
        starting = asyncio.ensure_future(_first_call(traffic))
        starting.add_done_callback(lambda _: self._starts.release())
        try:
            yield
        finally:
            starting.cancel()

    def grow(self, places: int) -> None:
        """Have so many places, if that is more than there are."""
        for _ in range(places - self.number):
            self._free.release()
        self.number = max(self.number, places)

    async def grow_as_fit(self, traffic: Callable[[], Traffic], speed: float = 1.0) -> None:
        """Grow once it is known how long a client takes to start: until its first call.

        ``speed`` is that of the sessions' clocks.
        """
        self.grow(default_jobs(await _first_call(traffic), cores(), speed, memory()))


async def _first_call(traffic: Callable[[], Traffic]) -> float:
    """Wait for the first call, but not for ever; how many seconds that took."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    # Calls are answered in one turn of the loop: nobody could tell of the first one.
    while traffic().first is None and loop.time() - began < _LONGEST_SECONDS:  # noqa: ASYNC110
        await asyncio.sleep(_GLANCE_SECONDS)
    return loop.time() - began
