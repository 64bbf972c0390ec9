"""One process of a client: started apart, read within bounds, ended with all that it started."""

import asyncio
import os
import signal
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import IO, Self

from contract_tests.clients.descendants import MARK, Descendants

_PIECE_BYTES = 64 * 1024
# A client may print so much at its own speed; a flood is slowed down, or the mock would stand
# still while it is thrown away.
_FREE_BYTES = 1024 * 1024
_PAUSE_SECONDS = 0.02
_LOOK_SECONDS = 0.05
# The streams end at once when all that writes to them is gone.
_DRAIN_SECONDS = 5.0

Take = Callable[[bytes], None]


class Process:
    """A running process in a session of its own, whose streams are handed on piece by piece."""

    def __init__(self, process: asyncio.subprocess.Process, family: Descendants) -> None:
        self._process = process
        self._family = family
        self._streams: list[tuple[asyncio.ReadTransport, asyncio.Task[None]]] = []
        self.exited = asyncio.ensure_future(process.wait())

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
        pipes = [os.pipe(), os.pipe()]
        try:
            process = await asyncio.create_subprocess_exec(
                *command,
                env={**environment, MARK: family.mark},
                stdin=stdin,
                stdout=pipes[0][1],
                stderr=pipes[1][1],
                start_new_session=True,
            )
        except BaseException:
            for read_end, _ in pipes:
                os.close(read_end)
            raise
        finally:
            for _, write_end in pipes:
                os.close(write_end)
        family.follow(process.pid)
        started = cls(process, family)
        for (read_end, _), take in zip(pipes, (stdout, stderr), strict=True):
            await started._read(read_end, take)
        return started

    @property
    def pid(self) -> int:
        """Its number."""
        return self._process.pid

    @property
    def exit_status(self) -> int | None:
        """Its exit status, that of a signal below zero; None while it runs."""
        return self._process.returncode

    def write(self, data: bytes) -> None:
        """Put this into its standard input, if that is a pipe and still open."""
        pipe = self._process.stdin
        if pipe is not None and not pipe.is_closing():
            pipe.write(data)

    def terminate(self) -> None:
        """Send SIGTERM to its process group, as timeout(1) does."""
        self._family.signal_group(signal.SIGTERM)

    async def close(self, grace: float = 0.0) -> int:
        """End it with all that it started; how many others were left, ``grace`` seconds after.

        Those that end by themselves within that time are not counted.
        """
        try:
            left = await self._left_after(grace)
        finally:
            await asyncio.to_thread(self._family.kill)
            await self._drain()
        return left

    async def _left_after(self, grace: float) -> int:
        deadline = asyncio.get_running_loop().time() + grace
        while True:
            left = await asyncio.to_thread(self._family.alive)
            others = [pid for pid in left if pid != self.pid]
            if not others or asyncio.get_running_loop().time() >= deadline:
                return len(others)
            await asyncio.sleep(_LOOK_SECONDS)

    async def _read(self, read_end: int, take: Take) -> None:
        reader = asyncio.StreamReader(_PIECE_BYTES)
        file = os.fdopen(read_end, "rb", 0)
        transport, _ = await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(reader), file
        )
        self._streams.append((transport, asyncio.ensure_future(_pump(reader, take))))

    async def _drain(self) -> None:
        pumps = [pump for _, pump in self._streams]
        await asyncio.wait([*pumps, self.exited], timeout=_DRAIN_SECONDS)
        for transport, pump in self._streams:
            transport.close()
            pump.cancel()
            with suppress(asyncio.CancelledError):
                await pump
        if self._process.stdin is not None:
            self._process.stdin.close()


async def _pump(reader: asyncio.StreamReader, take: Take) -> None:
    size = 0
    while data := await reader.read(_PIECE_BYTES):
        take(data)
        size += len(data)
        if size > _FREE_BYTES:
            await asyncio.sleep(_PAUSE_SECONDS)
