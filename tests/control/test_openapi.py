"""The control plane keeps what its own OpenAPI document says of it, whatever is sent."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)

from mock_server import start
from mock_server.control import Control
from mock_server.edge.control.openapi import openapi
from mock_server.edge.control.schema import definitions
from mock_server.edge.control.table import ACTIONS
from mock_server.edge.runner import Running
from tests.control.callers import accepted

# Its answer has no end.
ENDLESS = {action.name for action in ACTIONS if action.endless}
NAMES = [action.name for action in ACTIONS if action.name not in ENDLESS]
WITH_INPUT = [a.name for a in ACTIONS if (a.body or a.query) and a.name not in ENDLESS]
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


@pytest.fixture(scope="module")
def fuzzed() -> Iterator[Running]:
    """A mock that nobody else uses, with a session and a task in it."""
    with start() as running:
        yield running


def document() -> dict[str, Any]:
    return openapi(ACTIONS, "http://127.0.0.1:8080")


def test_the_document_is_valid_openapi() -> None:
    OpenAPIV31SpecValidator(document()).validate()


def test_the_document_is_served_and_names_the_server(control: Control, mock: Running) -> None:
    served = control.openapi()
    assert served["servers"] == [{"url": f"{mock.url}/_mock"}]
    assert served == openapi(ACTIONS, mock.url)


def test_every_action_has_a_name_and_a_path_of_its_own() -> None:
    assert len({action.name for action in ACTIONS}) == len(ACTIONS)
    assert len({(action.method, action.path) for action in ACTIONS}) == len(ACTIONS)


@pytest.mark.parametrize("name", sorted(definitions()))
def test_every_definition_is_a_valid_schema(name: str) -> None:
    Draft202012Validator.check_schema(definitions()[name])


def test_every_definition_is_used() -> None:
    text = repr(document()["paths"]) + repr(definitions())
    named = {name for action in ACTIONS for name in (action.body, action.query, action.reply)}
    others = [name for name in definitions() if name not in named and f"/{name}'" not in text]
    assert others == ["no_query"]


def test_every_parameter_tells_what_it_is() -> None:
    for path in document()["paths"].values():
        for operation in path.values():
            for parameter in operation["parameters"]:
                assert parameter["in"] == "path" or parameter["description"]


@pytest.mark.proof
@pytest.mark.parametrize("name", NAMES)
def test_what_is_right_is_answered_as_described(
    fuzzed: Running, proof_size: Callable[[int, int], int], name: str
) -> None:
    play(fuzzed, name, GenerationMode.POSITIVE, proof_size(4, 100), CHECKS)


@pytest.mark.proof
@pytest.mark.parametrize("name", WITH_INPUT)
def test_what_is_wrong_is_refused_as_described(
    fuzzed: Running, proof_size: Callable[[int, int], int], name: str
) -> None:
    checks = [*CHECKS, negative_data_rejection]
    play(fuzzed, name, GenerationMode.NEGATIVE, proof_size(4, 100), checks)


def play(mock: Running, name: str, mode: GenerationMode, examples: int, checks: list[Any]) -> None:
    """Call an action again and again and hold each answer against the document."""
    with Control(mock.url) as control:
        if "fuzzed" in {facts.name for facts in control.sessions()}:
            control.session("fuzzed").delete()
        task = accepted(control.create(name="fuzzed"))
        served = schemathesis.openapi.from_dict(control.openapi())
    operation = served.find_operation_by_id(name)
    known = {"session": "fuzzed", "task": task, "number": "1"}
    path = {key: value for key, value in known.items() if f"{{{key}}}" in operation.path}

    @settings(max_examples=examples, suppress_health_check=list(HealthCheck), database=None)
    @given(case=operation.as_strategy(mode, path_parameters=path or None))
    def check(case: Case[Any]) -> None:
        if isinstance(case.body, dict) and "within" in case.body:
            within = case.body["within"]
            if isinstance(within, int | float) and 0 <= within <= 300:
                # Nobody wants to wait for what may come.
                case.body["within"] = 0
        case.validate_response(case.call(base_url=f"{mock.url}/_mock"), checks=checks)

    check()
