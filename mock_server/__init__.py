"""Safelight's mock server for asynchronous image-generation APIs."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mock_server.edge.app import Application, create_app
    from mock_server.edge.certificates import (
        Certificates,
        TlsExtraMissingError,
        make_certificates,
    )
    from mock_server.edge.clocks import Clock
    from mock_server.edge.runner import (
        PortTakenError,
        listen,
        listen_for_sessions,
        serve_in_loop,
        start,
    )
    from mock_server.edge.sessions import Session

# Where each name is from. They are imported on demand, so that the pure parts can be used without
# a web framework.
_HOMES = {
    "Application": "app",
    "Certificates": "certificates",
    "Clock": "clocks",
    "PortTakenError": "runner",
    "Session": "sessions",
    "TlsExtraMissingError": "certificates",
    "create_app": "app",
    "listen": "runner",
    "listen_for_sessions": "runner",
    "make_certificates": "certificates",
    "serve_in_loop": "runner",
    "start": "runner",
}

__all__ = [
    "Application",
    "Certificates",
    "Clock",
    "PortTakenError",
    "Session",
    "TlsExtraMissingError",
    "create_app",
    "listen",
    "listen_for_sessions",
    "make_certificates",
    "serve_in_loop",
    "start",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"mock_server.edge.{_HOMES[name]}"), name)
