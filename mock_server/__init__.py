"""Safelight's mock server for asynchronous image-generation APIs."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mock_server.edge.app import create_app
    from mock_server.edge.runner import start

__all__ = ["create_app", "start"]


def __getattr__(name: str) -> Any:
    # Imported on demand, so that the pure parts can be used without a web framework.
    if name == "create_app":
        from mock_server.edge.app import create_app

        return create_app
    if name == "start":
        from mock_server.edge.runner import start

        return start
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
