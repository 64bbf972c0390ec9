"""Work that is shared among copies of this process, so that all cores have some."""

import os
import pickle
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from io import BytesIO
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, TypeAlias

Work: TypeAlias = Callable[[int], Iterable[Any]]

_INTERRUPTED = 130
# How long a copy that has told everything may take to end, in seconds.
_LAST_WORDS = 1.0
# How often to look whether they live, in seconds, where none has anything to tell.
_GLANCE = 0.5


class CopyEndedError(Exception):
    """A copy ended before it had told everything: whatever ran in it has ended the process."""


class Tickets:
    """Numbers from 0 on, given out one by one among all copies of this process."""

    def __init__(self, number: int) -> None:
        self._number = number
        self._next = get_context("fork").Value("i", 0)

    def __iter__(self) -> Iterator[int]:
        """Those that this process gets: it takes one when it has done the last."""
        while True:
            with self._next.get_lock():
                ticket = self._next.value
                self._next.value += 1
            if ticket >= self._number:
                return
            yield ticket


def can_copy() -> bool:
    """Whether a copy of this process would work: in one with threads, those would be missing."""
    return sys.platform == "linux" and threading.active_count() == 1


def in_copies(number: int, work: Work) -> Iterator[Any]:
    """What ``work`` yields in so many copies of this process, as it comes.

    It is told which of them it runs in, counted from 0. What it yields has to be picklable; what
    it raises is raised here. Raises :class:`CopyEndedError` where a copy ends on its own.
    """
    copies: dict[Connection, BaseProcess] = {}
    try:
        for index in range(number):
            copies |= [_start(work, index, tuple(copies))]
        yield from _heard(copies)
    finally:
        for process in copies.values():
            # What a client has started in it may never end, nor heed anything milder.
            process.kill()
            process.join()


def _start(work: Work, index: int, others: Sequence[Connection]) -> tuple[Connection, BaseProcess]:
    context = get_context("fork")
    reader, writer = context.Pipe(duplex=False)
    process = context.Process(target=_tell, args=(work, index, writer, (*others, reader)))
    process.start()
    writer.close()
    return reader, process


def _tell(work: Work, index: int, writer: Connection, others: Sequence[Connection]) -> None:
    """In the copy: work, and tell what comes of it, until nobody listens any more."""
    # The first process says what there is to say of an interruption.
    signal.signal(signal.SIGINT, lambda *_: os._exit(_INTERRUPTED))
    for reader in others:
        reader.close()
    say = _Sender(writer)
    with suppress(BrokenPipeError):
        try:
            for one in work(index):
                say.told(one)
        except Exception as error:
            say.raised(error)
        else:
            say.ended()


class _Sender:
    """Writes messages: a pickle each, which refers to those before it for what they have told."""

    def __init__(self, writer: Connection) -> None:
        self._writer = writer
        self._buffer = BytesIO()
        self._pickler = pickle.Pickler(self._buffer, pickle.HIGHEST_PROTOCOL)

    def told(self, one: object) -> None:
        self._send("told", one)

    def ended(self) -> None:
        self._send("ended", None)

    def raised(self, error: Exception) -> None:
        """Send an error; where it cannot be sent, its traceback."""
        try:
            pickle.loads(pickle.dumps(error))
        except Exception:
            error = RuntimeError("".join(traceback.format_exception(error)))
        self._send("raised", error)

    def _send(self, kind: str, value: object) -> None:
        self._buffer.seek(0)
        self._buffer.truncate()
        self._pickler.dump((kind, value))
        self._writer.send_bytes(self._buffer.getvalue())


class _Receiver:
    """Reads the messages of one sender."""

    def __init__(self, reader: Connection) -> None:
        self._reader = reader
        self._buffer = BytesIO()
        self._unpickler = pickle.Unpickler(self._buffer)

    def message(self) -> tuple[str, Any]:
        """The next one, which is waited for; raises EOFError where there are no more."""
        data = self._reader.recv_bytes()
        self._buffer.seek(0)
        self._buffer.truncate()
        self._buffer.write(data)
        self._buffer.seek(0)
        message: tuple[str, Any] = self._unpickler.load()
        return message


def _heard(copies: dict[Connection, BaseProcess]) -> Iterator[Any]:
    receivers = {reader: _Receiver(reader) for reader in copies}
    while receivers:
        for reader in _ready({reader: copies[reader] for reader in receivers}):
            try:
                kind, value = receivers[reader].message()
            except EOFError:
                raise CopyEndedError(_end_of(copies[reader])) from None
            if kind == "raised":
                raise value
            if kind == "told":
                yield value
            else:
                copies[reader].join(_LAST_WORDS)
                del receivers[reader]


def _ready(copies: Mapping[Connection, BaseProcess]) -> Sequence[Connection]:
    """Those that have something to tell; raises where one has ended and told nothing more."""
    while True:
        ended = [(one, process) for one, process in copies.items() if not process.is_alive()]
        ready = [one for one in wait(list(copies), _GLANCE) if isinstance(one, Connection)]
        if ready:
            return ready
        if ended:
            # A process that the client has left behind may still hold its end of the pipe.
            raise CopyEndedError(_end_of(ended[0][1]))


def _end_of(process: BaseProcess) -> str:
    process.join()
    status = process.exitcode or 0
    return f"signal {signal.Signals(-status).name}" if status < 0 else f"exit status {status}"
