"""The fast HTTP protocol: it hands its connection over, and answers at once where it can."""

from functools import partial
from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from mock_server.core.script import Chunk, Head, Script
from mock_server.edge.handover import TRANSPORT

# What uvicorn's other parser allows.
_MOST_HEAD_BYTES = 65_536


class HttpTools(HttpToolsProtocol):
    """uvicorn's protocol, with two additions.

    Every request's ``scope["extensions"]`` leads to its transport. And a request that has arrived
    in full is offered to the application's ``at_once`` before a task is made for it: the engine
    never waits, and a task with ASGI's messages costs more than the engine does.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._application: Any = self.config.app
        self._held: tuple[Any, Any] | None = None
        self._is_reading = False
        self._read_for: Any = None
        self._in_body = False
        self._head_bytes = 0

    def data_received(self, data: bytes) -> None:
        """Read on; a request that is not complete by then gets its task."""
        self._is_reading = True
        super().data_received(data)
        self._is_reading = False
        if self._held is not None:
            self._start_held()
        self._bound_head(len(data))

    def _bound_head(self, size: int) -> None:
        """Give a caller up whose head has no end: the parser would keep all of it."""
        cycle: Any = self.cycle
        was_in_body = self._in_body
        self._in_body = cycle is not None and cycle.more_body
        if cycle is not self._read_for or self._in_body or was_in_body:
            self._read_for, self._head_bytes = cycle, 0
            return
        self._head_bytes += size
        if self._head_bytes > _MOST_HEAD_BYTES:
            self.send_400_response("The head of the request is too large.")

    def on_message_complete(self) -> None:
        """Offer a complete request to the application."""
        super().on_message_complete()
        if self._held is not None and not self._answer_at_once(self._held[0]):
            self._start_held()

    def _start_asgi_task(self, cycle: Any, app: Any) -> None:
        cycle.scope["extensions"] = {TRANSPORT: self.transport}
        if self._is_reading:
            self._held = (cycle, app)
        else:
            super()._start_asgi_task(cycle, app)

    def _start_held(self) -> None:
        held, self._held = self._held, None
        if held is not None:
            super()._start_asgi_task(*held)

    def _answer_at_once(self, cycle: Any) -> bool:
        """Whether the request was taken care of."""
        if not cycle.keep_alive or cycle.waiting_for_100_continue or self.flow.write_paused:
            return False
        answered = self._application.at_once(cycle.scope, bytes(cycle.body))
        if answered is None:
            return False
        endpoint, self._held = self._application.endpoint, None
        block = whole_reply(answered.script)
        if block is None:
            super()._start_asgi_task(cycle, partial(endpoint.finish, answered))
            return True
        cycle.response_started = cycle.response_complete = True
        self.transport.write(block)
        cycle.on_response()
        endpoint.delivered(answered, True)
        return True


def whole_reply(script: Script) -> bytes | None:
    """A plain reply as it goes onto the wire; None for any other script.

    A header field with a line break in it is left to uvicorn, which refuses it.
    """
    if len(script) != 2:
        return None
    head, content = script
    if not isinstance(head, Head) or not isinstance(content, Chunk):
        return None
    lines = [STATUS_LINE.get(head.status, b"")]
    for name, value in head.headers:
        lines += (name, b": ", value, b"\r\n")
    lines.append(b"\r\n")
    block = b"".join(lines)
    if not lines[0] or block.count(b"\n") != len(head.headers) + 2 or b"\0" in block:
        return None
    return block + content.data
