"""From request schemas to models."""

from collections.abc import Iterator, Mapping
from typing import Any

from mock_server.core.contract import Aspect, Model, OutputFormat, Resolution
from mock_server.loading.request_check import RequestCheck

ANNOTATION = "x-model"


def models_of(
    schemas: Mapping[str, Mapping[str, Any]], profile: Mapping[str, Any]
) -> Iterator[Model]:
    """The models of a profile: one for each id that a ``*.request.json`` is annotated with."""
    for name in sorted(schemas):
        if name.endswith(".request.json"):
            yield from _models_of_schema(schemas[name], profile)


def request_schema(schema: Mapping[str, Any], unknown_fields: str) -> Mapping[str, Any]:
    """The schema with the profile's switch for unknown request fields built in."""
    if unknown_fields == "accept":
        return schema
    return {**schema, "unevaluatedProperties": False}


def _models_of_schema(schema: Mapping[str, Any], profile: Mapping[str, Any]) -> Iterator[Model]:
    switch = profile["switches"]["unknown_request_fields"]["value"]
    messages = {key: text for key, text in profile["messages"].items() if key != "source"}
    check = RequestCheck(request_schema(schema, switch), messages)
    note = schema[ANNOTATION]
    properties = schema.get("properties", {})
    defaults = {name: value["default"] for name, value in properties.items() if "default" in value}
    output = note.get("output_format")
    for model_id in note["ids"]:
        yield Model(
            id=model_id,
            schema=schema,
            accepts=check.accepts,
            explain=check.explain,
            media_type=note["media_type"],
            aspect=Aspect(**{"words": {}, **note["aspect"]}),
            resolution=Resolution(**note["resolution"]),
            credits=note.get("credits", profile["prices"]["image"]),
            defaults=defaults,
            facts={
                "id": model_id,
                "owned_by": note.get("owned_by", "custom"),
                "endpoint_types": note["endpoint_types"],
            },
            pixels=note.get("pixels", {}),
            output_format=OutputFormat(**output) if output else None,
        )
