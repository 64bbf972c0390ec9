"""Waiting on the clock of a session, which may run faster than that of the wall."""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from math import inf
from typing import Any

from contract_tests.clients.client import Now

_SHORTEST_SECONDS = 0.002


# Real processes are waited for on clocks that others may move meanwhile.
GLANCE_SECONDS = 0.1


async def until(now: Now, moment: float, speed: float = 1.0, glance: float = inf) -> None:
    """Return when a session's clock shows ``moment``, or would at the pace of the wall's.

    ``speed`` is how fast the clock runs; it is looked at every ``glance`` seconds of the wall's at
    least. One that stands still holds nobody up for ever.
    """
    loop = asyncio.get_running_loop()
    deadline = loop.time() + moment - now()
    while True:
        left = moment - now()
        if left <= 0 or loop.time() >= deadline:
            return
        await asyncio.sleep(min(max(left / speed, _SHORTEST_SECONDS), glance))


async def ends_first(awaited: asyncio.Future[Any], *others: Coroutine[Any, Any, None]) -> bool:
    """Whether the first ends while all the others still go on; those are given up then."""
    timers = [asyncio.ensure_future(other) for other in others]
    try:
        await asyncio.wait({awaited, *timers}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for timer in timers:
            timer.cancel()
            with suppress(asyncio.CancelledError):
                await timer
    return awaited.done()
