"""The mocked API as a plain ASGI endpoint around the engine."""

import logging
from collections import deque
from collections.abc import Callable
from typing import NamedTuple, TypeAlias

from mock_server.core.call import Call, Form
from mock_server.core.engine import answer, picture_wanted
from mock_server.core.fault import Fault
from mock_server.core.journal import Entry
from mock_server.core.refusal import Refusal
from mock_server.core.reply import refused, script_of
from mock_server.core.script import Script
from mock_server.edge.delivery import Message, NoTransportError, Receive, Send, deliver
from mock_server.edge.forms import read_form
from mock_server.edge.known_heads import KnownHeads
from mock_server.edge.pictures import Gallery
from mock_server.edge.reading import CallerLeftError, read_body
from mock_server.edge.request import Interned, Request, read_request
from mock_server.edge.sessions import Located, Session, Sessions
from mock_server.edge.state_keeper import Keeper, StateError

FaultReader: TypeAlias = Callable[[str], Fault]
Listener: TypeAlias = Callable[[Session, Entry], None]
Client: TypeAlias = tuple[str, int]
_LOGGER = logging.getLogger("safelight")
_REMEMBERED_BUGS = 100


class Answered(NamedTuple):
    """What the engine made of a call: the script to deliver, and the entry that tells of it."""

    session: Session
    script: Script
    entry: Entry | None


class Endpoint:
    """Answers every request that is not for the control plane.

    ``listeners`` hear of each entry when its reply has been delivered. ``bugs`` keeps the
    exceptions that only a mistake of ours can cause, so that the test which met one can be told.
    ``keeper`` hears of each call before its reply is delivered (None: nobody does).
    """

    def __init__(self, sessions: Sessions, gallery: Gallery, read_fault: FaultReader) -> None:
        self.sessions = sessions
        self.gallery = gallery
        self.read_fault = read_fault
        self.listeners: list[Listener] = []
        self.keeper: Keeper | None = None
        self.known_heads = KnownHeads()
        self._interned = Interned()
        self.bugs: deque[Exception] = deque(maxlen=_REMEMBERED_BUGS)

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one HTTP request (ASGI)."""
        request = self.read(scope)
        located = self.sessions.locate(request.path, request.port, request.authorization)
        if located is None:
            await say(send, 404, f"no session at {request.path[:200]}")
            return
        session = located.session
        number = session.next_number()
        try:
            body, form = await self._read(request, session, receive)
        except CallerLeftError:
            return
        try:
            fault = None if request.fault is None else self.read_fault(request.fault)
        except ValueError as error:
            await say(send, 400, str(error))
            return
        call = _call(request, located, number, body, form, fault, scope.get("client"))
        if session.world.contract.routes.leads_to("result", call.path):
            call = await self._with_picture(session, call)
        answered = self._answered(session, call, session.clock.now())
        await self.finish(answered, scope, receive, send)

    def read(self, scope: Message) -> Request:
        """The request in an ASGI scope."""
        return read_request(scope, self._interned)

    def at_once(self, request: Request, body: bytes, client: Client | None) -> Answered | None:
        """Answer a request that is here in full; None when something has to be waited for.

        The engine never waits, so most requests need neither a task nor ASGI's messages. What is
        returned has been done and must be delivered.
        """
        located = self.sessions.locate(request.path, request.port, request.authorization)
        if located is None or request.is_form or request.fault is not None:
            return None
        session = located.session
        contract = session.world.contract
        if len(body) > contract.bodies.json_bytes:
            return None
        if contract.routes.leads_to("result", located.path):
            return None
        call = _call(request, located, session.next_number(), body, None, None, client)
        return self._answered(session, call, session.clock.now())

    async def finish(
        self, answered: Answered, scope: Message, receive: Receive, send: Send
    ) -> None:
        """Deliver what was answered (ASGI)."""
        clock = answered.session.clock
        extensions = scope.get("extensions")
        try:
            stayed = await deliver(answered.script, extensions, receive, send, clock)
        except NoTransportError as error:
            self.bugs.append(error)
            raise
        self.delivered(answered, stayed)

    def delivered(self, answered: Answered, stayed: bool) -> None:
        """Note the end of a delivery and tell the listeners; ``stayed`` is the caller's part."""
        entry = answered.entry
        if entry is None:
            return
        entry.ended = answered.session.clock.now()
        entry.aborted = not stayed
        for listener in self.listeners:
            listener(answered.session, entry)

    async def _read(
        self, request: Request, session: Session, receive: Receive
    ) -> tuple[bytes | None, Form | None]:
        """The body (None when it is too large) and, where it is one, the form in it."""
        if not request.has_body:
            return b"", None
        bodies = session.world.contract.bodies
        if not request.is_form:
            return await read_body(receive, bodies.json_bytes), None
        body = await read_body(receive, bodies.form_bytes)
        if body is None:
            return None, None
        return b"", await read_form(request.content_type, body, bodies.form_bytes)

    async def _with_picture(self, session: Session, call: Call) -> Call:
        wanted = picture_wanted(session.world, call, session.clock.now())
        return call if wanted is None else call.showing(await self.gallery.bytes_of(wanted))

    def _answered(self, session: Session, call: Call, now: float) -> Answered:
        session.used = now
        try:
            script = answer(session.world, call, now)
        except Exception as bug:
            # A mistake of ours: the caller gets the vendor's words, whoever runs the test gets it.
            self.bugs.append(bug)
            _LOGGER.exception("a bug in the mock itself: %s %s", call.method, call.path)
            return Answered(session, _server_error(session, call, b"bug"), None)
        if self.keeper is not None:
            try:
                self.keeper.called(session)
            except StateError as error:
                # It has happened, but would not have after a restart: nobody may be told that.
                _LOGGER.error("%s", error)
                return Answered(session, _server_error(session, call, b"state"), None)
        return Answered(session, script, session.world.journal.last)


def _call(
    request: Request,
    located: Located,
    number: int,
    body: bytes | None,
    form: Form | None,
    fault: Fault | None,
    client: Client | None,
) -> Call:
    return Call(
        number,
        request.method,
        located.path,
        request.query,
        request.headers,
        body or b"",
        request.origin + located.prefix,
        form,
        body is None,
        None,
        client,
        fault,
        request.cross_origin,
        request.head_bytes,
    )


def _server_error(session: Session, call: Call, why: bytes) -> Script:
    reply = refused(session.world.contract, "submit", Refusal("server_error"), call)
    return script_of(reply, ((b"x-mock-error", why),), call.method)


async def say(send: Send, status: int, reason: str) -> None:
    """An answer of the mock itself, told apart from the vendor's by its type and a header field."""
    content = reason.encode("utf-8", "replace")
    headers = (
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", b"%d" % len(content)),
        (b"x-mock-error", b"request"),
    )
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": content})
