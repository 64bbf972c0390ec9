"""Load from a few keep-alive connections, cheap enough that the server is what limits it."""

import asyncio
import itertools
import time
from collections.abc import AsyncIterator, Coroutine, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeVar, cast

import uvloop

from benchmarks.api import HOST
from benchmarks.errors import CannotMeasure
from benchmarks.process import ready_seconds
from benchmarks.servers import Server

CONNECTIONS = 32
LAST_REPLIES_SECONDS = 10.0
WHOLE_LIST_SECONDS = 120.0
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Sample:
    """Replies that a server gave in so many ``seconds``, of which it had work for ``ready``."""

    replies: int
    seconds: float
    ready: float

    def __add__(self, other: "Sample") -> "Sample":
        return Sample(
            self.replies + other.replies, self.seconds + other.seconds, self.ready + other.ready
        )

    @property
    def rate(self) -> float:
        """Replies per second."""
        return self.replies / self.seconds

    @property
    def busy(self) -> float:
        """Share of the time in which the server had work; well below 1, the load was too slow."""
        return self.ready / self.seconds


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


class Connection(asyncio.Protocol):
    """Sends one request, waits for its reply, sends the next."""

    def __init__(self, volley: "Volley") -> None:
        self.volley = volley
        self.part = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)

    def send(self) -> None:
        """Send the next request; without one, be idle."""
        request = next(self.volley.requests, None)
        if request is None:
            self.volley.rest()
        else:
            self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        data = self.part + data
        try:
            end = reply_end(data)
        except ValueError as error:
            self.volley.fail(str(error))
            return
        if end < 0:
            self.part = data
        elif end == len(data) and data.startswith(self.volley.opening):
            self.part = b""
            self.volley.take(data)
            self.send()
        else:
            self.volley.fail(data[:600].decode(errors="replace"))

    def connection_lost(self, exc: Exception | None) -> None:
        self.volley.fail(f"a connection was closed ({exc!r})")


class Volley:
    """Connections to one server, which send requests until these end or the volley is held."""

    def __init__(self, server: Server, status: int) -> None:
        self.server = server
        self.opening = b"HTTP/1.1 %d " % status
        self.connections: list[Connection] = []
        self.requests: Iterator[bytes] = iter(())
        self.replies = 0
        self.kept: list[bytes] | None = None
        self.failure: str | None = None
        self.idle = 0
        self.over = asyncio.Event()

    def fire(self, requests: Iterable[bytes]) -> None:
        """Begin to send; each connection takes the next request as soon as it has a reply."""
        self.requests = iter(requests)
        self.idle = 0
        self.over.clear()
        for connection in self.connections:
            connection.send()

    def hold(self) -> None:
        """Send nothing more."""
        self.requests = iter(())

    async def last_replies(self, patience: float) -> None:
        """Wait until all requests are answered; raises CannotMeasure if that was not so."""
        try:
            await asyncio.wait_for(self.over.wait(), patience)
        except TimeoutError:
            self.fail(f"replies still missing after {patience:.0f} s")
        if self.failure is not None:
            expected = self.opening.decode().strip()
            raise CannotMeasure(f"{self.server.name}: expected {expected}, seen: {self.failure}")

    def take(self, reply: bytes) -> None:
        """Count a reply, and keep its body if bodies are wanted."""
        self.replies += 1
        if self.kept is not None:
            self.kept.append(reply[reply.find(b"\r\n\r\n") + 4 :])

    def rest(self) -> None:
        """Note that one connection has nothing more to send."""
        self.idle += 1
        if self.idle == len(self.connections):
            self.over.set()

    def fail(self, seen: str) -> None:
        """Remember what went wrong first, and end at once."""
        self.failure = self.failure or seen
        self.hold()
        self.over.set()


@asynccontextmanager
async def connected(server: Server, status: int) -> AsyncIterator[Volley]:
    """A volley with open connections; each reply to it must have ``status``."""
    volley = Volley(server, status)
    loop = asyncio.get_running_loop()
    try:
        for _ in range(CONNECTIONS):
            _, connection = await loop.create_connection(
                lambda: Connection(volley), HOST, server.port
            )
            volley.connections.append(connection)
        yield volley
    except OSError as error:
        raise CannotMeasure(f"{server.name}: expected a connection, seen: {error!r}") from error
    finally:
        for connection in volley.connections:
            connection.transport.abort()


async def shot(volley: Volley, requests: Sequence[bytes], seconds: float) -> Sample:
    """Send ``requests`` in a circle for ``seconds``; the time counts until the last reply.

    Raises CannotMeasure if a reply was not as it must be.
    """
    replies, begin = volley.replies, time.perf_counter()
    ready = ready_seconds(volley.server.pid)
    volley.fire(itertools.cycle(requests))
    await asyncio.sleep(seconds)
    volley.hold()
    await volley.last_replies(LAST_REPLIES_SECONDS)
    return Sample(
        volley.replies - replies,
        time.perf_counter() - begin,
        ready_seconds(volley.server.pid) - ready,
    )


def send_each(server: Server, requests: Iterable[bytes], *, status: int) -> list[bytes]:
    """Send each request once; the bodies of the replies, in the order they came.

    Raises CannotMeasure at the first reply that has not the expected ``status``.
    """

    async def run() -> list[bytes]:
        async with connected(server, status) as volley:
            volley.kept = []
            volley.fire(requests)
            await volley.last_replies(WHOLE_LIST_SECONDS)
            return volley.kept

    return on_uvloop(run())


def on_uvloop(coroutine: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end on a fresh uvloop."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(coroutine)
