"""How many processes of a client may run side by side without spoiling what is measured."""

import math
import os
import sys

# So many seconds it may take to give out the jobs of all places: about what a short story lasts.
_SPREAD_SECONDS = 12.0
_FEWEST_PER_CORE, _MOST = 2, 200
# What a process of a large runtime adds to those of the same program; they may take half of all.
_PROCESS_BYTES, _SHARE = 32 * 2**20, 0.5


def cores() -> int:
    """How many processes can really run side by side."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


def memory() -> float:
    """How many bytes the machine has, as far as it tells."""
    if not hasattr(os, "sysconf"):
        return math.inf
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")


def default_jobs(
    start_up_seconds: float, cores: int, speed: float = 1.0, memory: float = math.inf
) -> int:
    """How many jobs to give out at once, for a client that takes so long to start (seconds).

    What starts is busy for that long, so that many starts at once delay each other; a process that
    lives long takes next to nothing for a further job. ``speed`` is that of the sessions' clocks:
    the faster they run, the more of their time a start takes. ``memory`` are the bytes that the
    machine has.
    """
    busy = max(start_up_seconds, 0.001) * max(speed, 1.0)
    fitting = min(_MOST, cores * _SPREAD_SECONDS / busy, memory * _SHARE / _PROCESS_BYTES)
    return max(_FEWEST_PER_CORE * cores, int(fitting))
