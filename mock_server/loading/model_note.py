"""What a request schema must say of its models, in the annotation ``x-model``."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from mock_server.core.result_url import EXTENSIONS
from mock_server.loading.data_error import DataError, Fault, nearest, shown
from mock_server.loading.schema_check import SchemaCheck

ANNOTATION = "x-model"

_TEXT = {"type": "string", "minLength": 1}
_TEXTS = {"type": "array", "items": _TEXT, "minItems": 1}
_MEDIA_TYPE = {"enum": sorted(set(EXTENSIONS) - {"image/gif"})}


def _object(properties: Mapping[str, Any], *required: str) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }


def _table(of: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "object", "minProperties": 1, "additionalProperties": of}


SCHEMA = _object(
    {
        "ids": _TEXTS,
        "media_type": _MEDIA_TYPE,
        "aspect": _object(
            {"field": _TEXT, "default": _TEXT, "words": _table(_TEXT)}, "field", "default"
        ),
        "resolution": _object(
            {
                "field": _TEXT,
                "default": _TEXT,
                "long_side": _table({"type": "integer", "minimum": 1}),
            },
            "default",
            "long_side",
        ),
        "pixels": _table(_table({"type": "string", "pattern": "^[1-9][0-9]*x[1-9][0-9]*$"})),
        "output_format": _object(
            {"field": _TEXT, "media_types": _table(_MEDIA_TYPE)}, "field", "media_types"
        ),
        "credits": {"type": "number", "minimum": 0},
        "owned_by": _TEXT,
        "endpoint_types": _TEXTS,
        "source": _TEXT,
    },
    *("ids", "media_type", "aspect", "resolution", "endpoint_types", "source"),
)


def check_model_note(schema: Mapping[str, Any], file: Path | str) -> None:
    """Raise :class:`DataError` unless a request schema says which models it is for."""
    place = f"$['{ANNOTATION}']"
    note = schema.get(ANNOTATION)
    if note is None:
        raise DataError(file, [Fault(place, "what its models are", "nothing")])
    try:
        _check().check(note, file)
    except DataError as error:
        faults = [replace(fault, path=place + fault.path[1:]) for fault in error.faults]
        raise DataError(file, faults) from None
    tier, tiers = note["resolution"]["default"], note["resolution"]["long_side"]
    if tier not in tiers:
        expected = f"one of {', '.join(tiers)}"
        fault = Fault(f"{place}.resolution.default", expected, shown(tier), nearest(tier, tiers))
        raise DataError(file, [fault])


@cache
def _check() -> SchemaCheck:
    return SchemaCheck(SCHEMA)
