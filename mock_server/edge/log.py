"""One line for each request, written in batches off the path of the replies."""

import json
import sys
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import TextIO

from mock_server.core.journal import Entry
from mock_server.edge.sessions import DEFAULT, Session

_PAUSE_SECONDS = 0.1
_MOST_WAITING = 200_000


class Log:
    """Collects entries and writes their lines from a thread of its own, ten times a second.

    ``form`` is ``text`` or ``json``. Lines that cannot be written fast enough are lost.
    """

    def __init__(self, form: str, stream: TextIO | None = None) -> None:
        self._line: Callable[[Session, Entry], str] = _json_line if form == "json" else _text_line
        self._stream = stream or sys.stdout
        self._waiting: deque[tuple[Session, Entry]] = deque(maxlen=_MOST_WAITING)
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._write_on, daemon=True, name="safelight-log")
        self._thread.start()

    def __call__(self, session: Session, entry: Entry) -> None:
        """Take note of an entry whose reply has been delivered."""
        self._waiting.append((session, entry))

    def close(self) -> None:
        """Write what is waiting and stop."""
        self._stopped.set()
        self._thread.join()

    def _write_on(self) -> None:
        while not self._stopped.wait(_PAUSE_SECONDS):
            self._flush()
        self._flush()

    def _flush(self) -> None:
        lines = []
        while self._waiting:
            lines.append(self._line(*self._waiting.popleft()))
        if lines:
            try:
                self._stream.write("\n".join([*lines, ""]))
                self._stream.flush()
            except (OSError, ValueError):
                # Whoever read the log has gone; the server goes on without it. What is left in the
                # stream must not fail once more when the process ends.
                self._stopped.set()
                with suppress(OSError, ValueError):
                    self._stream.close()


def _text_line(session: Session, entry: Entry) -> str:
    where = "" if session.name == DEFAULT else f"[{session.name}] "
    status = entry.status
    milliseconds = ((entry.ended or entry.at) - entry.at) * 1000
    told = "---" if status is None else status
    parts = [f"{where}{entry.method:<4} {_printable(entry.path)} {told}"]
    if entry.task:
        parts.append(f"{entry.task} {entry.phase or ''}".rstrip())
    if entry.fault:
        parts.append(f"fault={entry.fault}")
    if entry.aborted:
        parts.append("caller left")
    parts.append(f"{milliseconds:.1f}ms")
    return "  ".join(parts)


def _json_line(session: Session, entry: Entry) -> str:
    return json.dumps(
        {
            "session": session.name,
            "number": entry.number,
            "at": round(entry.at, 6),
            "method": entry.method,
            "path": entry.path,
            "status": entry.status,
            "task": entry.task,
            "phase": entry.phase,
            "fault": entry.fault,
            "aborted": entry.aborted,
            "seconds": round((entry.ended or entry.at) - entry.at, 6),
        }
    )


def _printable(path: str) -> str:
    # A path must not be able to write lines of its own into the log.
    path = path[:300]
    return path if path.isprintable() else "".join(c if c.isprintable() else "?" for c in path)
