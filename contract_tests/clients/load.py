"""How many stories may be played side by side with clients that are processes."""

import sys
import time
from collections.abc import Awaitable, Callable

# What a process that is not waiting costs at the least, in seconds of a processor.
_LEAST_COST = 0.02
# A story takes about so long, nearly all of it waiting. So many starts at once keep the processors
# just busy: fewer would leave them idle, more would only queue.
_STORY_SECONDS = 8.0
_FEWEST, _MOST = 2, 100


def default_jobs(start_up_seconds: float, cores: int, speed: float = 1.0) -> int:
    """How many stories to play at once.

    ``start_up_seconds`` of a processor are what one start of the client costs, ``speed`` is how
    fast the sessions' clocks run: what the machine takes grows by it, as the clients see it.
    """
    cost = max(start_up_seconds, _LEAST_COST) * max(speed, 1.0)
    return max(_FEWEST, min(_MOST, int(cores * _STORY_SECONDS / cost)))


async def start_up_cost(play: Callable[[], Awaitable[object]]) -> float:
    """The seconds of a processor that a client costs in a story; nothing else may run meanwhile.

    ``play`` plays it: what its processes have used up when they are gone is the cost.
    """
    before = _used()
    await play()
    return _used() - before


def _used() -> float:
    """Seconds that the processes which this one has started, and which have ended, have used."""
    if sys.platform == "win32":
        return time.perf_counter()
    import resource

    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime
