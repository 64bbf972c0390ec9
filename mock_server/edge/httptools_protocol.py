"""The fast HTTP protocol: it hands its connection over, and answers at once where it can."""

from functools import lru_cache, partial
from typing import Any, cast

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from mock_server.core.script import Chunk, Head, Script
from mock_server.edge.asgi import Answered
from mock_server.edge.handover import TRANSPORT
from mock_server.edge.known_heads import KnownHeads
from mock_server.edge.request import Request

# What uvicorn's other parser allows.
_MOST_HEAD_BYTES = 65_536


class HttpTools(HttpToolsProtocol):
    """uvicorn's protocol, with three additions.

    Every request's ``scope["extensions"]`` leads to its transport. A request that has arrived in
    full is offered to the application's ``at_once`` before a task is made for it: the engine never
    waits, and a task with ASGI's messages costs more than the engine does. And a request whose
    head was seen before is not even parsed.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._application = cast(Any, self.config.app)
        self._known: KnownHeads = self._application.endpoint.known_heads
        self._place: Any = None
        self._held: tuple[Any, Any] | None = None
        self._answered: Answered | None = None
        self._at_once: tuple[Request, bytes] | None = None
        self._is_between = True
        self._begun = 0
        self._is_reading = False
        self._read_for: Any = None
        self._in_body = False
        self._head_bytes = 0

    def connection_made(self, transport: Any) -> None:
        """Note where the connection leads."""
        super().connection_made(transport)
        self._place = (self.scheme, self.server)

    def data_received(self, data: bytes) -> None:
        """Answer what is known; else read on, and start the task of what is not complete by then.

        A request is learnt if it came alone, in one piece, and was answered at once.
        """
        is_idle = self._is_idle
        if is_idle and self._answer_known(data):
            return
        self._read(data)
        if is_idle and self._begun == 1 and self._is_idle:
            self._learn(data)
        self._bound_head(len(data))

    def _read(self, data: bytes) -> None:
        self._begun, self._at_once = 0, None
        self._is_reading = True
        super().data_received(data)
        self._is_reading = False
        if self._held is not None:
            self._start_held()

    def _learn(self, data: bytes) -> None:
        if self._at_once is not None:
            self._known.learn(data, self._place, *self._at_once)

    @property
    def _is_idle(self) -> bool:
        """Whether no request is being read or answered, so that the next byte begins one."""
        cycle: Any = self.cycle
        return (
            self._is_between
            and (cycle is None or cycle.response_complete)
            and not self.flow.write_paused
            and not self.transport.is_closing()
        )

    def _answer_known(self, data: bytes) -> bool:
        """Whether this is a request whose head was seen before, and was answered."""
        known = self._known.find(data, self._place)
        if known is None:
            return False
        answered = self._application.at_once(*known, self.client)
        if answered is None:
            return False
        block = whole_reply(answered.script)
        if block is None:
            # Done, but only uvicorn's cycle can deliver it.
            self._answered = answered
            return False
        self.transport.write(block)
        self.on_response_complete()
        self._application.endpoint.delivered(answered, True)
        return True

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

    def on_message_begin(self) -> None:
        """Note that a request is being read."""
        self._is_between = False
        self._begun += 1
        super().on_message_begin()

    def on_message_complete(self) -> None:
        """Offer a complete request to the application."""
        self._is_between = True
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
        answered, self._answered = self._answered, None
        if answered is None:
            answered = self._offer(cycle)
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

    def _offer(self, cycle: Any) -> Answered | None:
        """What the application makes of a complete request; None if that has to be waited for."""
        if not cycle.keep_alive or cycle.waiting_for_100_continue or self.flow.write_paused:
            return None
        request = self._application.read(cycle.scope)
        if request is None:
            return None
        body = bytes(cycle.body)
        answered: Answered | None = self._application.at_once(request, body, self.client)
        if answered is not None and not self.parser.should_upgrade():
            self._at_once = (request, body)
        return answered


def whole_reply(script: Script) -> bytes | None:
    """A plain reply as it goes onto the wire; None for any other script."""
    if len(script) != 2:
        return None
    head, content = script
    if not isinstance(head, Head) or not isinstance(content, Chunk):
        return None
    lines = [STATUS_LINE.get(head.status), *map(_line, head.headers), b"\r\n", content.data]
    return None if None in lines else b"".join(cast(list[bytes], lines))


# Replies have most of their header fields in common, within a second even Date.
@lru_cache(maxsize=1_024)
def _line(field: tuple[bytes, bytes]) -> bytes | None:
    """A header field on the wire; None where uvicorn would refuse it for a line break or NUL."""
    line = b"%b: %b\r\n" % field
    return line if len(line.translate(None, b"\r\n\0")) == len(line) - 2 else None
