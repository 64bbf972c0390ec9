"""An event loop whose clock stands still while anything happens, and else jumps to what is next."""

import asyncio
import math
import os
import selectors
import time
from collections.abc import Callable
from typing import Any, Protocol, TypeAlias

Address: TypeAlias = tuple[Any, ...]


class Guest(Protocol):
    """A thread that lives in the loop's time."""

    @property
    def ident(self) -> int: ...

    def kill(self) -> None: ...


# So many turns of the loop in one instant of its clock, and whoever is busy never pauses: a client
# that asks again and again without waiting. From then on each turn takes a little time, the longer
# the more there are.
_TURNS_AT_ONCE = 1_000
_TURNS_TO_DOUBLE = 100
_LEAST_STEP = 0.001
_MOST_STEP = 0.5
# How often to look whether something outside of virtual time is over, in real seconds.
_GLANCE = 0.005
# What the clock shows at first: the same in each run, to the last bit.
_START = 1_000_000.0


class JumpingLoop(asyncio.SelectorEventLoop):
    """Holds server and client on real sockets; its time is virtual.

    ``outside`` says of everything that goes on in real time, in threads or processes that the loop
    does not know, whether it still does: meanwhile the clock stands still. ``peers`` are addresses
    that connections have been made from, ``listening`` those that the loop serves; a connection to
    or from any other is an escape from virtual time. ``escapes`` hear of each escape. ``guests``
    are the threads of clients, ``watched`` what they wait for: files, to be read or written.
    """

    def __init__(self) -> None:
        self._start = self._shown = _START
        self._epoch = float(int(time.time()))
        self._turns = 0
        self.outside: list[Callable[[], bool]] = []
        self.escapes: list[Callable[[str], None]] = []
        self.peers: set[Address] = set()
        self.listening: set[Address] = set()
        self.guests: set[Guest] = set()
        self.watched: dict[tuple[int, bool], Any] = {}
        super().__init__(_JumpingSelector(self))

    def time(self) -> float:
        """Virtual seconds, as ``time.monotonic`` has them for the clients."""
        return self._shown

    def wall(self) -> float:
        """Virtual epoch seconds, as ``time.time`` has them for the clients."""
        return self._epoch + (self._shown - self._start)

    def escape(self, reason: str) -> None:
        """Say, in any thread, that something has left virtual time: its figures are wrong now."""
        for listener in list(self.escapes):
            self.call_soon_threadsafe(listener, reason)

    def is_ours(self, address: Address) -> bool:
        """Whether the address is one that is served within virtual time."""
        host, port = address[:2]
        return any(
            (one[0] == host or one[0] in ("0.0.0.0", "::")) and one[1] == port
            for one in self.listening
        )

    async def create_server(self, *args: Any, **options: Any) -> asyncio.Server:
        """Start a server whose addresses belong to virtual time."""
        server: asyncio.Server = await super().create_server(*args, **options)
        self.listening.update(one.getsockname() for one in server.sockets)
        return server

    def stand_still(self, future: "asyncio.Future[Any]") -> None:
        """Let the clock stand still until a future of this loop is done."""
        self.outside.append(lambda: not future.done())

    def is_held(self) -> bool:
        """Whether anything goes on outside."""
        if self.outside:
            self.outside = [goes_on for goes_on in self.outside if goes_on()]
        return bool(self.outside)

    async def whole_second(self) -> None:
        """Return when the clock shows a whole second, also that of the wall.

        There are clients that round their timeouts up to one: a story shall not depend on when the
        story before it has ended.
        """
        await asyncio.sleep(math.ceil(self._shown) - self._shown)

    def close(self) -> None:
        """End the threads of clients that are still there, then close the loop."""
        while self.guests:
            self.guests.pop().kill()
        super().close()

    def jump(self, seconds: float) -> None:
        """Let the clock jump ahead."""
        self._turns = 0
        self._shown += seconds

    def turn(self) -> None:
        """Count a turn in which something happened."""
        self._turns += 1
        if (beyond := self._turns - _TURNS_AT_ONCE) > 0 and not self.is_held():
            self._shown += min(_MOST_STEP, _LEAST_STEP * 2 ** min(20, beyond // _TURNS_TO_DOUBLE))


class _JumpingSelector(selectors.DefaultSelector):
    """Looks at the sockets, and lets the loop's clock jump where there is nothing to see."""

    def __init__(self, loop: JumpingLoop) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if ready or (timeout is not None and timeout <= 0):
            self._loop.turn()
            return ready
        # The kernel may be a moment behind with what was just sent from one socket to another.
        os.sched_yield()
        if ready := super().select(0):
            return ready
        if self._loop.is_held():
            return super().select(_GLANCE)
        if timeout is None:
            # Nothing is planned: only another thread can tell what comes next.
            return super().select(None)
        self._loop.jump(timeout)
        return ready
