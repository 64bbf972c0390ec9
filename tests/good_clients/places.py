"""How many jobs a client does at once."""

import asyncio
from weakref import WeakKeyDictionary


class Places:
    """So many places for jobs in each event loop."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._places: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore]
        self._places = WeakKeyDictionary()

    def here(self) -> asyncio.Semaphore:
        """The places of the loop that runs."""
        return self._places.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(self.most))
