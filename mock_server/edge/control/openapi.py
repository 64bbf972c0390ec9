"""The OpenAPI 3.1 document of the control plane, made from the table of its actions."""

import json
import re
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from typing import Any

from mock_server.edge.control.action import JSON, Action
from mock_server.edge.control.schema import definitions

_PARAMETER = re.compile(r"{(\w+)}")
_ABOUT = (
    "Sessions of the mock and everything in them. Open to callers on the server's own machine;"
    " others send the control token. Unknown names are refused."
)
_REFUSALS = {
    400: "Something in the request is wrong.",
    401: "Only callers on the server's machine need no token.",
    403: "A page of another origin.",
    404: "There is no such thing.",
    409: "Not as things stand.",
    413: "The body is too large.",
    415: "The body is of another type.",
    421: "Asked for under a name that is not the server's.",
}


def openapi(actions: Iterable[Action], server: str) -> dict[str, Any]:
    """The document; ``server`` is the origin by which its reader reaches the mock."""
    paths: dict[str, dict[str, Any]] = {}
    for action in actions:
        paths.setdefault(action.path, {})[action.method.lower()] = _operation(action)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Safelight control plane",
            "version": version("safelight"),
            "description": _ABOUT,
        },
        "servers": [{"url": f"{server}/_mock"}],
        "security": [{}, {"token": []}],
        "paths": paths,
        "components": {
            "schemas": _moved(definitions()),
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _moved(value: Any) -> Any:
    """The definitions with references to where they are in this document."""
    text = json.dumps(value).replace('"#/$defs/', '"#/components/schemas/')
    return json.loads(text)


def _operation(action: Action) -> dict[str, Any]:
    tag = action.path.split("/")[3 if action.path.startswith("/sessions/{session}/") else 1]
    operation: dict[str, Any] = {
        "operationId": action.name,
        "summary": action.summary,
        "tags": [tag],
        "parameters": [*_path_parameters(action), *_query_parameters(action)],
        "responses": _responses(action),
    }
    if action.public:
        operation["security"] = [{}]
    if action.body is not None:
        operation["requestBody"] = _request_body(action)
    return operation


def _path_parameters(action: Action) -> Iterable[dict[str, Any]]:
    for name in _PARAMETER.findall(action.path):
        yield {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}


def _query_parameters(action: Action) -> Iterable[dict[str, Any]]:
    members: Mapping[str, Any] = definitions()[action.query]["properties"] if action.query else {}
    for name, schema in members.items():
        rest = {key: value for key, value in schema.items() if key != "description"}
        yield {
            "name": name,
            "in": "query",
            "description": schema["description"],
            "schema": _moved(rest),
        }


def _request_body(action: Action) -> dict[str, Any]:
    content: dict[str, Any] = {
        media: {"schema": _reference((action.body or "") if media == JSON else "story_file")}
        for media in action.takes
    }
    definition = definitions()[action.body or ""]
    is_required = "required" in definition or "minProperties" in definition
    return {"required": is_required, "content": content}


def _responses(action: Action) -> dict[str, Any]:
    schema = _reference(action.reply) if action.reply else {"type": "string"}
    answers: dict[str, Any] = {
        str(action.status): {
            "description": action.summary,
            "content": {action.media.partition(";")[0]: {"schema": schema}},
        }
    }
    statuses = {400, *action.refuses, *(() if action.public else (401, 403, 421))}
    if action.body is not None:
        statuses |= {413, 415}
    for status in sorted(statuses):
        content = {JSON: {"schema": _reference("error")}}
        answers[str(status)] = {"description": _REFUSALS[status], "content": content}
    return answers


def _reference(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}
