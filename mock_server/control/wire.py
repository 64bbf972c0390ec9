"""HTTP to the control plane with the standard library alone: connections are kept and shared."""

import json
import ssl
import time
from collections import deque
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import Any, NamedTuple
from urllib.parse import urlencode, urlsplit

from mock_server.control.errors import NO_ANSWER, ControlError

# The server keeps idle connections for 75 seconds; one that it might be closing is not used.
_IDLE_SECONDS = 30.0
_MOST_IDLE = 8


class _Idle(NamedTuple):
    connection: HTTPConnection
    since: float


class _Sent(NamedTuple):
    method: str
    target: str
    body: object


class Wire:
    """Requests to the control plane at an origin; threads may share one.

    Raises ValueError for a URL that is no origin. ``timeout`` is seconds for each send and
    receive; ``context`` is for https, where the server's authority is not a known one.
    """

    def __init__(
        self,
        url: str,
        token: str | None = None,
        timeout: float = 30.0,
        context: ssl.SSLContext | None = None,
    ) -> None:
        parts = urlsplit(url)
        is_origin = parts.path in ("", "/") and not parts.query and not parts.fragment
        if parts.scheme not in ("http", "https") or not parts.hostname or not is_origin:
            raise ValueError(f"expected an origin such as http://127.0.0.1:8080, seen {url!r}")
        self.origin = f"{parts.scheme}://{parts.netloc}"
        self._is_secure = parts.scheme == "https"
        self._host, self._port = parts.hostname, parts.port
        self._token = token
        self._timeout = timeout
        self._context = context
        self._idle: deque[_Idle] = deque()

    def close(self) -> None:
        """Close the connections that are kept."""
        while self._idle:
            self._idle.pop().connection.close()

    def ask(
        self,
        method: str,
        path: str,
        body: object = None,
        query: Mapping[str, object] | None = None,
        patience: float = 0.0,
    ) -> Any:
        """The JSON value of an answer; raises :class:`ControlError`."""
        return json.loads(self.read(method, path, body, query, patience))

    def read(
        self,
        method: str,
        path: str,
        body: object = None,
        query: Mapping[str, object] | None = None,
        patience: float = 0.0,
    ) -> bytes:
        """The bytes of an answer, which may take ``patience`` seconds longer than others.

        Raises :class:`ControlError`.
        """
        sent = _Sent(method, _target(path, query or {}), body)
        kept = None if patience else self._kept()
        if kept is not None:
            try:
                return self._exchange(kept, sent)
            except (OSError, HTTPException) as error:
                kept.close()
                # Asking again is safe where asking twice is; what else went wrong is told.
                if method != "GET":
                    raise self._silence(error) from None
        connection = self._connection(patience)
        try:
            return self._exchange(connection, sent, keep=not patience)
        except (OSError, HTTPException) as error:
            connection.close()
            raise self._silence(error) from None

    def open(
        self, path: str, query: Mapping[str, object], headers: Mapping[str, str]
    ) -> tuple[HTTPConnection, HTTPResponse]:
        """An answer that goes on, on a connection of its own; raises :class:`ControlError`."""
        connection = self._connection()
        try:
            connection.request("GET", _target(path, query), headers={**self._headers(), **headers})
            reply = connection.getresponse()
            if reply.status >= 400:
                raise _refusal(reply.status, reply.read())
        except (OSError, HTTPException) as error:
            connection.close()
            raise self._silence(error) from None
        except ControlError:
            connection.close()
            raise
        return connection, reply

    def _exchange(self, connection: HTTPConnection, sent: "_Sent", keep: bool = True) -> bytes:
        headers, content = self._headers(), None
        if sent.body is not None:
            headers["content-type"] = "application/json"
            content = json.dumps(sent.body).encode()
        connection.request(sent.method, sent.target, content, headers)
        reply = connection.getresponse()
        data = reply.read()
        if reply.will_close or not keep or len(self._idle) >= _MOST_IDLE:
            connection.close()
        else:
            self._idle.append(_Idle(connection, time.monotonic()))
        if reply.status >= 400:
            raise _refusal(reply.status, data)
        return data

    def _headers(self) -> dict[str, str]:
        return {} if self._token is None else {"authorization": f"Bearer {self._token}"}

    def _kept(self) -> HTTPConnection | None:
        """A connection that was used a moment ago, the latest first."""
        now = time.monotonic()
        while True:
            try:
                idle = self._idle.pop()
            except IndexError:
                return None
            if now - idle.since < _IDLE_SECONDS:
                return idle.connection
            idle.connection.close()

    def _connection(self, patience: float = 0.0) -> HTTPConnection:
        timeout, context = self._timeout + patience, self._context
        if self._is_secure:
            return HTTPSConnection(self._host, self._port, timeout=timeout, context=context)
        return HTTPConnection(self._host, self._port, timeout=timeout)

    def _silence(self, error: Exception) -> ControlError:
        return ControlError(NO_ANSWER, f"no answer from {self.origin}: {error!r}")


def _target(path: str, query: Mapping[str, object]) -> str:
    given = {name: value for name, value in query.items() if value is not None}
    return f"/_mock{path}?{urlencode(given)}" if given else f"/_mock{path}"


def _refusal(status: int, data: bytes) -> ControlError:
    try:
        error = json.loads(data)["error"]
        return ControlError(status, **error)
    except (ValueError, TypeError, KeyError):
        shown = data[:200].decode("utf-8", "replace")
        return ControlError(status, f"an answer that the control plane does not give: {shown}")
