"""Playing scripts: what goes through ASGI, what goes onto the connection, and callers who leave."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from mock_server.core.script import Chunk, HangUp, Head, Raw, Reset, Script, Wait
from mock_server.edge.clocks import Clock
from mock_server.edge.delivery import NoTransportError, deliver, head_bytes
from mock_server.edge.handover import TRANSPORT

HEAD = Head(200, ((b"content-type", b"text/plain"), (b"content-length", b"4")))
Act = Callable[["Stage"], None]


class Transport:
    """Takes note of what is done to a connection; ``unsent`` bytes are still to go."""

    def __init__(self, ended: Callable[[], None]) -> None:
        self.written = b""
        self.ending = ""
        self.unsent = 0
        self._ended = ended

    def write(self, data: bytes) -> None:
        self.written += data

    def close(self) -> None:
        self.ending = "closed"
        self._ended()

    def abort(self) -> None:
        self.ending = "aborted"
        self._ended()

    def get_extra_info(self, name: str) -> None:
        return None

    def get_write_buffer_size(self) -> int:
        return self.unsent

    def is_closing(self) -> bool:
        return self.ending != ""


class Stage:
    """One delivery: a clock that stands still, and what came of the script so far."""

    def __init__(self, *, transport: bool = True) -> None:
        self.clock = Clock(0, 1_000.0)
        self.sent: list[dict[str, Any]] = []
        self.transport = Transport(self.leave)
        self.stayed: bool | None = None
        self._extensions = {TRANSPORT: self.transport} if transport else None
        self._left: asyncio.Event | None = None

    def leave(self) -> None:
        """Let the server hear that the connection is over, whoever ended it."""
        assert self._left is not None
        self._left.set()

    def play(self, script: Script, *acts: Act) -> "Stage":
        """Deliver a script; each act follows when everything before it has settled."""
        asyncio.run(self._play(script, acts))
        return self

    @property
    def body(self) -> bytes:
        """The content that was sent through ASGI."""
        return b"".join(message.get("body", b"") for message in self.sent)

    async def _play(self, script: Script, acts: tuple[Act, ...]) -> None:
        self._left = asyncio.Event()
        playing = asyncio.ensure_future(
            deliver(script, self._extensions, self._receive, self._send, self.clock)
        )
        for act in acts:
            await settle()
            act(self)
        self.stayed = await playing

    async def _send(self, message: dict[str, Any]) -> None:
        self.sent.append(message)

    async def _receive(self) -> dict[str, Any]:
        assert self._left is not None
        await self._left.wait()
        return {"type": "http.disconnect"}


async def settle() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


def advance(seconds: float) -> Act:
    return lambda stage: stage.clock.advance(seconds)


def leave(stage: Stage) -> None:
    stage.leave()


def test_a_plain_reply_is_sent_in_two_messages() -> None:
    stage = Stage().play((HEAD, Chunk(b"done")))
    assert [message["type"] for message in stage.sent] == [
        "http.response.start",
        "http.response.body",
    ]
    assert (stage.sent[0]["status"], stage.body, stage.stayed) == (200, b"done", True)
    assert stage.transport.written == b""


def test_a_reply_that_waits_is_sent_piece_by_piece() -> None:
    seen: list[bytes] = []
    script = (HEAD, Chunk(b"do"), Wait(5), Chunk(b"ne"))

    def look(stage: Stage) -> None:
        seen.append(stage.body)

    stage = Stage().play(script, look, advance(4), look, advance(1), look)
    assert seen == [b"do", b"do", b"done"]
    assert stage.sent[-1] == {"type": "http.response.body", "body": b""}
    assert stage.stayed is True


def test_a_caller_that_leaves_ends_the_waiting() -> None:
    stage = Stage().play((Wait(10_000), HEAD, Chunk(b"done")), leave)
    assert (stage.stayed, stage.sent) == (False, [])


def test_what_no_server_would_say_is_written_to_the_connection() -> None:
    stage = Stage().play((Raw(b"HTTP/9.9 nonsense\r\n\r\n"), HangUp()))
    assert stage.transport.written == b"HTTP/9.9 nonsense\r\n\r\n"
    assert (stage.transport.ending, stage.sent) == ("closed", [])


def test_a_reply_that_is_cut_is_closed_behind_its_last_byte() -> None:
    stage = Stage().play((HEAD, Chunk(b"do"), HangUp(), Chunk(b"ne")))
    head, _, body = stage.transport.written.partition(b"\r\n\r\n")
    assert head.splitlines() == [
        b"HTTP/1.1 200 OK",
        b"content-type: text/plain",
        b"content-length: 4",
        b"connection: close",
    ]
    assert (body, stage.transport.ending) == (b"do", "closed")


def test_a_reset_breaks_the_connection_off() -> None:
    stage = Stage().play((HEAD, Chunk(b"d"), Wait(2), Reset()), advance(2))
    assert stage.transport.ending == "aborted"
    assert stage.transport.written.endswith(b"\r\n\r\nd")


def test_a_reset_waits_until_what_was_written_is_on_its_way() -> None:
    seen: list[str] = []

    def hold_up(stage: Stage) -> None:
        stage.transport.unsent = 4

    def look(stage: Stage) -> None:
        seen.append(stage.transport.ending)
        stage.transport.unsent = 0

    stage = Stage().play((HEAD, Chunk(b"done"), Wait(2), Reset()), hold_up, advance(2), look)
    assert (seen, stage.transport.ending) == ([""], "aborted")


def test_a_connection_is_left_alone_once_its_caller_has_left() -> None:
    stage = Stage().play((HEAD, Wait(9), Chunk(b"done"), HangUp()), leave)
    assert (stage.stayed, stage.transport.ending) == (False, "")


@pytest.mark.parametrize("last", [Reset(), HangUp(), Raw(b"")])
def test_faults_of_the_connection_need_one(last: Reset | HangUp | Raw) -> None:
    with pytest.raises(NoTransportError, match="need a real connection"):
        Stage(transport=False).play((HEAD, last))


def test_an_empty_script_that_hangs_up_says_nothing() -> None:
    stage = Stage().play((HangUp(),))
    assert (stage.transport.written, stage.transport.ending) == (b"", "closed")


def test_a_status_that_nobody_registered_has_no_phrase() -> None:
    assert head_bytes(Head(599, ())) == b"HTTP/1.1 599 \r\nconnection: close\r\n\r\n"
