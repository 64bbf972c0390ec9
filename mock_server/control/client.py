"""The way in: a mock at a URL, its sessions, and the state of the server."""

import ssl
from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import Any
from urllib.parse import quote

from mock_server.control.facts import SessionFacts
from mock_server.control.reading import read
from mock_server.control.session import Session, Story, wish_of
from mock_server.control.wire import Wire

_AN_HOUR = 3600.0


class Control:
    """A client of the control plane of the mock at ``url`` (its origin); threads may share it.

    ``token`` is needed for a mock on another machine; ``timeout`` is seconds for each send and
    receive; ``context`` is for https. Everything raises
    :class:`~mock_server.control.ControlError` for what the server refuses.
    """

    def __init__(
        self,
        url: str,
        token: str | None = None,
        *,
        timeout: float = 30.0,
        context: ssl.SSLContext | None = None,
    ) -> None:
        self._wire = Wire(url, token, timeout, context)

    def __enter__(self) -> "Control":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections that are kept; sessions stay."""
        self._wire.close()

    def create(
        self,
        scenario: Story | None = None,
        *,
        name: str | None = None,
        seed: int | None = None,
        speed: float | None = None,
        frozen: bool = False,
        keys: Sequence[str] = (),
        ttl: float | None = _AN_HOUR,
        port: bool = False,
    ) -> Session:
        """A new session.

        ``scenario`` is the name of one, a YAML text of several lines, a YAML file (``Path``) or a
        mapping; ``seed`` replaces the scenario's. ``speed`` is the seconds of its clock in one,
        ``frozen`` lets it stand still. Without ``keys``, the session gets one of its own. It is
        gone after ``ttl`` seconds without a call (None: never). ``port`` asks for a port of its
        own.
        """
        wish = wish_of(name, scenario, seed, speed, frozen, keys, port)
        created = self._wire.ask("POST", "/sessions", {**wish, "ttl": ttl})
        return Session(self._wire, read(SessionFacts, created), created["api_key"])

    def session(self, name: str = "default") -> Session:
        """The session of that name."""
        found = self._wire.ask("GET", f"/sessions/{quote(name, safe='')}")
        return Session(self._wire, read(SessionFacts, found))

    def sessions(self) -> Iterator[SessionFacts]:
        """What there is of sessions, in the order of their creation, fetched page by page."""
        offset, total = 0, 1
        while offset < total:
            page = self._wire.ask("GET", "/sessions", query={"offset": offset, "limit": 1000})
            yield from (read(SessionFacts, session) for session in page["sessions"])
            offset, total = offset + 1000, page["total"]

    def scenarios(self) -> tuple[str, ...]:
        """The names of the scenarios that the server has."""
        return tuple(self._wire.ask("GET", "/scenarios")["scenarios"])

    def metrics(self) -> str:
        """The metrics in the text format of Prometheus."""
        return self._wire.read("GET", "/metrics").decode()

    def health(self) -> dict[str, Any]:
        """That the server lives."""
        status: dict[str, Any] = self._wire.ask("GET", "/health")
        return status

    def ready(self) -> dict[str, Any]:
        """That the server can be called, and which profile it plays."""
        status: dict[str, Any] = self._wire.ask("GET", "/ready")
        return status

    def openapi(self) -> dict[str, Any]:
        """The OpenAPI document of the control plane."""
        document: dict[str, Any] = self._wire.ask("GET", "/control/openapi.json")
        return document
