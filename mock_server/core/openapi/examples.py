"""Which examples of a profile a document shows: good ones that every reader of JSON can carry."""

import json
from collections.abc import Mapping
from math import isfinite
from typing import Any, TypeAlias

from mock_server.core.contract import Contract
from mock_server.core.openapi.schemas import REQUEST, Json
from mock_server.core.sizes import first_value

Examples: TypeAlias = Mapping[str, Mapping[str, Any]]

# JSON text longer than this (in characters) is a test, not something to read.
_LONGEST = 2000
# Larger integers lose digits in readers that know floating-point numbers only (RFC 8259, 6).
_LARGEST = 2**53 - 1
_MADE_UP = ("made up", "assumption")


def good_examples(contract: Contract, examples: Examples, file: str) -> dict[str, Json]:
    """The Example Objects of one schema file by name.

    Those that the schema itself shows come first, then documented ones, then those made up.
    """
    schema: Mapping[str, Any] = contract.schemas[file]
    typical = schema.get("examples", [])
    found = [
        (example["value"] not in typical, _is_made_up(example), name.removesuffix(".json"), example)
        for name, example in examples.items()
        if example["valid"] and example["schema"] == file and is_portable(example["value"])
    ]
    found.sort(key=lambda item: item[:3])
    return {name: _example_object(example) for _, _, name, example in found}


def request_examples(contract: Contract, examples: Examples) -> dict[str, Json]:
    """The examples of all request schemas that the profile accepts, the default model's first."""
    files = [file for file in contract.schemas if file.endswith(REQUEST)]
    default = contract.models[contract.default_model].schema
    files.sort(key=lambda file: contract.schemas[file] is not default)
    return {
        name: example
        for file in files
        for name, example in good_examples(contract, examples, file).items()
        if _is_accepted(contract, example["value"])
    }


def _is_accepted(contract: Contract, body: Mapping[str, Any]) -> bool:
    """Whether the mock would take the request: what its switches turn away is no good example."""
    if first_value(body, contract.fields.callback) and not contract.switches.webhook_configured:
        return False
    return contract.models[body["model"]].accepts(body)


def _example_object(example: Mapping[str, Any]) -> Json:
    shown = {"summary": example["why"], "value": example["value"]}
    source = example.get("source")
    return {**shown, "description": f"Source: {source}"} if source else shown


def _is_made_up(example: Mapping[str, Any]) -> bool:
    return str(example.get("source", "made up")).startswith(_MADE_UP)


def is_portable(value: object) -> bool:
    """Whether any reader of JSON gets this value as it was written, and a person can read it.

    False for lone surrogates, NUL characters, numbers beyond the precision of others, long texts.
    """
    return _is_carried(value) and len(json.dumps(value, ensure_ascii=False)) <= _LONGEST


def _is_carried(value: object) -> bool:
    if isinstance(value, str):
        return not any(c == "\0" or "\ud800" <= c <= "\udfff" for c in value)
    if isinstance(value, float):
        return isfinite(value)
    if isinstance(value, int):
        return abs(value) <= _LARGEST
    if isinstance(value, Mapping):
        return all(_is_carried(part) for pair in value.items() for part in pair)
    return not isinstance(value, list) or all(_is_carried(item) for item in value)
