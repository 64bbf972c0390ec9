"""What the kernel tells about a running process: CPU time, whether it had work, memory."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from benchmarks.errors import CannotMeasure

PROC = Path("/proc")


@cache
def cores() -> tuple[int, ...]:
    """The cores this program was given: the servers run on the first, the load on the last.

    Asked once, since the program then holds itself on one of them. Raises CannotMeasure on systems
    without ``/proc``.
    """
    if sys.platform != "linux":
        raise CannotMeasure(f"expected Linux, for cores and /proc, seen: {sys.platform}")
    return tuple(sorted(os.sched_getaffinity(0)))


@contextmanager
def on_all_cores() -> Iterator[None]:
    """Let what is started within the block run on any core, and not on that of the load alone."""
    held = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores())
    try:
        yield
    finally:
        os.sched_setaffinity(0, held)


def used_seconds(pid: int) -> float:
    """CPU time, user and system, of all threads of a process."""
    return cpu_seconds((PROC / str(pid) / "stat").read_text())


def cpu_seconds(stat: str) -> float:
    """User and system time of all threads and of ended children, from a ``/proc/PID/stat`` line."""
    # The command name stands in brackets and may itself contain blanks: count from its end.
    fields = stat.rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


def ready_seconds(pid: int) -> float:
    """How long a process's main thread has had work: it ran, or waited for a core to run on.

    Unlike CPU time this does not shrink when other programs take the core. Raises CannotMeasure on
    kernels that do not account for it.
    """
    path = PROC / str(pid) / "schedstat"
    try:
        return ready(path.read_text())
    except OSError as error:
        raise CannotMeasure(f"expected scheduler statistics in {path}, seen: {error}") from error


def ready(schedstat: str) -> float:
    """Seconds run and seconds waited, added, from a ``/proc/PID/schedstat`` line."""
    ran, waited = schedstat.split()[:2]
    return (int(ran) + int(waited)) / 1e9


def resident_megabytes(pid: int) -> float:
    """Resident memory in MB of 1,000,000 bytes."""
    return resident((PROC / str(pid) / "status").read_text())


def resident(status: str) -> float:
    """Resident memory in MB of 1,000,000 bytes, from the text of ``/proc/PID/status``."""
    line = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
    return int(line.split()[1]) * 1024 / 1e6


def open_files(pid: int) -> int:
    """How many file descriptors a process holds."""
    return sum(1 for _ in (PROC / str(pid) / "fd").iterdir())
