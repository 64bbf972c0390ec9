"""Threads for Python clients: guests of a loop with virtual time, or ordinary ones."""

import asyncio
import ctypes
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Protocol

from contract_tests.clients.virtual.client_thread import Abandoned, ClientThread
from contract_tests.clients.virtual.jumping_loop import JumpingLoop


class Body(Protocol):
    """What a client's code runs in."""

    def kill(self) -> None:
        """End it by force, as far as that can be done."""


def start_thread(
    loop: asyncio.AbstractEventLoop, target: Callable[[], None], on_end: Callable[[], None]
) -> Body:
    """Run ``target`` in a thread in the time of ``loop``; ``on_end`` is called in the loop."""
    name = "safelight-client"
    if isinstance(loop, JumpingLoop):
        guest = ClientThread(loop, on_end)
        guest.start(target, name)
        return guest
    return _RealThread(loop, target, on_end, name)


class _RealThread:
    """An ordinary thread, in real time."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        target: Callable[[], None],
        on_end: Callable[[], None],
        name: str,
    ) -> None:
        self._loop, self._target, self._on_end = loop, target, on_end
        self._thread = threading.Thread(target=self._live, name=name, daemon=True)
        self._thread.start()

    def kill(self) -> None:
        """Raise :class:`Abandoned` in it; it ends when it comes back from whatever it waits for."""
        ident = ctypes.c_ulong(self._thread.ident or 0)
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ident, ctypes.py_object(Abandoned))

    def _live(self) -> None:
        try:
            self._target()
        except Abandoned:
            pass
        finally:
            # The loop may be closed by now: nobody waits any more.
            with suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._on_end)
