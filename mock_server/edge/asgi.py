"""The mocked API as a plain ASGI endpoint around the engine."""

import logging
from collections import deque
from collections.abc import Callable
from typing import TypeAlias

from mock_server.core.call import Call, Form
from mock_server.core.engine import answer, picture_wanted
from mock_server.core.fault import Fault
from mock_server.core.journal import Entry
from mock_server.core.refusal import Refusal
from mock_server.core.reply import refused, script_of
from mock_server.core.script import Script
from mock_server.edge.delivery import Message, NoTransportError, Receive, Send, deliver
from mock_server.edge.forms import read_form
from mock_server.edge.pictures import Gallery
from mock_server.edge.reading import CallerLeftError, read_body
from mock_server.edge.request import Request, read_request
from mock_server.edge.sessions import Located, Session, Sessions

FaultReader: TypeAlias = Callable[[str], Fault]
Listener: TypeAlias = Callable[[Session, Entry], None]
_LOGGER = logging.getLogger("safelight")
_REMEMBERED_BUGS = 100


class Endpoint:
    """Answers every request that is not for the control plane.

    ``listeners`` hear of each entry when its reply has been delivered. ``bugs`` keeps the exceptions
    that only a mistake of ours can cause, so that the test which met one can be told.
    """

    def __init__(self, sessions: Sessions, gallery: Gallery, read_fault: FaultReader) -> None:
        self.sessions = sessions
        self.gallery = gallery
        self.read_fault = read_fault
        self.listeners: list[Listener] = []
        self.bugs: deque[Exception] = deque(maxlen=_REMEMBERED_BUGS)

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one HTTP request (ASGI)."""
        request = read_request(scope)
        located = self.sessions.locate(request.path, request.port, request.authorization)
        if located is None:
            await _no_such_session(request.path, send)
            return
        try:
            await self._converse(request, located, scope, receive, send)
        except CallerLeftError:
            return

    async def _converse(
        self, request: Request, located: Located, scope: Message, receive: Receive, send: Send
    ) -> None:
        session = located.session
        call = await self._call(request, located, receive)
        if isinstance(call, str):
            await _bad_fault(call, send)
            return
        script, entry = self._answered(session, call)
        try:
            stayed = await deliver(script, scope.get("extensions"), receive, send, session.clock)
        except NoTransportError as error:
            self.bugs.append(error)
            raise
        if entry is not None:
            entry.ended = session.clock.now()
            entry.aborted = not stayed
            for listener in self.listeners:
                listener(session, entry)

    async def _call(self, request: Request, located: Located, receive: Receive) -> Call | str:
        """The call that a request makes, or what is wrong with the fault that it wishes for."""
        session = located.session
        contract = session.world.contract
        form: Form | None = None
        body: bytes | None = b""
        if request.has_body:
            bodies = contract.bodies
            most = bodies.form_bytes if request.is_form else bodies.json_bytes
            body = await read_body(receive, most)
            if request.is_form and body is not None:
                form, body = await read_form(request.content_type, body, bodies.form_bytes), b""
        fault: Fault | None = None
        if request.fault is not None:
            try:
                fault = self.read_fault(request.fault)
            except ValueError as error:
                return str(error)
        call = Call(
            number=session.next_number(),
            method=request.method,
            path=located.path,
            query=request.query,
            headers=request.headers,
            body=body or b"",
            base=request.origin + located.prefix,
            form=form,
            oversized=body is None,
            connection=request.connection,
            fault=fault,
        )
        return await self._with_picture(session, call)

    async def _with_picture(self, session: Session, call: Call) -> Call:
        wanted = picture_wanted(session.world, call, session.clock.now())
        if wanted is None:
            return call
        return call.showing(await self.gallery.bytes_of(wanted))

    def _answered(self, session: Session, call: Call) -> tuple[Script, Entry | None]:
        session.used = session.clock.now()
        try:
            script = answer(session.world, call, session.clock.now())
        except Exception as bug:
            # A mistake of ours: the caller gets the vendor's words, whoever runs the test gets it.
            self.bugs.append(bug)
            _LOGGER.exception("a bug in the mock itself: %s %s", call.method, call.path)
            return _server_error(session, call), None
        return script, session.world.journal.last


def _server_error(session: Session, call: Call) -> Script:
    reply = refused(session.world.contract, "submit", Refusal("server_error"), call)
    return script_of(reply, ((b"x-mock-error", b"bug"),), True)


async def _no_such_session(path: str, send: Send) -> None:
    await _say(send, 404, f"no session at {path[:200]}")


async def _bad_fault(reason: str, send: Send) -> None:
    await _say(send, 400, reason)


async def _say(send: Send, status: int, reason: str) -> None:
    """An answer of the mock itself, told apart from the vendor's by its type and a header field."""
    content = reason.encode("utf-8", "replace")
    headers = (
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", b"%d" % len(content)),
        (b"x-mock-error", b"request"),
    )
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": content})
