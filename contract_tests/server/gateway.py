"""A small ASGI application between Schemathesis and the server: every call becomes a step."""

import json
from collections.abc import Awaitable, Callable
from typing import Any, Final

from contract_tests.server.conversation import (
    Body,
    Join,
    JsonBody,
    Key,
    Pass,
    RawBody,
    Ref,
    Send,
    Step,
    Symbol,
)
from contract_tests.server.log import Event, Log
from contract_tests.server.money import SpentError
from contract_tests.server.player import Player
from contract_tests.server.seen import Reply, Seen
from contract_tests.server.target import Message, UnsendableError
from contract_tests.server.venue import UNKNOWN_KEY, Place

# Says which call of the log a reply is the answer to; 0: it was not sent.
NUMBER: Final = "x-safelight-call"
# What a client library adds by itself, and what tells the check's own calls apart.
_OWN_FIELDS = frozenset(
    {
        "accept",
        "accept-encoding",
        "authorization",
        "connection",
        "content-length",
        "content-type",
        "host",
        "user-agent",
        "x-schemathesis-testcaseid",
    }
)
# So much of a mock's time goes by before each reading of a task, so that tasks come to their ends.
_SECONDS_PER_READING = 0.7
_COMPACT = (",", ":")


class Gateway:
    """Passes calls on to a place as steps named after their numbers.

    ``is_spent`` says that a submit was not sent any more.
    """

    def __init__(self, player: Player, place: Place) -> None:
        self.is_spent = False
        self._player = player
        self._place = place
        self._log = player.judge.log
        self._known: dict[str, Seen] = {}

    async def __call__(
        self,
        scope: Message,
        receive: Callable[[], Awaitable[Message]],
        send: Callable[[Message], Awaitable[None]],
    ) -> None:
        """Answer one HTTP request (ASGI); a lifespan is refused, as there is nothing to start."""
        if scope["type"] != "http":
            raise NotImplementedError(scope["type"])
        body = bytearray()
        message: Message = {"more_body": True}
        while message.get("more_body"):
            message = await receive()
            body += message.get("body", b"")
        reply, number = self.passed_on(step_of(scope, bytes(body), self._place, self._log))
        fields = [(name.encode(), value.encode("latin-1")) for name, value in reply.headers]
        fields.append((NUMBER.encode(), b"%d" % number))
        await send({"type": "http.response.start", "status": reply.status, "headers": fields})
        await send({"type": "http.response.body", "body": reply.content})

    def passed_on(self, step: Send) -> tuple[Reply, int]:
        """The server's reply to a step and the number of the call; 0 where nothing was sent."""
        if not self._player.is_polite and isinstance(step.url, Join):
            self._player.take(self._place, Pass(_SECONDS_PER_READING), self._known)
        try:
            call = self._player.send(self._place, step, self._known)
        except SpentError:
            self.is_spent = True
            return Reply(503, (), b""), 0
        except UnsendableError:
            return Reply(400, (), b""), 0
        named: Step = _named(step, call.number)
        self._known[f"call-{call.number}"] = call
        self._player.judge.took(Event(named, self._place.name, (call.number,)))
        return call.reply or Reply(502, (), b""), call.number


def _named(step: Send, number: int) -> Send:
    return Send(
        f"call-{number}", step.method, step.url, step.key, step.headers, step.body, step.is_good
    )


def step_of(scope: Message, body: bytes, place: Place, log: Log) -> Send:
    """A request as a step: ids, URLs and keys that are known become symbols."""
    fields = [(k.decode("latin-1"), v.decode("latin-1")) for k, v in scope["headers"]]
    by_name = {name.lower(): value for name, value in fields}
    others = tuple((name, value) for name, value in fields if name.lower() not in _OWN_FIELDS)
    key = _key_of(by_name.get("authorization"), place)
    if key is Key.RAW:
        others = (*others, ("Authorization", by_name["authorization"]))
    raw = scope.get("raw_path") or scope["path"].encode()
    query = scope["query_string"].decode("latin-1")
    path = raw.decode("latin-1").partition("?")[0] + (f"?{query}" if query else "")
    content = _body_of(body, by_name.get("content-type"))
    return Send("call", scope["method"], _url_of(path, place, log), key, others, content)


def _key_of(field: str | None, place: Place) -> Key:
    known = {f"Bearer {value}": kind for kind, value in place.keys.items()}
    known |= {"Bearer": Key.EMPTY, "Bearer ": Key.EMPTY, f"Bearer {UNKNOWN_KEY}": Key.UNKNOWN}
    return Key.NONE if field is None else known.get(field, Key.RAW)


def _url_of(path: str, place: Place, log: Log) -> Symbol:
    for task in log.tasks:
        if task.place == place.name and path.endswith(f"/{task.id}"):
            head = path.removesuffix(task.id)
            return Join((head, Ref(f"call-{task.submit.number}", ("id",)), ""))
    return path


def _body_of(body: bytes, media_type: str | None) -> Body | None:
    if not body and media_type is None:
        return None
    if media_type == "application/json":
        try:
            value: Any = json.loads(body)
        except (ValueError, RecursionError):
            return RawBody(body, media_type)
        if body in _written(value):
            return JsonBody(value)
    return RawBody(body, media_type)


def _written(value: Any) -> tuple[bytes, ...]:
    """The ways in which libraries write a value: what is none of them must be sent as it is."""
    try:
        return (
            json.dumps(value).encode(),
            json.dumps(value, separators=_COMPACT).encode(),
            json.dumps(value, ensure_ascii=False, separators=_COMPACT).encode(),
        )
    except UnicodeEncodeError:
        return (json.dumps(value).encode(),)
