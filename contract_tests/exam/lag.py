"""How late things happen in an event loop: the noise in all that is measured there."""

import asyncio
from types import TracebackType
from typing import Self

_PAUSE = 0.05
# What a sleeping process is late at best, on a machine that has nothing else to do.
_LEAST = 0.01


class Lag:
    """Watches the running loop for as long as its block runs; ``seconds`` is the longest delay."""

    def __init__(self) -> None:
        self.seconds = _LEAST

    async def __aenter__(self) -> Self:
        self._watching = asyncio.ensure_future(self._watch())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._watching.cancel()

    async def _watch(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            before = loop.time()
            await asyncio.sleep(_PAUSE)
            self.seconds = max(self.seconds, loop.time() - before - _PAUSE)
