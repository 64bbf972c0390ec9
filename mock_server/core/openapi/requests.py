"""What the operations of a profile take: request bodies and parameters."""

import re
from collections.abc import Callable
from typing import TypeAlias

from mock_server.core.contract import Contract
from mock_server.core.openapi.examples import Examples, request_examples
from mock_server.core.openapi.schemas import (
    Json,
    binary,
    form_name,
    one_of_them,
    request_components,
)
from mock_server.core.routes import Route

JSON = "application/json"
FORM = "multipart/form-data"
_PARAMETER = re.compile(r"\{(\w+)\}")
_MODEL_TYPES = ("text", "chat", "image", "video", "audio", "all")


def takes_forms(contract: Contract) -> bool:
    """Whether a task may be submitted as a multipart form."""
    return any(r.operation == "submit" and FORM in r.content_types for r in contract.routes.all)


def request_body(contract: Contract, route: Route, examples: Examples) -> Json | None:
    """The Request Body Object of a route, None where it takes no body."""
    if not route.content_types:
        return None
    content = {
        kind: _CONTENT.get((route.operation, kind), _anything)(contract, examples)
        for kind in route.content_types
    }
    return {"required": True, "content": content}


def _anything(contract: Contract, examples: Examples) -> Json:
    """A body of which nothing is promised: a profile may name media types of its own choice."""
    return {}


def _submit_json(contract: Contract, examples: Examples) -> Json:
    shown = request_examples(contract, examples)
    return {"schema": one_of_them(request_components(contract)), "examples": shown}


def _submit_form(contract: Contract, examples: Examples) -> Json:
    models = request_components(contract)
    parts = {name: _part(contract.references.media_types) for name in contract.fields.references}
    schema = one_of_them({form_name(name): ids for name, ids in models.items()})
    return {"schema": schema, "encoding": parts}


def _upload_form(contract: Contract, examples: Examples) -> Json:
    most = f"{contract.uploads.max_bytes:,} bytes"
    file = {**binary(), "description": f"The image, at most {most}; its content tells its type."}
    schema = {"type": "object", "required": ["file"], "properties": {"file": file}}
    return {"schema": schema, "encoding": {"file": _part(contract.uploads.media_types)}}


def _part(media_types: tuple[str, ...]) -> Json:
    return {"contentType": ", ".join(media_types)}


def _text_json(contract: Contract, examples: Examples) -> Json:
    model = {"type": "string", "minLength": 1, "description": "The model to be asked."}
    schema = {"type": "object", "required": ["model"], "properties": {"model": model}}
    value = {"model": contract.default_model, "messages": [{"role": "user", "content": "A kite"}]}
    wrong = {"summary": "An image model, which does not belong here", "value": value}
    return {"schema": schema, "examples": {"image-model": wrong}}


_Content: TypeAlias = Callable[[Contract, Examples], Json]
_CONTENT: dict[tuple[str, str], _Content] = {
    ("submit", JSON): _submit_json,
    ("submit", FORM): _submit_form,
    ("upload", FORM): _upload_form,
    ("text", JSON): _text_json,
}


def parameters(contract: Contract, route: Route) -> list[Json]:
    """The Parameter Objects of a route."""
    found = [_path_parameter(contract, name) for name in _PARAMETER.findall(route.path)]
    return [*found, _type_parameter(contract)] if route.operation == "models" else found


def _path_parameter(contract: Contract, name: str) -> Json:
    text = {"id": _id_text(contract)}.get(name, "As it stands in a URL that the API gave out.")
    schema = {"type": "string"}
    return {"name": name, "in": "path", "required": True, "description": text, "schema": schema}


def _id_text(contract: Contract) -> str:
    text = "The id from the reply to the submit"
    own = contract.fields.client_id
    if not (own and contract.switches.task_by_client_id):
        return f"{text}."
    return f"{text}, or the caller's own id as sent in {' or '.join(own)}."


def _type_parameter(contract: Contract) -> Json:
    default = contract.switches.default_model_type
    return {
        "name": "type",
        "in": "query",
        "description": f"Which models to list: {', '.join(_MODEL_TYPES)}.",
        "schema": {"type": "string", "default": default, "examples": list(_MODEL_TYPES)},
    }
