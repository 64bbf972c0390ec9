"""What Python clients print, kept apart from what anybody else prints in the same process."""

import logging
import sys
import threading
from collections.abc import Callable, Iterable
from typing import Any, TextIO

from contract_tests.clients.processes.bounded_text import BoundedText
from contract_tests.clients.python_run import PythonRun, current_run


class Capture:
    """Leads what clients print to the run that they print it in; once, however many need it.

    Threads that were there before belong to nobody's run, unless they say so. What others print
    (in threads that a client has started) is kept for all runs of the moment, for it could be of
    any of them.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._users = 0
        self._undo: list[Callable[[], None]] = []
        self._known: set[int | None] = set()
        self.active: set[PythonRun] = set()

    def enter(self) -> None:
        """Stand in for the streams of the process."""
        with self._lock:
            self._users += 1
            if self._users == 1:
                self._known = {one.ident for one in threading.enumerate()}
                for name in ("stdout", "stderr"):
                    self._stand_in(name)

    def leave(self) -> None:
        """Put the streams back, if nobody else needs it."""
        with self._lock:
            self._users -= 1
            if self._users == 0:
                while self._undo:
                    self._undo.pop()()

    def listeners(self, name: str) -> list[BoundedText]:
        """Where to keep what the calling thread prints; nowhere: it is to be printed."""
        run = current_run.get()
        if run is not None:
            runs: Iterable[PythonRun] = (run,)
        else:
            runs = () if threading.get_ident() in self._known else self.active
        return [one.out if name == "stdout" else one.err for one in runs]

    def _stand_in(self, name: str) -> None:
        before = getattr(sys, name)
        stream = _Stream(before, lambda: self.listeners(name))
        setattr(sys, name, stream)

        def put_back() -> None:
            # Whoever has put something else there meanwhile will put it back himself.
            if getattr(sys, name) is stream:
                setattr(sys, name, before)

        self._undo.append(put_back)
        also = getattr(sys, f"__{name}__")
        for handler in _handlers():
            if getattr(handler, "stream", None) in (before, also):
                self._undo.append(_led_to(handler, stream))


class _Stream:
    """A stream of the process that asks for each piece whose it is."""

    def __init__(self, native: TextIO, listeners: Callable[[], list[BoundedText]]) -> None:
        self._native = native
        self._listeners = listeners

    def write(self, text: str) -> int:
        listeners = self._listeners()
        for one in listeners:
            one.feed(text.encode("utf-8", "backslashreplace"))
        return len(text) if listeners else self._native.write(text)

    def writelines(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.write(line)

    @property
    def buffer(self) -> "_Bytes":
        return _Bytes(self)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._native, name)


class _Bytes:
    """The binary side of such a stream."""

    def __init__(self, stream: _Stream) -> None:
        self._stream = stream

    def write(self, data: bytes) -> int:
        self._stream.write(bytes(data).decode("utf-8", "replace"))
        return len(data)

    def flush(self) -> None:
        self._stream.flush()


def _handlers() -> Iterable[logging.Handler]:
    named = logging.root.manager.loggerDict.values()
    for logger in (logging.root, *(one for one in named if isinstance(one, logging.Logger))):
        yield from logger.handlers


def _led_to(handler: Any, stream: Any) -> Callable[[], None]:
    before = handler.stream
    handler.stream = stream

    def put_back() -> None:
        if handler.stream is stream:
            handler.stream = before

    return put_back


CAPTURE = Capture()
