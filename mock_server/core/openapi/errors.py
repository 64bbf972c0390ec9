"""The documented error replies of an operation, one for each status code."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from mock_server.core.call import Call
from mock_server.core.catalogue import ErrorEntry
from mock_server.core.contract import Contract
from mock_server.core.openapi.schemas import Json, ref
from mock_server.core.refusal import Refusal
from mock_server.core.reply import refused
from mock_server.core.routes import Route
from mock_server.core.template import compile_template

_ERRORS = "error.reply"
# The field that the sample of a wrong body lacks.
_MISSING = {"submit": "prompt", "upload": "file", "text": "model"}


def error_replies(contract: Contract, route: Route, server_url: str) -> dict[str, Json]:
    """The Response Objects of all documented errors of a route by status code, in rising order."""
    entries = contract.catalogue.of(route.operation)
    return {
        str(status): _reply(
            contract, route, [entry for entry in entries if entry.status == status], server_url
        )
        for status in sorted({entry.status for entry in entries})
    }


def _reply(
    contract: Contract, route: Route, entries: Sequence[ErrorEntry], server_url: str
) -> Json:
    shapes = [_envelope(contract, name) for name in dict.fromkeys(e.envelope for e in entries)]
    schema = shapes[0] if len(shapes) == 1 else {"anyOf": shapes}
    examples = {entry.reason: _example(contract, route, entry, server_url) for entry in entries}
    return {
        "description": " ".join(dict.fromkeys(entry.trigger for entry in entries)),
        "content": {"application/json": {"schema": schema, "examples": examples}},
    }


def _envelope(contract: Contract, name: str) -> dict[str, str]:
    """The schema of an envelope: the definition of its name, else of every error."""
    file: Mapping[str, Any] = contract.schemas[f"{_ERRORS}.json"]
    return ref(f"{_ERRORS}.{name}" if name in file.get("$defs", {}) else _ERRORS)


def _example(contract: Contract, route: Route, entry: ErrorEntry, server_url: str) -> Json:
    advice = (f"Fix: {entry.fix}", f"Retry: {entry.retry}", f"Source: {entry.source}")
    return {
        "summary": entry.trigger,
        "description": "\n\n".join(advice),
        "value": _body(contract, route, entry, server_url),
    }


def _body(contract: Contract, route: Route, entry: ErrorEntry, server_url: str) -> object:
    """The body with which the engine itself would refuse such a call."""
    field = _MISSING.get(route.operation)
    unknown = entry.reason == "unknown_model"
    detail, param = "The request body is empty.", "model" if unknown else None
    if field is not None and entry.reason in ("invalid_request", "invalid_upload"):
        detail, param = _required(contract, field), field
    facts = {
        "detail": detail,
        "param": param,
        "allowed": " or ".join(route.content_types),
        "seen": "text/plain",
        "model": "no-such-model" if unknown else contract.default_model,
        "id": "no-such-task",
        "price": contract.models[contract.default_model].credits,
    }
    call = Call(number=1, method=route.method, path=route.path, base=server_url)
    reply = refused(contract, route.operation, Refusal(entry.reason, facts), call)
    return json.loads(reply.content)


def _required(contract: Contract, field: str) -> str:
    profile: Mapping[str, Any] = contract.document
    return str(compile_template(profile["messages"]["required"])({"field": field}))
