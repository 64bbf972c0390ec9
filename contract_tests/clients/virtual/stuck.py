"""Telling a thread that waits for something from one that works, or would if it were let."""

import sys
import threading
import time
from pathlib import Path
from types import FrameType
from typing import NamedTuple

# Bound when this module is read: the clients' threads see another.
_real_seconds = time.perf_counter


class _Use(NamedTuple):
    """Real seconds: what a clock shows, and for which a thread had a processor or queued for it."""

    at: float
    worked: float


class Watch:
    """Measures what a thread does with a turn, in real seconds.

    The operating system is first asked when there is cause to, since that takes longer than most
    turns: :meth:`suspect` begins the measurement.
    """

    def __init__(self, thread: threading.Thread) -> None:
        self.ident = thread.ident or 0
        self._scheduled = Path(f"/proc/self/task/{thread.native_id}/schedstat")
        self._since: _Use | None = None

    def begin(self) -> None:
        """Forget what was measured: a new turn begins."""
        self._since = None

    def suspect(self) -> None:
        """Measure from now on, unless it is done already."""
        self._since = self._since or self._now()

    def worked(self) -> float:
        """Seconds for which the thread had a processor, or stood in line for one."""
        # The thread may begin another turn meanwhile.
        since = self._since
        return 0.0 if since is None else self._now().worked - since.worked

    def waited(self) -> float:
        """Seconds for which it waited for anything else."""
        since = self._since
        if since is None:
            return 0.0
        now = self._now()
        return now.at - since.at - (now.worked - since.worked)

    def place(self) -> str:
        """Where in its code the thread is, as ``client.py:12 in function``."""
        return _place(sys._current_frames().get(self.ident))

    def _now(self) -> _Use:
        at = _real_seconds()
        try:
            cpu, queued, _ = self._scheduled.read_bytes().split()
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
