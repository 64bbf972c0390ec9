"""What the operations of a profile answer: orderly replies, header fields and links."""

from collections.abc import Iterator

from mock_server.core.contract import Contract
from mock_server.core.openapi.errors import error_replies
from mock_server.core.openapi.examples import Examples, good_examples
from mock_server.core.openapi.schemas import Json, component_name, ref
from mock_server.core.routes import Route

_SCHEMAS = {
    "submit": "task.reply.json",
    "status": "task.reply.json",
    "upload": "upload.reply.json",
    "models": "models.reply.json",
    "balance": "balance.reply.json",
}
_DESCRIPTIONS = {
    "submit": "The task was accepted.",
    "status": "Where the task stands; that it failed is told with this status code as well.",
    "upload": "The image was kept.",
    "models": "The models.",
    "balance": "The balance, or why it could not be read.",
}
_LIMIT = {
    "X-RateLimit-Limit": ("How many calls the limit allows.", "integer"),
    "X-RateLimit-Remaining": ("How many calls are left.", "integer"),
    "X-RateLimit-Reset": ("Seconds until all are back; the unit is an assumption.", "integer"),
    "X-RateLimit-Category": ("Which limit it is.", "string"),
}
_RETRY = {"Retry-After": ("Seconds to wait before the next try.", "integer")}
_RANGES = {"Accept-Ranges": ("What parts can be asked for.", "string")}
_FILE = {"ETag": ("Changes with the content.", "string"), **_RANGES}
_PART = {"Content-Range": ("Which bytes of how many.", "string")}
HEADERS: dict[str, Json] = {
    name: {"description": text, "schema": {"type": kind}}
    for name, (text, kind) in {**_LIMIT, **_RETRY, **_FILE, **_PART}.items()
}


def replies(
    contract: Contract, route: Route, examples: Examples, server_url: str, status_id: str | None
) -> dict[str, Json]:
    """The Response Objects of a route by status code.

    ``status_id`` is the operationId of the route that reads a task, for the links that lead there.
    """
    found = dict(_orderly(contract, route, examples))
    if status_id is not None and route.operation in ("submit", "status"):
        found["200"]["links"] = {"status": _link(status_id)}
    for status, reply in error_replies(contract, route, server_url).items():
        headers = _error_headers(status)
        found[status] = {**reply, "headers": headers} if headers else reply
    return found


def _orderly(contract: Contract, route: Route, examples: Examples) -> Iterator[tuple[str, Json]]:
    if route.operation in ("result", "uploaded_file"):
        yield from _file_replies(contract, route.operation)
    elif route.operation in _SCHEMAS:
        reply: Json = {
            "description": _DESCRIPTIONS[route.operation],
            "content": {"application/json": _json(contract, route.operation, examples)},
        }
        limited = any(route.operation in rule.operations for rule in contract.limits)
        yield "200", {**reply, "headers": _headers(_LIMIT)} if limited else reply


def _json(contract: Contract, operation: str, examples: Examples) -> Json:
    file = _SCHEMAS[operation]
    shown = good_examples(contract, examples, file)
    if operation == "submit":
        first = contract.words.accepted
        shown = {name: e for name, e in shown.items() if e["value"]["status"] == first}
    return {"schema": ref(component_name(file)), "examples": shown}


def _file_replies(contract: Contract, operation: str) -> Iterator[tuple[str, Json]]:
    """RFC 9110: the whole file, a part of it, nothing new, no such part."""
    media_types = _result_types(contract) if operation == "result" else contract.uploads.media_types
    content: Json = {media_type: {} for media_type in media_types}
    part = _headers({**_FILE, **_PART})
    yield "200", {"description": "The image.", "content": content, "headers": _headers(_FILE)}
    yield "206", {"description": "The bytes asked for.", "content": content, "headers": part}
    yield "304", {"description": "The image is still the same.", "headers": _headers(_FILE)}
    yield "416", {"description": "The image has no such bytes.", "headers": part}


def _result_types(contract: Contract) -> list[str]:
    types: dict[str, None] = {}
    for model in contract.models.values():
        chosen = model.output_format.media_types.values() if model.output_format else ()
        types |= dict.fromkeys((model.media_type, *chosen))
    return list(types)


def _headers(names: dict[str, tuple[str, str]]) -> Json:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _error_headers(status: str) -> Json:
    return {"429": _headers({**_RETRY, **_LIMIT}), "503": _headers(_RETRY)}.get(status, {})


def _link(status_id: str) -> Json:
    return {
        "operationId": status_id,
        "parameters": {"id": "$response.body#/id"},
        "description": "The task's id is what its status is asked with.",
    }
