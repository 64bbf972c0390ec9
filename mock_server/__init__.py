"""Safelight's mock server for asynchronous image-generation APIs."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mock_server.edge.app import create_app
    from mock_server.edge.runner import serve_in_loop, start

__all__ = ["create_app", "serve_in_loop", "start"]


def __getattr__(name: str) -> Any:
    # Imported on demand, so that the pure parts can be used without a web framework.
    if name == "create_app":
        from mock_server.edge.app import create_app

        return create_app
    if name in ("serve_in_loop", "start"):
        from mock_server.edge import runner

        return getattr(runner, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
