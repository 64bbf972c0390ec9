"""What the control plane can be asked for: one action for each method and path."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import Scope

from mock_server.core.world import World
from mock_server.edge.asgi import Endpoint
from mock_server.edge.control.metrics import Metrics
from mock_server.edge.control.refused import Refused
from mock_server.edge.control.streams import Streams
from mock_server.edge.mock import Mock
from mock_server.edge.sessions import Session
from mock_server.loading.data_error import nearest

JSON = "application/json"
YAML = "application/yaml"
NOT_FOUND, CONFLICT = 404, 409


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that has been let in and understood.

    ``query`` and ``body`` have passed their schemas. ``trusted`` is False only for callers who may
    see no more than what is public.
    """

    mock: Mock
    endpoint: Endpoint
    streams: Streams
    metrics: Metrics
    request: Request
    query: Mapping[str, Any]
    body: Any
    trusted: bool = True

    @property
    def session(self) -> Session:
        """The session that the path names; asking about it keeps it alive.

        Raises :class:`Refused` when there is none of that name.
        """
        name = self.parameter("session")
        session = self.mock.sessions.get(name)
        if session is None:
            names = (session.name for session in self.mock.sessions)
            like = nearest(name, names) if len(self.mock.sessions) < 1000 else None
            raise _no_session(name, like)
        session.stay(self.mock.clock.now())
        return session

    @property
    def world(self) -> World:
        """The world of that session."""
        return self.session.world

    @property
    def origin(self) -> str:
        """Scheme and authority as the caller sees them."""
        return origin_of(self.request.scope)

    def parameter(self, name: str) -> str:
        """A parameter of the path, percent-decoded."""
        return str(self.request.path_params[name])


def origin_of(scope: Scope, port: int | None = None) -> str:
    """Scheme and authority of a request's address, or the same host with another port."""
    host, own = scope.get("server") or ("127.0.0.1", None)
    authority = Headers(scope=scope).get("host") or (f"{host}:{own}" if own else host)
    if port is not None:
        name = authority[: authority.rfind("]") + 1] or authority.partition(":")[0]
        authority = f"{name}:{port}"
    return f"{scope['scheme']}://{authority}"


def _no_session(name: str, like: str | None) -> Refused:
    hint = "" if like is None else f" (did you mean {like!r}?)"
    return Refused(
        NOT_FOUND,
        f"there is no session {name[:200]!r}{hint}",
        path="session",
        expected="the name of a session",
        seen=repr(name[:200]),
        nearest=like,
    )


# The answer is a JSON value, or a response of another kind.
Handler: TypeAlias = Callable[[Asked], Any | Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Action:
    """One method of one path below ``/_mock``, described so that its OpenAPI can be made from it.

    ``body``, ``query`` and ``reply`` name definitions in ``schemas/control.schema.json``; ``media``
    is the type of the reply, ``takes`` those of the body. ``refuses`` are the statuses of
    refusals beyond those of every action. A ``public`` action needs no trust; an ``endless`` one
    has no answer to HEAD.
    """

    method: str
    path: str
    name: str
    summary: str
    handle: Handler
    reply: str | None = None
    body: str | None = None
    query: str | None = None
    status: int = 200
    media: str = JSON
    takes: tuple[str, ...] = (JSON,)
    refuses: tuple[int, ...] = ()
    public: bool = False
    endless: bool = False
