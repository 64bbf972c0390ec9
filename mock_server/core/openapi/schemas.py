"""The schemas of a profile as components of one document."""

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from mock_server.core.contract import Contract

Json: TypeAlias = dict[str, Any]

REQUEST = ".request.json"
# What a file says about itself, and what the mock reads in it: neither holds in a document.
_OF_THE_FILE = frozenset({"$schema", "$id", "$defs", "x-model"})
# Members with these names hold data, in which a "$ref" would be a text like any other.
_DATA = frozenset({"const", "enum", "default", "examples"})
# Members with these names hold schemas by names of the schema's author.
_NAMED = frozenset({"properties", "patternProperties", "dependentSchemas"})

_TEXT = {"type": "string"}


def ref(component: str) -> dict[str, str]:
    """A reference to the schema component of that name."""
    return {"$ref": f"#/components/schemas/{component}"}


def components(contract: Contract) -> dict[str, Json]:
    """Every schema file as a component, and every definition inside one as one of its own.

    A file ``task.reply.json`` is ``task.reply``, its definition ``x`` is ``task.reply.x``. Request
    schemas carry the profile's switch for unknown request fields.
    """
    return {name: schema for file in contract.schemas for name, schema in _of_file(contract, file)}


def _of_file(contract: Contract, file: str) -> Iterator[tuple[str, Json]]:
    source: Mapping[str, Any] = contract.schemas[file]
    name = component_name(file)
    own = {key: value for key, value in source.items() if key not in _OF_THE_FILE}
    schema = _rewritten(own, name)
    if file.endswith(REQUEST) and contract.switches.unknown_request_fields == "reject":
        schema["unevaluatedProperties"] = False
    yield name, schema
    for inner, definition in source.get("$defs", {}).items():
        yield f"{name}.{inner}", _rewritten(definition, name)


def component_name(file: str) -> str:
    """The name of the component that a schema file becomes."""
    return file.rpartition("/")[2].removesuffix(".json")


def request_components(contract: Contract) -> dict[str, tuple[str, ...]]:
    """The components of request schemas with the models that they describe, the default first."""
    found = {
        component_name(file): tuple(m.id for m in contract.models.values() if m.schema is schema)
        for file, schema in contract.schemas.items()
        if file.endswith(REQUEST)
    }
    return dict(sorted(found.items(), key=lambda item: contract.default_model not in item[1]))


def one_of_them(models: Mapping[str, tuple[str, ...]]) -> Json:
    """A schema that any of the components satisfies; the field ``model`` tells which one it is."""
    refs = [ref(name) for name in models]
    if len(refs) == 1:
        return dict(refs[0])
    mapping = {model: ref(name)["$ref"] for name, ids in models.items() for model in ids}
    return {"anyOf": refs, "discriminator": {"propertyName": "model", "mapping": mapping}}


def form_name(component: str) -> str:
    """The name of the component that describes the multipart form of a request schema."""
    return f"{component}.form"


def forms(contract: Contract, schemas: Mapping[str, Json]) -> dict[str, Json]:
    """The request schemas again, for multipart forms: files where JSON carries URLs."""
    names = request_components(contract)
    return {form_name(name): _form(contract, schemas[name]) for name in names}


def _form(contract: Contract, schema: Json) -> Json:
    properties = {
        name: _form_field(contract, name, value)
        for name, value in schema.get("properties", {}).items()
    }
    kept = {key: value for key, value in schema.items() if key != "examples"}
    # An unknown field is one text: only a schema tells that a field may be repeated for a list.
    others = {} if "unevaluatedProperties" in schema else {"additionalProperties": _TEXT}
    return {**kept, "properties": properties, **others}


def _form_field(contract: Contract, name: str, schema: Json) -> Json:
    # The examples are what a page fills its form with: it would make up files and URLs otherwise.
    if name in contract.fields.references:
        return {**schema, "items": binary(), "examples": [[]]}
    if name in contract.fields.mask:
        return {"examples": ["https://example.com/mask.png"], **schema}
    return schema


def binary() -> Json:
    """The schema of a file in a multipart form.

    ``contentMediaType`` is what OpenAPI 3.1 asks for, ``format`` is what most of its readers know.
    """
    return {"type": "string", "format": "binary", "contentMediaType": "application/octet-stream"}


def _rewritten(schema: Any, owner: str) -> Any:
    """A copy of a schema of the file ``owner`` whose references lead to components."""
    if isinstance(schema, list):
        return [_rewritten(item, owner) for item in schema]
    if not isinstance(schema, Mapping):
        return schema
    return {key: _member(key, value, owner) for key, value in schema.items()}


def _member(key: str, value: Any, owner: str) -> Any:
    if key == "$ref":
        return _target(value, owner)
    if key in _NAMED:
        return {name: _rewritten(inner, owner) for name, inner in value.items()}
    return value if key in _DATA else _rewritten(value, owner)


def _target(reference: str, owner: str) -> str:
    file, _, pointer = reference.partition("#")
    name = component_name(file) if file else owner
    steps = pointer.split("/")[1:]
    if steps[:1] == ["$defs"]:
        name, steps = f"{name}.{steps[1]}", steps[2:]
    return "/".join((ref(name)["$ref"], *steps))
