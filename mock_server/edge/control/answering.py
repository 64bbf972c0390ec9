"""From a request to its answer: read it, hold it against its schemas, do what it asks for."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from inspect import isawaitable
from itertools import groupby
from typing import Any, TypeAlias
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from mock_server.core.reading import MalformedBodyError, read_json
from mock_server.edge.asgi import Endpoint
from mock_server.edge.control.action import JSON, YAML, Action, Asked
from mock_server.edge.control.metrics import Metrics
from mock_server.edge.control.refused import Refused
from mock_server.edge.control.schema import check_body, definitions, read_query
from mock_server.edge.control.streams import Streams
from mock_server.edge.mock import Mock
from mock_server.edge.reading import CallerLeftError, read_body
from mock_server.loading.encoding import encode_json

MOST_BYTES = 2 * 1024 * 1024
_MOST_DEPTH = 64
_YAML_TYPES = frozenset({YAML, "text/yaml", "application/x-yaml", "text/x-yaml"})

_Endpoint: TypeAlias = Callable[[Request], Awaitable[Response]]


class Answering:
    """Makes routes of actions."""

    def __init__(self, mock: Mock, endpoint: Endpoint, streams: Streams, metrics: Metrics) -> None:
        self._mock = mock
        self._parts = (mock, endpoint, streams, metrics)

    def routes(self, actions: Sequence[Action]) -> list[BaseRoute]:
        """One route for each path, with all of its methods."""
        by_path = groupby(sorted(actions, key=_place), key=lambda action: action.path)
        return [self._route(path, tuple(group)) for path, group in by_path]

    def _route(self, path: str, actions: tuple[Action, ...]) -> BaseRoute:
        by_method = {action.method: action for action in actions}

        async def endpoint(request: Request) -> Response:
            wanted = "GET" if request.method == "HEAD" else request.method
            try:
                return await self._answer(by_method[wanted], request)
            except Refused as refusal:
                return refusal.response()

        return Route(path, endpoint, methods=list(by_method))

    async def _answer(self, action: Action, request: Request) -> Response:
        query = read_query(action.query, _pairs(request))
        body = None if action.body is None else await _read(action, request)
        if action.endless and request.method == "HEAD":
            return Response(media_type=action.media)
        answer = action.handle(Asked(*self._parts, request, query, body))
        if isawaitable(answer):
            answer = await answer
        name = request.path_params.get("session")
        if name is not None and action.method != "GET":
            self._mock.keep(name)
        if isinstance(answer, Response):
            return answer
        headers = {"cache-control": "no-store"}
        return Response(encode_json(answer), action.status, headers, action.media)


def _place(action: Action) -> tuple[bool, str]:
    # A fixed path comes before one whose last part is a parameter.
    return action.path.endswith("}"), action.path


def _pairs(request: Request) -> Iterable[tuple[str, str]]:
    query = request.scope["query_string"].decode("latin-1")
    return parse_qsl(query, keep_blank_values=True, errors="replace")


async def _read(action: Action, request: Request) -> Any:
    """The body as a value that has passed its schema; raises :class:`Refused`."""
    receive: Any = request.receive
    try:
        data = await read_body(receive, MOST_BYTES)
    except CallerLeftError:
        # Nobody waits for this answer.
        raise Refused(400, "the request broke off") from None
    if data is None:
        seen = f"more than {MOST_BYTES}"
        raise Refused(413, "the body is too large", expected=f"{MOST_BYTES} bytes", seen=seen)
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if YAML in action.takes and media in _YAML_TYPES:
        return {"scenario": _text(data) + "\n"}
    if not data and "required" not in definitions()[action.body or ""]:
        data, media = b"{}", JSON
    if media != JSON:
        expected = " or ".join(action.takes)
        raise Refused(
            415,
            f"the body must be {expected}",
            path="Content-Type",
            expected=expected,
            seen=media[:100] or "nothing",
        )
    value = _json(data)
    check_body(action.body or "", value)
    return value


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Refused(
            400,
            f"the body is not UTF-8: byte {error.start}",
            path="$",
            expected="UTF-8",
            seen=f"byte {error.start}",
        ) from None


def _json(data: bytes) -> object:
    try:
        return read_json(data, _MOST_DEPTH)
    except MalformedBodyError as error:
        raise Refused(400, str(error), path="$", expected="a JSON text", seen=str(error)) from None
