"""When a client is told to stop."""

import asyncio

from contract_tests.clients.client import Now, Watch
from contract_tests.clients.session_time import until
from contract_tests.outcome import Job
from mock_server.core.client_plan import Stop

_LOOK_SECONDS = 0.02


async def moment_to_stop(
    stop: Stop, job: Job, now: Now, watch: Watch | None, speed: float = 1.0
) -> None:
    """Return at that moment: so many seconds after the first call, or, unwatched, after now.

    Starting a process takes a while, and more on a busy machine: it is not counted. A client that
    never calls is never told.
    """
    began = now() if watch is None else await _first_call(job, watch)
    await until(now, began + stop.after, speed)


async def _first_call(job: Job, watch: Watch) -> float:
    while True:
        first = watch(job).first
        if first is not None:
            return first
        await asyncio.sleep(_LOOK_SECONDS)
