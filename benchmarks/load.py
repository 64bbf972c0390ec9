"""Load from a few keep-alive connections, cheap enough that the server is what limits it."""

import asyncio
import itertools
import time
from collections.abc import Callable, Coroutine, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, cast

import uvloop

from benchmarks.api import HOST
from benchmarks.errors import CannotMeasure
from benchmarks.process import Usage, usage
from benchmarks.servers import Server

CONNECTIONS = 32
WARM_UP_SECONDS = 0.2
LAST_REPLY_SECONDS = 10.0
WHOLE_LIST_SECONDS = 120.0
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Sample:
    """Replies that a server gave in so many ``seconds``, and what it used of its core meanwhile."""

    replies: int
    seconds: float
    usage: Usage

    @property
    def rate(self) -> float:
        """Replies per second, leaving out the time in which other programs held the core."""
        return self.replies / self._own_seconds

    @property
    def busy(self) -> float:
        """Share of that time in which the server worked; well below 1, the load was too slow."""
        return self.usage.cpu / self._own_seconds

    @property
    def _own_seconds(self) -> float:
        return max(self.seconds - self.usage.waited, 1e-9)


def reply_end(data: bytes) -> int:
    """Where the first reply in ``data`` ends, or -1 while it is not complete.

    Raises ValueError if its length is not stated.
    """
    head_end = data.find(b"\r\n\r\n")
    if head_end < 0:
        return -1
    field = data.lower().find(b"\r\ncontent-length:", 0, head_end)
    if field < 0:
        raise ValueError("a reply without Content-Length")
    end = head_end + 4 + int(data[field + 17 : data.find(b"\r\n", field + 17)])
    return end if len(data) >= end else -1


class Volley:
    """Requests still to be sent on all connections, and the replies so far."""

    def __init__(
        self, requests: Iterable[bytes], status: int, keep: Callable[[bytes], None] | None = None
    ) -> None:
        self.requests = iter(requests)
        self.opening = b"HTTP/1.1 %d " % status
        self.keep = keep
        self.replies = 0
        self.failure: str | None = None
        self.closed = 0
        self.over = asyncio.Event()

    def end(self) -> None:
        """Send nothing more; each connection closes after the reply it waits for."""
        self.requests = iter(())

    def fail(self, seen: str) -> None:
        """Remember what went wrong first, and end."""
        self.failure = self.failure or seen
        self.end()


class Connection(asyncio.Protocol):
    """Sends one request, waits for its reply, sends the next."""

    transport: asyncio.Transport

    def __init__(self, volley: Volley) -> None:
        self.volley = volley
        self.part = b""
        self.finished = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        self.send()

    def send(self) -> None:
        """Send the next request, or close when there is none."""
        request = next(self.volley.requests, None)
        if request is None:
            self.finished = True
            self.transport.close()
        else:
            self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        if self.part:
            data = self.part + data
        try:
            end = reply_end(data)
        except ValueError as error:
            return self.break_off(str(error))
        if end < 0:
            self.part = data
            return None
        if not data.startswith(self.volley.opening) or end != len(data):
            return self.break_off(data[:600].decode(errors="replace"))
        self.part = b""
        self.volley.replies += 1
        if self.volley.keep is not None:
            self.volley.keep(data[data.find(b"\r\n\r\n") + 4 :])
        return self.send()

    def break_off(self, seen: str) -> None:
        """Give up on this connection and on the whole volley."""
        self.finished = True
        self.volley.fail(seen)
        self.transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.finished:
            self.volley.fail(f"a connection closed before its reply ({exc!r})")
        self.volley.closed += 1
        if self.volley.closed == CONNECTIONS:
            self.volley.over.set()


def shoot(server: Server, requests: Sequence[bytes], *, status: int, seconds: float) -> Sample:
    """Send ``requests`` in a circle for ``seconds``, after a short warm-up that is not counted.

    Raises CannotMeasure at the first reply that has not the expected ``status``.
    """

    async def run() -> Sample:
        volley = Volley(itertools.cycle(requests), status)
        await connect(server, volley)
        await asyncio.sleep(WARM_UP_SECONDS)
        replies, begin, before = volley.replies, time.perf_counter(), usage(server.pid)
        await asyncio.sleep(seconds)
        replies, elapsed = volley.replies - replies, time.perf_counter() - begin
        used = usage(server.pid).since(before)
        volley.end()
        await finish(server, volley, LAST_REPLY_SECONDS)
        return Sample(replies, elapsed, used)

    return on_uvloop(run())


def send_each(server: Server, requests: Iterable[bytes], *, status: int) -> list[bytes]:
    """Send each request once; the bodies of the replies, in the order they came.

    Raises CannotMeasure at the first reply that has not the expected ``status``.
    """
    bodies: list[bytes] = []

    async def run() -> None:
        volley = Volley(requests, status, bodies.append)
        await connect(server, volley)
        await finish(server, volley, WHOLE_LIST_SECONDS)

    on_uvloop(run())
    return bodies


async def connect(server: Server, volley: Volley) -> None:
    """Open all connections; each begins to send at once."""
    loop = asyncio.get_running_loop()
    try:
        for _ in range(CONNECTIONS):
            await loop.create_connection(lambda: Connection(volley), HOST, server.port)
    except OSError as error:
        raise CannotMeasure(f"{server.name}: expected a connection, seen: {error!r}") from error


async def finish(server: Server, volley: Volley, patience: float) -> None:
    """Wait until all connections have closed, then report the first failure, if there was one."""
    try:
        await asyncio.wait_for(volley.over.wait(), patience)
    except TimeoutError:
        volley.fail(f"replies still missing after {patience:.0f} s")
    if volley.failure is not None:
        expected = volley.opening.decode().strip()
        raise CannotMeasure(f"{server.name}: expected {expected}, seen: {volley.failure}")


def on_uvloop(coroutine: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end on a fresh uvloop."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(coroutine)
