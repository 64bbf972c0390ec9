"""The schema of verifications says what the checks take, and both refuse what means nothing."""

import json
from dataclasses import MISSING, fields
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from mock_server.core.dispatch import NOWHERE, OPERATIONS
from mock_server.core.finding import Verdict
from mock_server.core.verification import CHECKS, read_check
from mock_server.core.verification.check import ExpectationError
from mock_server.core.verification.conditions import CONDITIONS
from mock_server.core.verification.scopes import Scope
from mock_server.loading.folders import schemas_folder
from mock_server.loading.profiles import read_document
from tests.core.verification_cases import EVERY, NEVER_IDLE, Case
from tests.core.verification_samples import judged, poll, submit

SCHEMA = read_document(schemas_folder() / "verification.schema.json")
VALIDATOR = Draft202012Validator(SCHEMA)


def definition(name: str) -> dict[str, Any]:
    found: dict[str, Any] = SCHEMA["$defs"][f"check_{name.replace('-', '_')}"]
    return found


def test_the_schema_knows_exactly_the_checks_that_there_are() -> None:
    assert set(SCHEMA["$defs"]["expectation"]["properties"]["check"]["enum"]) == set(CHECKS)
    named = {name for name in SCHEMA["$defs"] if name.startswith("check_")}
    assert named == {f"check_{name.replace('-', '_')}" for name in CHECKS}


@pytest.mark.parametrize("name", CHECKS)
def test_the_schema_knows_exactly_the_parameters_of_a_check(name: str) -> None:
    assert set(definition(name)["properties"]) == {"check", *CHECKS[name].words()}


@pytest.mark.parametrize("name", sorted(set(CHECKS) - NEVER_IDLE))
def test_the_defaults_in_the_schema_are_those_of_the_check(name: str) -> None:
    for one in fields(CHECKS[name]):  # type: ignore[arg-type]
        told = definition(name)["properties"][one.name]
        told = {**SCHEMA["$defs"].get(told.get("$ref", "").rpartition("/")[2], {}), **told}
        if "default" in told:
            assert one.default is not MISSING
            assert told["default"] == one.default


def test_the_schema_knows_the_conditions_scopes_and_operations_that_there_are() -> None:
    parts = SCHEMA["$defs"]
    assert set(parts["where"]["properties"]) == set(CONDITIONS)
    assert parts["scope"]["enum"] == [scope.value for scope in Scope]
    assert set(parts["operation"]["enum"]) == {*OPERATIONS, NOWHERE}
    assert parts["verdict"]["enum"] == [verdict.value for verdict in Verdict]


@pytest.mark.parametrize(
    "expectation",
    [
        {"check": "count", "equals": 1.0},
        {"check": "count", "where": {"status": [200.0]}, "at_most": 1.0},
        {"check": "count", "where": {"status": 200.0, "body": {"prompt": "a cat"}}},
        {"check": "submit-once", "at_most": 1.0},
        {"check": "retries-bounded", "statuses": [503.0], "at_most": 1.0},
        {"check": "in-flight", "at_most": 1.0},
    ],
)
def test_whole_numbers_may_be_written_with_a_point(expectation: dict[str, Any]) -> None:
    calls = (submit(1, 0, total_wait=1), poll(2, 5), poll(3, 5, status=503))
    verdicts = (Verdict.PASSED, Verdict.FAILED)
    assert VALIDATOR.is_valid({"expectations": [expectation]})
    assert judged(expectation, *calls).verdict in verdicts
    assert read_check(expectation) == read_check(
        json.loads(json.dumps(expectation).replace(".0", ""))
    )


@EVERY
def test_the_cases_obey_the_schema_and_survive_being_written_down(case: Case) -> None:
    assert VALIDATOR.is_valid({"expectations": [case.expectation]})
    again = json.loads(json.dumps(case.expectation))
    assert read_check(again) == read_check(case.expectation)


@pytest.mark.parametrize(
    "expectation",
    [
        {},
        {"check": "none-such"},
        {"check": "count", "equals": -1},
        {"check": "count", "at_least": 1.5},
        {"check": "count", "where": {"colour": "red"}},
        {"check": "count", "where": {"status": "4xy"}},
        {"check": "count", "where": {"path": {"contains": ""}}},
        {"check": "count", "where": {"header": {"two words": "x"}}},
        {"check": "order", "steps": []},
        {"check": "order"},
        {"check": "own-tasks", "at_least": 1},
        {"check": "backoff", "at_least": []},
        {"check": "backoff", "statuses": []},
        {"check": "poll-gaps", "at_least": "2"},
        {"check": "in-flight", "at_most": 0},
        {"check": "in-flight", "per": "planet"},
        {"check": "retry-after", "scope": "world"},
        {"check": "submit-once", "at_most": 0},
    ],
)
def test_the_schema_refuses_what_means_nothing(expectation: dict[str, Any]) -> None:
    assert not VALIDATOR.is_valid({"expectations": [expectation]})


@pytest.mark.parametrize("word", [None, 7, "none-such"])
def test_an_unknown_check_is_refused_with_the_known_ones(word: object) -> None:
    with pytest.raises(ExpectationError, match=r"check: expected one of backoff, count, .*, seen "):
        read_check({"check": word})


@pytest.mark.parametrize(
    ("expectation", "complaint"),
    [
        ({"check": "count", "equals": 2, "at_least": 3}, "at least 3 and at most 2"),
        ({"check": "count", "at_least": 3, "at_most": 2}, "at least 3 and at most 2"),
        ({"check": "count", "where": {"colour": "red"}}, "expected one of status, .*'colour'"),
        ({"check": "count", "equal": 2}, "count: expected one of operation, .*, seen 'equal'"),
        ({"check": "own-tasks", "x": 2}, "own-tasks: expected no parameters, seen 'x'"),
        ({"check": "order"}, "expected at least one step"),
        ({"check": "order", "steps": []}, "expected at least one step"),
        ({"check": "order", "steps": [{"status": 200}]}, "expected operation or where"),
        ({"check": "in-flight", "per": "planet"}, "expected per task or session, seen 'planet'"),
        ({"check": "retry-after", "scope": "world"}, "expected scope to be one of .*'world'"),
        ({"check": "stop-after", "scope": "world"}, "expected scope to be one of .*'world'"),
    ],
)
def test_parameters_that_contradict_each_other_are_refused(
    expectation: dict[str, Any], complaint: str
) -> None:
    with pytest.raises(ExpectationError, match=complaint):
        read_check(expectation)
