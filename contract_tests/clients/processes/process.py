"""One process of a client: started apart, read within bounds, ended with all that it started."""

import asyncio
import signal
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import IO, Any, Self

from contract_tests.clients.processes.descendants import MARK, Descendants

_PIECE_BYTES = 64 * 1024
# A client may print so much at its own speed; a flood is slowed down, or the mock would stand
# still while it is thrown away.
_FREE_BYTES = 1024 * 1024
_PAUSE_SECONDS = 0.02
_LOOK_SECONDS = 0.05
# The streams end at once when all that writes to them is gone.
_DRAIN_SECONDS = 5.0
_LAST_WORDS_SECONDS = 0.5

Take = Callable[[bytes], None]


class Process:
    """A running process in a session of its own, whose streams are handed on piece by piece."""

    def __init__(self, process: "subprocess.Popen[bytes]", family: Descendants) -> None:
        self._process = process
        self._family = family
        self._streams: list[tuple[asyncio.ReadTransport, asyncio.Task[None]]] = []
        self._stdin: asyncio.WriteTransport | None = None
        self.exited: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    @classmethod
    async def start(
        cls,
        command: Sequence[str],
        environment: Mapping[str, str],
        stdin: int | IO[bytes],
        stdout: Take,
        stderr: Take,
    ) -> Self:
        """Start a command; raises OSError or ValueError if that cannot be done."""
        family = Descendants()
        process = family.start(
            lambda: subprocess.Popen(
                command,
                env={**environment, MARK: family.mark},
                stdin=stdin,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                bufsize=0,
                start_new_session=True,
            )
        )
        started = cls(process, family)
        threading.Thread(
            target=started._wait, args=[asyncio.get_running_loop()], daemon=True
        ).start()
        await started._connect(stdout, stderr)
        return started

    @property
    def pid(self) -> int:
        """Its number."""
        return self._process.pid

    @property
    def exit_status(self) -> int | None:
        """Its exit status, that of a signal below zero; None while it runs."""
        return self.exited.result() if self.exited.done() else None

    def write(self, data: bytes) -> None:
        """Put this into its standard input, if that is a pipe and still open."""
        if self._stdin is not None and not self._stdin.is_closing():
            self._stdin.write(data)

    def terminate(self) -> None:
        """Send SIGTERM to its process group, as timeout(1) does."""
        self._family.signal_group(signal.SIGTERM)

    async def read_out(self, patience: float = _LAST_WORDS_SECONDS) -> None:
        """Return when its streams have ended, or after so many seconds: others may hold them."""
        await asyncio.wait([pump for _, pump in self._streams], timeout=patience)

    async def close(self, grace: float = 0.0) -> int:
        """End it with all that it started; how many others were left, ``grace`` seconds after.

        Those that end by themselves within that time are not counted.
        """
        left: Sequence[int] = (self.pid,)
        try:
            left = await self._left_after(grace)
        finally:
            if left:
                await asyncio.to_thread(self._family.kill)
            await self._drain()
        return len([pid for pid in left if pid != self.pid])

    async def _left_after(self, grace: float) -> Sequence[int]:
        """Those that live, as soon as it is only the process itself, or when the time is over."""
        deadline = asyncio.get_running_loop().time() + grace
        while True:
            left = await asyncio.to_thread(self._family.alive)
            is_over = asyncio.get_running_loop().time() >= deadline
            if is_over or not set(left) - {self.pid}:
                return left
            await asyncio.sleep(_LOOK_SECONDS)

    def _wait(self, loop: asyncio.AbstractEventLoop) -> None:
        """Wait for the end, in a thread: few systems have a better way, and it costs little."""
        status = self._process.wait()

        def tell() -> None:
            if not self.exited.done():
                self.exited.set_result(status)

        # A loop that was closed does not want to know any more.
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(tell)

    async def _connect(self, stdout: Take, stderr: Take) -> None:
        process = self._process
        assert process.stdout is not None
        assert process.stderr is not None
        await self._read(process.stdout, stdout)
        await self._read(process.stderr, stderr)
        if process.stdin is not None:
            loop = asyncio.get_running_loop()
            self._stdin, _ = await loop.connect_write_pipe(asyncio.BaseProtocol, process.stdin)

    async def _read(self, stream: IO[bytes], take: Take) -> None:
        reader = asyncio.StreamReader(_PIECE_BYTES)
        transport, _ = await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(reader), stream
        )
        self._streams.append((transport, asyncio.ensure_future(_pump(reader, take))))

    async def _drain(self) -> None:
        ends: list[asyncio.Future[Any]] = [self.exited, *(pump for _, pump in self._streams)]
        await asyncio.wait(ends, timeout=_DRAIN_SECONDS)
        for transport, pump in self._streams:
            transport.close()
            pump.cancel()
            with suppress(asyncio.CancelledError):
                await pump
        if self._stdin is not None:
            self._stdin.close()


async def _pump(reader: asyncio.StreamReader, take: Take) -> None:
    size = 0
    while data := await reader.read(_PIECE_BYTES):
        take(data)
        size += len(data)
        if size > _FREE_BYTES:
            await asyncio.sleep(_PAUSE_SECONDS)
