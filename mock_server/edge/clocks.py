"""The clock of a session: the only place where time is read and waited for."""

import asyncio
import time
from collections.abc import Callable

_FOREVER = 10 * 365 * 86_400.0


class Clock:
    """Epoch seconds that run at a speed, stand still, or are moved by hand.

    ``speed`` is how many of its seconds pass in one second of ``source`` (0: frozen). ``source``
    gives rising seconds; ``epoch`` is what the clock shows at first. Raises ValueError for a speed
    that is not one from 0 to 1,000,000.
    """

    def __init__(
        self,
        speed: float = 1.0,
        epoch: float | None = None,
        source: Callable[[], float] = time.monotonic,
    ) -> None:
        self._source = source
        self._since = source()
        self._shown = time.time() if epoch is None else epoch
        self._speed = _checked(speed)
        self._moved: asyncio.Event | None = None

    @property
    def speed(self) -> float:
        """Seconds of this clock in one second of its source; 0 when it is frozen."""
        return self._speed

    def now(self) -> float:
        """What the clock shows: epoch seconds."""
        return self._shown + (self._source() - self._since) * self._speed

    def run(self, speed: float) -> None:
        """Go on at this speed, 0 to freeze; raises ValueError for a negative one."""
        _checked(speed)
        self._set(self.now())
        self._speed = speed

    def advance(self, seconds: float) -> None:
        """Jump ahead; raises ValueError for a step back, since time never runs backwards."""
        self.set(self.now() + seconds)

    def set(self, epoch: float) -> None:
        """Show this time from now on; raises ValueError for an earlier one than is shown."""
        if not self.now() <= epoch <= self.now() + _FOREVER:
            raise ValueError(f"expected a time from {self.now():.3f} on, seen {epoch}")
        self._set(epoch)

    def _set(self, epoch: float) -> None:
        self._shown = epoch
        self._since = self._source()
        if self._moved is not None:
            self._moved.set()
            self._moved = None

    async def sleep(self, seconds: float) -> None:
        """Wait until so many seconds of this clock have passed, however it is moved meanwhile."""
        deadline = self.now() + seconds
        while (left := deadline - self.now()) > 0:
            if self._moved is None:
                self._moved = asyncio.Event()
            timeout = left / self._speed if self._speed else None
            try:
                await asyncio.wait_for(self._moved.wait(), timeout)
            except TimeoutError:
                continue


def _checked(speed: float) -> float:
    if not 0 <= speed <= 1_000_000:
        raise ValueError(f"expected a speed from 0 to 1000000, seen {speed}")
    return speed
