"""The OpenAPI document of a profile, made of its parts."""

import json
from collections.abc import Mapping
from typing import Any

from mock_server.core.contract import Contract
from mock_server.core.openapi.examples import Examples
from mock_server.core.openapi.operations import TAGS, paths
from mock_server.core.openapi.replies import HEADERS
from mock_server.core.openapi.requests import takes_forms
from mock_server.core.openapi.schemas import Json, components, forms, ref

BEARER = "bearer"


def openapi(contract: Contract, examples: Examples, server_url: str) -> dict[str, object]:
    """The OpenAPI 3.1 document of a profile, as a JSON value that shares nothing with others.

    ``examples`` are the files of the profile's ``examples`` folder by name, each
    ``{why, schema, valid, value}``; ``server_url`` is where the caller reaches the API. The
    document's version is the profile's name: it is what tells one wording of the API from another.
    """
    schemas = components(contract)
    if takes_forms(contract):
        schemas |= forms(contract, schemas)
    document: Json = {
        "openapi": "3.1.0",
        "info": _info(contract),
        "servers": [{"url": server_url or "/"}],
        "tags": [{"name": name, "description": text} for name, text in TAGS.items()],
        "paths": paths(contract, examples, server_url),
        "components": {
            "schemas": schemas,
            "headers": HEADERS,
            "securitySchemes": {BEARER: _bearer()},
        },
    }
    if "webhook.reply.json" in contract.schemas:
        document["webhooks"] = {"task": {"post": _webhook()}}
    shared_with_none: dict[str, object] = json.loads(contract.encode(document))
    return shared_with_none


def _info(contract: Contract) -> Json:
    profile: Mapping[str, Any] = contract.document
    return {
        "title": contract.title,
        "version": contract.name,
        "description": profile.get("description", contract.title),
    }


def _bearer() -> Json:
    return {
        "type": "http",
        "scheme": "bearer",
        "description": "The key that the server was started with; its start banner shows it.",
    }


def _webhook() -> Json:
    schema = ref("webhook.reply")
    return {
        "operationId": "webhook",
        "summary": "A task has come to its end",
        "description": "Sent by the API to the caller's own server; any 2xx reply takes it.",
        "tags": ["Images"],
        "security": [],
        "requestBody": {"required": True, "content": {"application/json": {"schema": schema}}},
        "responses": {"2XX": {"description": "The event was taken."}},
    }
