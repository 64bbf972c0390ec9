"""uvicorn's HTTP protocols, made to hand the connection to the application."""

from collections.abc import Awaitable
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from mock_server.edge.delivery import TRANSPORT


def _handing_over(app: Any, transport: Any) -> Any:
    extensions = {TRANSPORT: transport}

    def application(scope: Any, receive: Any, send: Any) -> Awaitable[None]:
        scope["extensions"] = extensions
        awaitable: Awaitable[None] = app(scope, receive, send)
        return awaitable

    return application


class HttpTools(HttpToolsProtocol):
    """The fast protocol, with its transport in ``scope["extensions"]``."""

    def connection_made(self, transport: Any) -> None:
        """Remember the transport for every request of this connection."""
        super().connection_made(transport)
        self.app = _handing_over(self.app, transport)


class H11(H11Protocol):
    """The protocol in pure Python, with its transport in ``scope["extensions"]``."""

    def connection_made(self, transport: Any) -> None:
        """Remember the transport for every request of this connection."""
        super().connection_made(transport)
        self.app = _handing_over(self.app, transport)
