"""The control plane as one ASGI application: who may come in, what is asked, what is answered."""

import logging
from functools import cached_property
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute, Route, Router
from starlette.types import Message, Receive, Scope, Send

from mock_server.core.contract import Contract
from mock_server.edge.asgi import Endpoint
from mock_server.edge.control.action import Action, origin_of
from mock_server.edge.control.answering import Answering
from mock_server.edge.control.guard import Guard
from mock_server.edge.control.metrics import Metrics
from mock_server.edge.control.openapi import openapi
from mock_server.edge.control.refused import Refused
from mock_server.edge.control.streams import Streams
from mock_server.edge.documentation import documentation_routes
from mock_server.edge.mock import Mock
from mock_server.edge.state_keeper import StateError

_LOGGER = logging.getLogger("safelight")
_TRUSTED = "safelight.trusted"
_PUBLIC = ("/health", "/ready", "/docs", "/openapi.json")


class ControlPlane:
    """Everything below ``/_mock``; routes are made when the first request comes."""

    def __init__(self, mock: Mock, endpoint: Endpoint) -> None:
        self._mock = mock
        self._endpoint = endpoint
        self._guard = Guard(mock.settings.control_token, mock.hosts)
        self.streams = Streams(endpoint.listeners)
        self.metrics = Metrics(mock, endpoint, self.streams)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer one request (ASGI)."""
        server = scope.get("server")
        if server is not None and server[1] in self._mock.sessions.ports:
            # A port of its own is a session's, and no way to the control plane leads through one.
            await self._endpoint(scope, receive, send)
            return
        sending = _Sending(send)
        try:
            await self._serve(scope, receive, sending)
        except Refused as refusal:
            await refusal.response()(scope, receive, sending)
        except HTTPException as error:
            await _as_refusal(error, scope).response()(scope, receive, sending)
        except StateError as error:
            _LOGGER.error("%s", error)
            await Refused(503, f"what was asked for could not be kept: {error}").response()(
                scope, receive, sending
            )
        except Exception as bug:
            self._endpoint.bugs.append(bug)
            _LOGGER.exception("a bug in the control plane: %s %s", scope["method"], scope["path"])
            if not sending.has_begun:
                await _SORRY(scope, receive, sending)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"][len(scope.get("root_path", "")) :]
        refusal = self._guard.refusal(scope)
        is_public = any(path == one or path.startswith(f"{one}/") for one in _PUBLIC)
        if refusal is not None and not is_public:
            raise refusal
        for name in self._mock.sweep():
            self.streams.ended(name)
        scope[_TRUSTED] = refusal is None
        await self._router(scope, receive, send)

    @cached_property
    def _router(self) -> Router:
        from mock_server.edge.control.table import ACTIONS

        answering = Answering(self._mock, self._endpoint, self.streams, self.metrics)
        routes = [*self._documentation(), *_described(ACTIONS), *answering.routes(ACTIONS)]
        return Router(routes, redirect_slashes=False)

    def _documentation(self) -> list[BaseRoute]:
        # Imported here: the files are read when someone asks for them.
        from mock_server.loading.profiles import load_examples

        mock = self._mock

        def contract_of(request: Request) -> Contract:
            return mock.contract

        def key_of(request: Request) -> str | None:
            # The page is public, the key is for those who may see everything.
            keys = mock.settings.api_keys
            return keys[0] if keys and request.scope[_TRUSTED] else None

        return documentation_routes(
            contract_of,
            lambda contract: load_examples(contract.name),
            lambda request: origin_of(request.scope),
            key_of,
            prefix="",
        )


def _described(actions: tuple[Action, ...]) -> list[BaseRoute]:
    def document(request: Request) -> JSONResponse:
        return JSONResponse(openapi(actions, origin_of(request.scope)))

    return [Route("/control/openapi.json", document)]


def _as_refusal(error: HTTPException, scope: Scope) -> Refused:
    headers = error.headers
    if error.status_code == 405:
        allowed = (headers or {}).get("Allow", "")
        expected = ", ".join(sorted(part.strip() for part in allowed.split(",")))
        message = f"{scope['path'][:200]} knows {expected} only"
        return Refused(
            405,
            message,
            path="method",
            expected=expected,
            seen=scope["method"],
            headers={"allow": expected},
        )
    return Refused(
        error.status_code,
        f"the control plane has nothing at {scope['path'][:200]}; see /_mock/control/openapi.json",
        path="path",
        expected="a path of the control plane",
        seen=scope["path"][:200],
    )


class _Sending:
    """Passes messages on and notes whether a reply has begun."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.has_begun = False

    async def __call__(self, message: Message) -> None:
        self.has_begun = True
        await self._send(message)


_SORRY = JSONResponse(
    {
        "error": {
            "message": "a bug in the mock itself; its log has the details",
            "path": None,
            "expected": None,
            "seen": None,
            "nearest": None,
        }
    },
    500,
)
