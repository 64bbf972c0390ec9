"""Safelight's mock server for asynchronous image-generation APIs."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mock_server.edge.app import Application, create_app
    from mock_server.edge.clocks import Clock
    from mock_server.edge.runner import serve_in_loop, start
    from mock_server.edge.sessions import Session

# Where each name is from. They are imported on demand, so that the pure parts can be used without
# a web framework.
_HOMES = {
    "Application": "app",
    "Clock": "clocks",
    "Session": "sessions",
    "create_app": "app",
    "serve_in_loop": "runner",
    "start": "runner",
}

__all__ = ["Application", "Clock", "Session", "create_app", "serve_in_loop", "start"]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"mock_server.edge.{_HOMES[name]}"), name)
