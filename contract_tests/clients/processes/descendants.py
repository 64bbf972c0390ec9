"""Finding all processes that a client has started, also those that left its group (Linux)."""

import os
import secrets
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

# Carried by the environment of a client, and so by that of whatever it starts.
MARK = "SAFELIGHT_PROCESS"

# The limit on file locks: Linux hands it on, but has not looked at it since version 2.4.25
# (getrlimit(2)), so that any number may stand there. Python has no name for it.
_RLIMIT_LOCKS = 10
_MOST = 2**60

_PROC = Path("/proc")
_ROUNDS = 200
_ROUND_SECONDS = 0.005

# One start at a time, or one family would be given the limit of another.
_starting = threading.Lock()


class Descendants:
    """All processes that a client has started, however they tried to become independent.

    They are known by their process group, by ``mark`` in their environment, and by an odd limit on
    file locks: like the environment it is handed on, and nobody empties both. Elsewhere than on
    Linux the process group has to do.
    """

    def __init__(self) -> None:
        self.mark = secrets.token_hex(8)
        self._entry = f"{MARK}={self.mark}".encode()
        self._limit = secrets.randbelow(_MOST)
        self._leader = 0
        self._born = 0

    def start(self, start: Callable[[], "subprocess.Popen[bytes]"]) -> "subprocess.Popen[bytes]":
        """Start the first process by calling ``start``; it must begin a session of its own."""
        with _starting, self._limited():
            process = start()
        self._leader = process.pid
        with suppress(OSError):
            self._born = _Status.of(process.pid).born
        return process

    def alive(self) -> tuple[int, ...]:
        """The numbers of those that live, the first one among them."""
        if not _PROC.is_dir():
            return self._group()
        return tuple(pid for pid in _all_processes() if self._is_ours(pid))

    def signal_group(self, number: signal.Signals) -> None:
        """Send a signal to the process group, as a terminal does."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._leader, number)

    def kill(self) -> int:
        """End them all, and what they start meanwhile; how many were found. Takes a moment."""
        seen: set[int] = set()
        for _ in range(_ROUNDS):
            living = self.alive()
            if not living:
                break
            seen.update(living)
            # Halted first, so that none starts another while the next is killed.
            self._send(living, signal.SIGSTOP)
            self._send(living, signal.SIGKILL)
            time.sleep(_ROUND_SECONDS)
        return len(seen)

    @contextmanager
    def _limited(self) -> Iterator[None]:
        """The odd limit for this process too, which means nothing to it, while a child is made."""
        if sys.platform != "linux":
            yield
            return
        import resource

        former = resource.getrlimit(_RLIMIT_LOCKS)
        try:
            with suppress(OSError, ValueError):
                resource.setrlimit(_RLIMIT_LOCKS, (self._limit, former[1]))
            yield
        finally:
            resource.setrlimit(_RLIMIT_LOCKS, former)

    def _send(self, living: tuple[int, ...], number: signal.Signals) -> None:
        self.signal_group(number)
        for pid in living:
            with suppress(ProcessLookupError, PermissionError):
                os.kill(pid, number)

    def _group(self) -> tuple[int, ...]:
        try:
            os.killpg(self._leader, 0)
        except (ProcessLookupError, PermissionError):
            return ()
        return (self._leader,)

    def _is_ours(self, pid: int) -> bool:
        try:
            status = _Status.of(pid)
            if status.state in "ZX" or status.born < self._born:
                return False
            return status.group == self._leader or self._is_marked(pid)
        except OSError:
            # Gone meanwhile, or another user's.
            return False

    def _is_marked(self, pid: int) -> bool:
        place = _PROC / str(pid)
        # The environment of another user's process is not to be read, its limits are.
        with suppress(PermissionError):
            if self._entry in (place / "environ").read_bytes().split(b"\0"):
                return True
        return self._limit == _locks_limit((place / "limits").read_text("ascii", "replace"))


def _all_processes() -> Iterator[int]:
    return (int(entry.name) for entry in os.scandir(_PROC) if entry.name.isdigit())


@dataclass(frozen=True, slots=True)
class _Status:
    """A process's state by its letter, its group, and when it was started (proc(5))."""

    state: str
    group: int
    born: int

    @classmethod
    def of(cls, pid: int) -> "_Status":
        # Its name stands in parentheses and may have any characters.
        fields = (_PROC / str(pid) / "stat").read_bytes().rpartition(b")")[2].split()
        return cls(fields[0].decode("ascii"), int(fields[2]), int(fields[19]))


def _locks_limit(limits: str) -> int | None:
    line = next((line for line in limits.splitlines() if line.startswith("Max file locks")), "")
    found = [word for word in line.split() if word.isdigit()]
    return int(found[0]) if found else None
