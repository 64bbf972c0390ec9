"""Time that passes faster for a client that is a process, by libfaketime where it is installed."""

import os
import re
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from statistics import median
from typing import Self

from contract_tests.clients.client import ClientError, Now

# Debian's, Fedora's and a self-made libfaketime.
_ROOTS = (Path("/usr/lib"), Path("/usr/lib64"), Path("/usr/local/lib"))
_PATTERNS = ("faketime/libfaketimeMT.so.1", "*/faketime/libfaketimeMT.so.1")
_SHARED_MEMORY = Path("/dev/shm")
_LEFT = re.compile(r"(?:sem\.faketime_sem|faketime_shm)_(\d+)")

# Beyond, what the network and the machine take grows into seconds of the client's clock: 40 ms of
# a delayed ACK become 2 s at 50.
MOST = 20.0
# A shorter gap between calls is what the calls themselves take: nothing was waited for.
_SHORTEST_WAIT = 0.5


class Dilation:
    """A clock that runs ``factor`` times as fast as the wall's, for clients and mock alike.

    The sessions that a dilated client talks to must run at ``factor`` and begin at :meth:`now`, so
    that a Date or a Retry-After with a date means the same to both.
    """

    def __init__(
        self, factor: float, library: Path, source: Callable[[], float] = time.time
    ) -> None:
        self.factor = factor
        self._library = library
        self._source = source
        self._began = source()

    @classmethod
    def find(cls, factor: float = 10.0, roots: Sequence[Path] = _ROOTS) -> Self:
        """One with the library that is installed; raises :class:`ClientError` if none is."""
        if not 1 < factor <= MOST:
            expected = f"more than 1 and at most {MOST:g}"
            raise ClientError(f"--dilate: expected {expected}, seen {factor:g}")
        found = [file for root in roots for pattern in _PATTERNS for file in root.glob(pattern)]
        if not found:
            raise ClientError(
                "--dilate needs libfaketime, which is not installed"
                " (Debian and Ubuntu: apt-get install faketime)"
            )
        return cls(factor, found[0])

    def now(self) -> float:
        """What the fast clock shows: epoch seconds."""
        real = self._source()
        return self._began + (real - self._began) * self.factor

    def environment(self, now: Now | None = None) -> dict[str, str]:
        """What makes a process that starts at this moment live by the clock of its session."""
        ahead = (self.now if now is None else now)() - self._source()
        others = os.environ.get("LD_PRELOAD")
        return {
            "LD_PRELOAD": f"{self._library}:{others}" if others else str(self._library),
            "FAKETIME": f"{ahead:+.3f} x{self.factor:g}",
            # Files keep their true times: caches and makefiles compare them.
            "NO_FAKE_STAT": "1",
        }

    def complaint(self, real: Sequence[float], dilated: Sequence[float] | None) -> str | None:
        """Why a client cannot be dilated, None if it can: compared in one story, played twice.

        ``real`` are its gaps between calls at the wall's pace, ``dilated`` those by this clock,
        each in seconds of the session's clock. None: it came to no end there.
        """
        if dilated is None:
            return "it came to no end under libfaketime"
        waits, fast = (_typical_wait(gaps) for gaps in (real, dilated))
        if not waits or not fast:
            return "it made no wait that could show whether it heeds libfaketime"
        # Halfway, as factors go, between the same wait and one that was not shortened at all.
        if fast < waits * self.factor**0.5:
            return None
        return (
            f"it ignores libfaketime: its waits of {waits:.1f} s should have taken"
            f" {waits / self.factor:.2f} s, they took {fast / self.factor:.2f} s"
        )

    def clean(self) -> None:
        """Remove what libfaketime leaves of processes that were killed: shared memory."""
        with suppress(OSError):
            for file in _SHARED_MEMORY.iterdir():
                found = _LEFT.fullmatch(file.name)
                if found and not Path("/proc", found[1]).exists():
                    # Another user's stays.
                    with suppress(OSError):
                        file.unlink()


def _typical_wait(gaps: Sequence[float]) -> float:
    """The median of the gaps that are waits, 0 without any."""
    waits = [gap for gap in gaps if gap >= _SHORTEST_WAIT]
    return median(waits) if waits else 0.0
