"""One planted defect, and the layer around the mock that it lives in."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from contract_tests.server.target import App, Message

ALL = ("guide", "reference", "live")
NEWER = ("reference", "live")
_SESSION = re.compile(r"/s/[^/]+")
_STATUS = re.compile(r"/v1/images/generations/[^/]+")


@dataclass(frozen=True)
class Request:
    """What reaches the server; ``path`` is without the session's prefix."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes
    session: str = ""

    @property
    def operation(self) -> str:
        """The operation, as far as defects need to know."""
        if self.path == "/v1/images/generations":
            return "submit"
        if _STATUS.fullmatch(self.path):
            return "status"
        ends = {"/v1/uploads/images": "upload", "/v1/models": "models", "/v1/balance": "balance"}
        if self.path.startswith(("/generated/", "/images/")):
            return "result"
        if self.path.startswith("/uploads/"):
            return "uploaded_file"
        return ends.get(self.path, "text" if self.method == "POST" else "nowhere")

    @property
    def order(self) -> dict[str, Any]:
        """The JSON object that was sent, empty for anything else."""
        try:
            value = json.loads(self.body)
        except (ValueError, RecursionError):
            return {}
        return value if isinstance(value, dict) else {}

    @property
    def task(self) -> str:
        """The last part of the path: a task's id."""
        return self.path.rpartition("/")[2]


@dataclass(frozen=True)
class Answer:
    """What the server sends; ``is_cut``: half of it, and then the connection ends."""

    status: int
    headers: tuple[tuple[str, str], ...]
    content: bytes
    is_cut: bool = False

    @property
    def value(self) -> Any:
        """The content as JSON, an empty object for anything else."""
        try:
            return json.loads(self.content)
        except ValueError:
            return {}

    def saying(self, value: Any) -> "Answer":
        """The same with other JSON in it."""
        return self.holding(json.dumps(value, ensure_ascii=False).encode())

    def holding(self, content: bytes, media_type: str | None = None) -> "Answer":
        """The same with other content, of another type where one is given."""
        fields = self.without("content-length").headers
        changed = replace(self, headers=fields, content=content)
        changed = changed.having("content-length", str(len(content)))
        return changed if media_type is None else changed.having("content-type", media_type)

    def having(self, name: str, value: str) -> "Answer":
        """The same with that header field."""
        return replace(self, headers=(*self.without(name).headers, (name, value)))

    def without(self, name: str) -> "Answer":
        """The same without that header field."""
        fields = tuple((known, value) for known, value in self.headers if known != name)
        return replace(self, headers=fields)

    def header(self, name: str) -> str:
        """The value of a header field, empty without it."""
        return dict(self.headers).get(name, "")


@dataclass
class Memory:
    """What a defective server remembers between calls."""

    counts: dict[str, int] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)

    def count(self, what: str) -> int:
        """How often that has been counted, this time included."""
        self.counts[what] = self.counts.get(what, 0) + 1
        return self.counts[what]


# What is done to a request before the mock sees it; an answer is sent at once.
Before = Callable[[Request, Memory], Request | Answer]
# What is done to the mock's answer.
After = Callable[[Request, Answer, Memory], Answer]


@dataclass(frozen=True)
class Defect:
    """A defect: ``id``, what is wrong in words, the profiles on which it can be planted.

    ``statements`` are those of which at least one must be found broken. Replies to HEAD are made
    from those to GET, unless it is in HEAD that the defect lies (``spoils_head``).
    """

    id: str
    what: str
    statements: tuple[str, ...]
    after: After | None = None
    before: Before | None = None
    profiles: tuple[str, ...] = ALL
    spoils_head: bool = False

    def around(self, app: App) -> App:
        """The application with the defect in it."""
        return _Layer(app, self)


class _Layer:
    """An ASGI application that changes what goes through it; the control plane goes as it is."""

    def __init__(self, app: App, defect: Defect) -> None:
        self._app = app
        self._defect = defect
        self._memory = Memory()

    async def __call__(self, scope: Message, receive: Any, send: Any) -> None:
        if scope["type"] != "http" or scope["path"].startswith("/_mock"):
            await self._app(scope, receive, send)
            return
        request = await _read(scope, receive)
        method = request.method
        if method == "HEAD" and not self._defect.spoils_head:
            request = replace(request, method="GET")
        found = self._defect.before(request, self._memory) if self._defect.before else request
        if isinstance(found, Answer):
            answer = found
        else:
            answer = await _ask(self._app, scope, found)
        if self._defect.after is not None:
            answer = self._defect.after(request, answer, self._memory)
        await _send(answer, method, send)


async def _read(scope: Message, receive: Any) -> Request:
    body = bytearray()
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            break
    raw = (scope.get("raw_path") or scope["path"].encode()).decode("latin-1")
    headers = {k.decode("latin-1"): v.decode("latin-1") for k, v in scope["headers"]}
    found = _SESSION.match(raw)
    session = found[0] if found else ""
    path, query = raw.removeprefix(session), scope["query_string"].decode("latin-1")
    return Request(scope["method"], path, query, headers, bytes(body), session)


async def _ask(app: App, scope: Message, request: Request) -> Answer:
    fields = [(k.encode("latin-1"), v.encode("latin-1")) for k, v in request.headers.items()]
    fields = [(k, b"%d" % len(request.body) if k == b"content-length" else v) for k, v in fields]
    messages = [{"type": "http.request", "body": request.body, "more_body": False}]
    start: Message = {}
    content = bytearray()

    async def receive() -> Message:
        return messages.pop() if messages else {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            start.update(message)
        else:
            content.extend(message.get("body", b""))

    await app({**scope, "method": request.method, "headers": fields}, receive, send)
    named = tuple((k.decode().lower(), v.decode("latin-1")) for k, v in start["headers"])
    return Answer(start["status"], named, bytes(content))


async def _send(answer: Answer, method: str, send: Any) -> None:
    fields = [(k.encode(), v.encode("latin-1")) for k, v in answer.headers]
    await send({"type": "http.response.start", "status": answer.status, "headers": fields})
    content = b"" if method == "HEAD" else answer.content
    if answer.is_cut:
        await send({"type": "http.response.body", "body": content[:10], "more_body": True})
        raise CutError
    await send({"type": "http.response.body", "body": content})


class CutError(Exception):
    """A reply that was cut on purpose."""
