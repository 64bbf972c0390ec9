"""What the kernel tells about a running process: CPU time, waiting for a core, memory."""

import os
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from benchmarks.errors import CannotMeasure

PROC = Path("/proc")


@cache
def cores() -> tuple[int, ...]:
    """The cores this program was given when it asked first: the servers run on the first, the load
    on the last. Raises CannotMeasure on systems without ``/proc``."""
    if sys.platform != "linux":
        raise CannotMeasure(f"expected Linux, for cores and /proc, seen: {sys.platform}")
    return tuple(sorted(os.sched_getaffinity(0)))


@dataclass(frozen=True, slots=True)
class Usage:
    """Seconds since the process began: ``cpu`` it used, ``waited`` it was ready but had no core.

    A process waits for its core when other programs use it; what its main thread waits for
    threads of its own is its own affair and does not count.
    """

    cpu: float
    waited: float

    def since(self, before: "Usage") -> "Usage":
        """The usage between two readings."""
        return Usage(self.cpu - before.cpu, self.waited - before.waited)


def usage(pid: int) -> Usage:
    """Read the usage of a process; ``waited`` is 0 on kernels that do not account for it."""
    cpu = cpu_seconds((PROC / str(pid) / "stat").read_text())
    try:
        line = (PROC / str(pid) / "schedstat").read_text()
    except FileNotFoundError:
        return Usage(cpu, 0.0)
    return Usage(cpu, waited_for_others(line, cpu))


def cpu_seconds(stat: str) -> float:
    """User and system time of all threads and of ended children, from a ``/proc/PID/stat`` line."""
    # The command name stands in brackets and may itself contain blanks: count from its end.
    fields = stat.rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


def waited_for_others(schedstat: str, cpu: float) -> float:
    """Seconds the main thread waited for a core, from its ``schedstat`` line, less own threads."""
    ran, waited = (int(field) / 1e9 for field in schedstat.split()[:2])
    return max(0.0, waited - max(0.0, cpu - ran))


def resident_megabytes(pid: int) -> float:
    """Resident memory in MB of 1,000,000 bytes."""
    return resident((PROC / str(pid) / "status").read_text())


def resident(status: str) -> float:
    """Resident memory in MB of 1,000,000 bytes, from the text of ``/proc/PID/status``."""
    line = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
    return int(line.split()[1]) * 1024 / 1e6


def open_files(pid: int) -> int:
    """How many file descriptors a process holds."""
    return len(os.listdir(PROC / str(pid) / "fd"))
