"""The paths of a profile: one operation for each of its routes."""

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

from mock_server.core.contract import Contract
from mock_server.core.openapi.examples import Examples
from mock_server.core.openapi.replies import replies
from mock_server.core.openapi.requests import parameters, request_body
from mock_server.core.openapi.schemas import Json
from mock_server.core.routes import Route

TAGS = {
    "Images": "Submit tasks and read how they stand.",
    "Files": "Upload reference images, fetch results.",
    "Account": "What the key may use, and what is left.",
    "Text": "Endpoints for text models, where image models do not belong.",
}
_TAG = {
    "submit": "Images",
    "status": "Images",
    "upload": "Files",
    "result": "Files",
    "uploaded_file": "Files",
    "models": "Account",
    "balance": "Account",
    "text": "Text",
}
_MORE = {
    "text": "Text models are not mocked: every call is refused.",
    "result": "The URL stands in the status reply and must be used as it is, its query included.",
    "uploaded_file": "The URL stands in the reply to the upload.",
}


def paths(contract: Contract, examples: Examples, server_url: str) -> dict[str, Json]:
    """The Paths Object of a profile."""
    profile: Mapping[str, Any] = contract.document
    ids = operation_ids(contract.routes.all)
    status_id = next((ids[r] for r in contract.routes.all if r.operation == "status"), None)
    found: dict[str, Json] = {}
    for route, note in zip(contract.routes.all, profile["routes"], strict=True):
        operation = _operation(contract, route, note)
        operation["operationId"] = ids[route]
        body = request_body(contract, route, examples)
        if body is not None:
            operation["requestBody"] = body
        operation["responses"] = replies(contract, route, examples, server_url, status_id)
        found.setdefault(route.path, {})[route.method.lower()] = operation
    return found


def operation_ids(routes: tuple[Route, ...]) -> dict[Route, str]:
    """A name of its own for each route: the operation, with the path where several share it."""
    shared = Counter(route.operation for route in routes)
    return {
        route: route.operation if shared[route.operation] == 1 else _with_path(route)
        for route in routes
    }


def _with_path(route: Route) -> str:
    return "_".join((route.operation, *re.findall(r"\w+", route.path)))


def _operation(contract: Contract, route: Route, note: Mapping[str, Any]) -> Json:
    """An Operation Object without its bodies; ``x-operation`` is the profile's word for it."""
    texts = (_more(contract, route.operation), f"Source: {note['source']}")
    operation: Json = {
        "summary": note["summary"],
        "description": "\n\n".join(text for text in texts if text),
        "tags": [_TAG[route.operation]],
        "x-operation": route.operation,
        "security": [{"bearer": []}] if route.auth else [],
    }
    found = parameters(contract, route)
    return {**operation, "parameters": found} if found else operation


def _more(contract: Contract, operation: str) -> str:
    if operation != "status":
        return _MORE.get(operation, "")
    advice: Mapping[str, Any] = contract.document
    polling = contract.polling
    return (
        f"Ask first after {polling.initial:g} s, then every {polling.interval:g} to "
        f"{polling.ceiling:g} s, and give up after {polling.max_wait:g} s "
        f"(source: {advice['polling']['source']})."
    )
