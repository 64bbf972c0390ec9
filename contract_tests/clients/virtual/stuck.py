"""Telling a thread that waits for something from one that works, or would if it were let."""

import sys
import threading
import time
from pathlib import Path
from types import FrameType
from typing import NamedTuple

# Bound when this module is read: the clients' threads see another.
_real_seconds = time.perf_counter


# A thread that uses less than this share of the time, and is found asleep, waits for something.
_IDLE_SHARE = 0.2


class _Use(NamedTuple):
    """Real seconds: what a clock shows, and for which a thread had a processor or queued for it."""

    at: float
    worked: float


class Watch:
    """Tells what a thread does with a long turn, by looking after it from time to time.

    ``waited`` and ``worked`` are the real seconds of the turn that it spent in either way, since
    the first :meth:`glance`: most turns are over before that.
    """

    def __init__(self, thread: threading.Thread) -> None:
        self.ident = thread.ident or 0
        self.waited = self.worked = 0.0
        self._folder = Path(f"/proc/self/task/{thread.native_id}")
        self._last: _Use | None = None

    def begin(self) -> None:
        """Forget what was seen: a new turn begins."""
        self._last = None
        self.waited = self.worked = 0.0

    def glance(self, every: float) -> None:
        """Look what the thread has done since the last time, which is about ``every`` seconds ago.

        If it is longer ago, the whole machine may have stood still: that is nobody's wait.
        """
        last, self._last = self._last, self._now()
        if last is None:
            return
        worked = self._last.worked - last.worked
        self.worked += worked
        if worked < _IDLE_SHARE * (self._last.at - last.at) and self._is_asleep():
            self.waited += min(every, self._last.at - last.at)

    def place(self) -> str:
        """Where in its code the thread is, as ``client.py:12 in function``."""
        return _place(sys._current_frames().get(self.ident))

    def _is_asleep(self) -> bool:
        """Whether it sleeps, rather than being kept from running, or reading a file."""
        try:
            return b") S " in (self._folder / "stat").read_bytes()
        except OSError:
            return True

    def _now(self) -> _Use:
        at = _real_seconds()
        try:
            cpu, queued, _ = (self._folder / "schedstat").read_bytes().split()
            return _Use(at, (int(cpu) + int(queued)) / 1e9)
        except (OSError, ValueError):
            return _Use(at, self._cpu())

    def _cpu(self) -> float:
        """What other systems than Linux know: they do not tell how long it stood in line."""
        try:
            return time.clock_gettime(time.pthread_getcpuclockid(self.ident))
        except (OSError, AttributeError):
            return 0.0


def _place(frame: FrameType | None) -> str:
    """The innermost place that is not in the standard library, else the innermost of all."""
    innermost = frame
    library = str(Path(threading.__file__).parent)
    others = f"{library}/site-packages"
    while frame is not None:
        file = frame.f_code.co_filename
        if file.startswith(others) or not file.startswith((library, "<")):
            break
        frame = frame.f_back
    frame = frame or innermost
    if frame is None:
        return "an unknown place"
    return f"{Path(frame.f_code.co_filename).name}:{frame.f_lineno} in {frame.f_code.co_name}"
