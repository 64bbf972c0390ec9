"""The HTTP protocol in pure Python, made to hand its connection over."""

from collections.abc import Awaitable
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

from mock_server.edge.handover import TRANSPORT


class H11(H11Protocol):
    """uvicorn's protocol; every request's ``scope["extensions"]`` leads to its connection."""

    def connection_made(self, transport: Any) -> None:
        """Remember the transport for every request of this connection."""
        super().connection_made(transport)
        inner, extensions = self.app, {TRANSPORT: transport}

        def application(scope: Any, receive: Any, send: Any) -> Awaitable[None]:
            scope["extensions"] = extensions
            awaitable: Awaitable[None] = inner(scope, receive, send)
            return awaitable

        self.app = application
