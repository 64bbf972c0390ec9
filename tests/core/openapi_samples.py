"""Profiles as OpenAPI documents, for the tests of their parts."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from mock_server.core.contract import Contract
from mock_server.core.openapi import Examples, openapi
from mock_server.loading.profiles import load_examples, load_profile

Json = dict[str, Any]
SERVER = "http://127.0.0.1:8080/s/a"
SUBMIT = "/v1/images/generations"
STATUS = "/v1/images/generations/{id}"


@cache
def profile(name: str) -> Contract:
    return load_profile(name)


@cache
def samples(name: str) -> Examples:
    return load_examples(name)


def document(name: str) -> Json:
    return openapi(profile(name), samples(name), SERVER)


def of(contract: Contract, examples: Examples | None = None) -> Json:
    return openapi(contract, examples or {}, SERVER)


def operations(found: Json) -> Iterator[Json]:
    for path in found["paths"].values():
        yield from path.values()


def nodes(value: Any) -> Iterator[Json]:
    """Every object inside a JSON value."""
    if isinstance(value, dict):
        yield value
    for inner in value.values() if isinstance(value, dict) else value:
        if isinstance(inner, (dict, list)):
            yield from nodes(inner)


def resolved(found: Json, reference: str) -> Any:
    value: Any = found
    for step in reference.removeprefix("#/").split("/"):
        value = value[step.replace("~1", "/").replace("~0", "~")]
    return value
