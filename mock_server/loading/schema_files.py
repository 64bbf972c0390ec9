"""What a schema file must be: JSON Schema 2020-12 in which every keyword is a known one."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema_rs

from mock_server.loading.data_error import DataError, Fault, nearest
from mock_server.loading.schema_check import SchemaCheck
from mock_server.loading.yaml_document import Name, json_path

# Which keywords hold other schemas (JSON Schema 2020-12, core 10 and 11): by name, in a list, one.
_BY_NAME = frozenset({"$defs", "properties", "patternProperties", "dependentSchemas"})
_IN_LIST = frozenset({"allOf", "anyOf", "oneOf", "prefixItems"})
_SINGLE = frozenset(
    (
        *("if", "then", "else", "not", "items", "contains", "propertyNames", "contentSchema"),
        *("additionalProperties", "unevaluatedProperties", "unevaluatedItems"),
    )
)
_PLAIN = frozenset(
    (
        *("$schema", "$id", "$ref", "$anchor", "$comment", "$dynamicRef", "$dynamicAnchor"),
        *("$vocabulary", "title", "description", "default", "examples", "deprecated", "readOnly"),
        *("writeOnly", "type", "enum", "const", "format", "pattern", "required", "uniqueItems"),
        *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
        *("minLength", "maxLength", "minItems", "maxItems", "minContains", "maxContains"),
        *("minProperties", "maxProperties", "dependentRequired"),
        *("contentEncoding", "contentMediaType"),
    )
)
_KEYWORDS = sorted(_BY_NAME | _IN_LIST | _SINGLE | _PLAIN)
_TYPES = ("array", "boolean", "integer", "null", "number", "object", "string")


def check_schema(schema: dict[str, Any], file: Path | str) -> None:
    """Raise :class:`DataError` unless this is a schema; keywords of our own begin with ``x-``.

    JSON Schema itself lets unknown keywords pass, so that a misspelt one would check nothing.
    """
    faults = [*_unknown_keywords(schema, ()), *_faults_of_form(schema)]
    if not faults:
        faults = list(_dead_ends(schema))
    if faults:
        raise DataError(file, faults)


def _faults_of_form(schema: dict[str, Any]) -> Iterator[Fault]:
    if jsonschema_rs.meta.is_valid(schema):
        return
    # Imported here: only what is wrong needs the reference validator, which takes long to import.
    from jsonschema import Draft202012Validator

    for fault in SchemaCheck(Draft202012Validator.META_SCHEMA).faults(schema):
        if fault.path.endswith(".type"):
            expected = f"one of {', '.join(_TYPES)}, or a list of them"
            close = nearest(fault.seen.strip("'"), _TYPES)
            fault = replace(fault, expected=expected, nearest=close)
        yield fault


def _dead_ends(schema: dict[str, Any]) -> Iterator[Fault]:
    """References that lead nowhere and patterns that are none: the form does not tell."""
    try:
        jsonschema_rs.Draft202012Validator(schema)
    except jsonschema_rs.ValidationError as error:
        path = json_path(error.instance_path)
        yield Fault(path, "references and patterns that can be used", error.message)


def _unknown_keywords(schema: object, place: tuple[Name, ...]) -> Iterator[Fault]:
    if not isinstance(schema, Mapping):
        return
    for name, value in schema.items():
        if name not in _KEYWORDS and not name.startswith("x-"):
            path = json_path((*place, name))
            expected = "a keyword of JSON Schema 2020-12, or one that begins with x-"
            yield Fault(path, expected, repr(name), nearest(name, _KEYWORDS))
        for step, inner in _schemas_in(name, value):
            yield from _unknown_keywords(inner, (*place, name, *step))


def _schemas_in(keyword: str, value: object) -> Iterator[tuple[tuple[Name, ...], object]]:
    if keyword in _SINGLE:
        yield (), value
    elif keyword in _BY_NAME and isinstance(value, Mapping):
        yield from (((name,), inner) for name, inner in value.items())
    elif keyword in _IN_LIST and isinstance(value, list):
        yield from (((index,), inner) for index, inner in enumerate(value))
