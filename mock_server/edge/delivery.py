"""Playing a script onto the connection of a caller."""

import asyncio
import socket
import struct
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any, TypeAlias

from mock_server.core.script import Chunk, HangUp, Head, Raw, Reset, Script, Wait, is_orderly
from mock_server.edge.clocks import Clock
from mock_server.edge.handover import TRANSPORT

Message: TypeAlias = dict[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]


_DRAIN_PAUSE = 0.002


class NoTransportError(RuntimeError):
    """A fault on the wire was asked for where there is no wire (an in-process ASGI transport)."""


async def deliver(
    script: Script, extensions: Message | None, receive: Receive, send: Send, clock: Clock
) -> bool:
    """Play the script; False when the caller left before its end.

    What a correct server could say goes through ASGI; anything else is written to the transport and
    the connection is closed behind it. Raises :class:`NoTransportError` without one.
    """
    if len(script) == 2 and isinstance(script[0], Head) and isinstance(script[1], Chunk):
        head = script[0]
        await send({"type": "http.response.start", "status": head.status, "headers": head.headers})
        await send({"type": "http.response.body", "body": script[1].data})
        return True
    player = _play_orderly if is_orderly(script) else _play_on_wire
    playing = asyncio.ensure_future(player(script, extensions or {}, send, clock))
    leaving = asyncio.ensure_future(_departure(receive))
    try:
        await asyncio.wait({playing, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if not playing.done():
            return False
        await playing
        if player is _play_on_wire:
            # uvicorn would add an answer of its own to a connection that is still closing.
            await leaving
        return True
    finally:
        playing.cancel()
        leaving.cancel()
        await asyncio.gather(playing, leaving, return_exceptions=True)


async def _departure(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _play_orderly(script: Script, extensions: Message, send: Send, clock: Clock) -> None:
    for step in script:
        if isinstance(step, Wait):
            await clock.sleep(step.seconds)
        elif isinstance(step, Head):
            headers = list(step.headers)
            message = {"type": "http.response.start", "status": step.status, "headers": headers}
            await send(message)
        elif isinstance(step, Chunk):
            await send({"type": "http.response.body", "body": step.data, "more_body": True})
    await send({"type": "http.response.body", "body": b""})


async def _play_on_wire(script: Script, extensions: Message, send: Send, clock: Clock) -> None:
    transport = extensions.get(TRANSPORT)
    if transport is None:
        raise NoTransportError("faults on the wire need a real connection: use start(), not ASGI")
    for step in script:
        if isinstance(step, Wait):
            await clock.sleep(step.seconds)
        elif isinstance(step, Head):
            transport.write(head_bytes(step))
        elif isinstance(step, (Chunk, Raw)):
            transport.write(step.data)
        elif isinstance(step, Reset):
            await _drain(transport)
            reset(transport)
            return
        elif isinstance(step, HangUp):
            break
    transport.close()


async def _drain(transport: asyncio.Transport) -> None:
    """Wait until all that was written is on its way; breaking off would throw it away."""
    # The protocol belongs to uvicorn, so there is no event to wait for.
    while transport.get_write_buffer_size() and not transport.is_closing():  # noqa: ASYNC110
        await asyncio.sleep(_DRAIN_PAUSE)


def head_bytes(head: Head) -> bytes:
    """A head as HTTP/1.1 writes it; the connection is announced to end, for it will."""
    try:
        phrase = HTTPStatus(head.status).phrase
    except ValueError:
        phrase = ""
    lines = [f"HTTP/1.1 {head.status} {phrase}".encode()]
    lines.extend(name + b": " + value for name, value in head.headers)
    return b"\r\n".join([*lines, b"connection: close", b"", b""])


def reset(transport: asyncio.Transport) -> None:
    """Break a connection off so that the other side sees a reset (TCP RST), not an end."""
    connection = transport.get_extra_info("socket")
    if connection is not None:
        # Lingering for zero seconds makes the kernel send RST instead of FIN.
        linger = struct.pack("ii", 1, 0)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    transport.abort()
