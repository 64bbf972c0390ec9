"""How the server is: whether it lives, whether it is ready to be called, and its metrics."""

from typing import Any

from starlette.responses import Response

from mock_server.edge.control.action import Action, Asked

TEXT = "text/plain; version=0.0.4; charset=utf-8"


def _health(asked: Asked) -> dict[str, Any]:
    return {"status": "ok"}


def _ready(asked: Asked) -> dict[str, Any]:
    return {"status": "ready", "profile": asked.mock.contract.name}


def _metrics(asked: Asked) -> Response:
    return Response(asked.metrics.text(), media_type=TEXT)


ACTIONS = (
    Action("GET", "/metrics", "get_metrics", "Metrics for Prometheus.", _metrics, media=TEXT),
    Action(
        "GET", "/health", "get_health", "Whether the server lives.", _health, "health", public=True
    ),
    Action("GET", "/ready", "get_ready", "Whether it can be called.", _ready, "ready", public=True),
)
