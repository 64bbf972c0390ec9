"""Two validators judge every request body alike; what is wrong is told in the vendor's words."""

from collections.abc import Mapping
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from mock_server.core.contract import Contract
from mock_server.core.refusal import Problem
from mock_server.loading.models import request_schema
from mock_server.loading.profiles import load_profile, profile_names
from mock_server.loading.request_check import RequestCheck, place_of
from tests.loading.request_bodies import bodies

Schema = Mapping[str, Any]

load = cache(load_profile)
SCHEMAS = [
    pytest.param(profile, file, id=f"{profile}-{file.removesuffix('.request.json')}")
    for profile in profile_names()
    for file in sorted(load(profile).schemas)
    if file.endswith(".request.json")
]


@cache
def check_of(profile: str, file: str, unknown_fields: str) -> RequestCheck:
    """One request schema of a profile, compiled with the profile's wording."""
    contract: Contract = load(profile)
    schema = request_schema(contract.schemas[file], unknown_fields)
    messages: Any = contract.document["messages"]
    return RequestCheck(schema, {k: text for k, text in messages.items() if k != "source"})


@cache
def reference_of(profile: str, file: str, unknown_fields: str) -> Draft202012Validator:
    return Draft202012Validator(request_schema(load(profile).schemas[file], unknown_fields))


def tell(schema: Schema, body: Any, **messages: str) -> list[tuple[str, str]]:
    """The place and the message of every problem of a body."""
    check = RequestCheck(schema, messages)
    found = check.explain(body)
    assert found == check.explain_by_reference(body)
    return [(place_of(problem.path), problem.message) for problem in found]


@pytest.mark.parametrize(("profile", "file"), SCHEMAS)
@settings(max_examples=30)
@given(data=st.data(), unknown_fields=st.sampled_from(("accept", "reject")))
def test_the_fast_validator_and_the_reference_say_the_same_of_every_body(
    profile: str, file: str, data: st.DataObject, unknown_fields: str
) -> None:
    check = check_of(profile, file, unknown_fields)
    body = data.draw(bodies(load(profile).schemas[file]))
    is_valid = reference_of(profile, file, unknown_fields).is_valid(body)
    assert check.accepts(body) == is_valid
    problems = check.explain(body)
    assert problems == check.explain_by_reference(body)
    assert (problems == ()) == is_valid


@pytest.mark.parametrize(("profile", "file"), SCHEMAS)
@settings(max_examples=10)
@given(data=st.data(), unknown_fields=st.sampled_from(("accept", "reject")))
def test_every_problem_names_its_field_in_words(
    profile: str, file: str, data: st.DataObject, unknown_fields: str
) -> None:
    check = check_of(profile, file, unknown_fields)
    body = data.draw(bodies(load(profile).schemas[file]))
    for problem in check.explain(body):
        assert f"'{place_of(problem.path)}' field" in problem.message
        assert problem.message.endswith(".")
        if isinstance(body, dict):
            assert problem.path
            assert "has a value that is not allowed" not in problem.message
    places = [problem.path for problem in check.explain(body)]
    assert len(set(places)) == len(places)


@pytest.mark.parametrize(("profile", "file"), SCHEMAS)
def test_the_samples_of_a_schema_are_accepted(profile: str, file: str) -> None:
    samples = load(profile).schemas[file]["examples"]
    assert isinstance(samples, list)
    for unknown_fields in ("accept", "reject"):
        check = check_of(profile, file, unknown_fields)
        assert [sample for sample in samples if not check.accepts(sample)] == []


@pytest.mark.parametrize(("profile", "file"), SCHEMAS)
def test_unknown_fields_are_refused_by_name_where_the_profile_says_so(
    profile: str, file: str
) -> None:
    samples = load(profile).schemas[file]["examples"]
    assert isinstance(samples, list)
    body = {**samples[0], "colour": "red", "": 1}
    assert check_of(profile, file, "accept").explain(body) == ()
    found = check_of(profile, file, "reject").explain(body)
    assert {problem.path for problem in found} == {("colour",), ("",)}


KITE: Schema = {
    "type": "object",
    "required": ["b", "a"],
    "properties": {
        "a": {"type": "integer", "minimum": 1},
        "b": {"type": "string", "enum": ["x", "y"]},
        "c": {"type": "array", "items": {"type": "object", "properties": {"url": {"const": 1}}}},
    },
}
WORDS = {
    "required": "${field} is missing.",
    "type": "${field} must be ${expected}.",
    "enum": "${field} must be one of ${expected}.",
    "minimum": "${field} must be from ${expected}.",
}


def test_problems_are_told_in_the_order_of_the_properties() -> None:
    assert tell(KITE, {}, **WORDS) == [("a", "a is missing."), ("b", "b is missing.")]


def test_a_place_is_told_of_once_and_its_type_comes_first() -> None:
    found = tell(KITE, {"a": "1", "b": 5}, **WORDS)
    assert found == [("a", "a must be integer."), ("b", "b must be string.")]


def test_what_is_expected_is_told() -> None:
    found = tell(KITE, {"a": 0, "b": "z"}, **WORDS)
    assert found == [("a", "a must be from 1."), ("b", "b must be one of x, y.")]


def test_a_place_inside_lists_and_objects_is_told_as_callers_write_it() -> None:
    ((place, message),) = tell(KITE, {"a": 1, "b": "x", "c": [{}, {"url": 2}]}, **WORDS)
    assert place == "c[1].url"
    assert message.startswith("The 'c[1].url' field has a value that is not allowed: ")


def test_a_body_that_is_no_object_has_no_field() -> None:
    assert tell(KITE, [], **WORDS) == [("body", "body must be object.")]


def test_the_name_of_an_unknown_field_is_cut() -> None:
    schema = {**KITE, "additionalProperties": False}
    closed = {"additionalProperties": "${field} is not known."}
    ((place, message),) = tell(schema, {"a": 1, "b": "x", "n" * 900: 1}, **WORDS, **closed)
    assert (place, message) == ("n" * 100, "n" * 100 + " is not known.")


def test_the_field_of_a_problem_is_dotted_without_places_in_lists() -> None:
    assert Problem(("c", 1, "url"), "const", "").field == "c.url"
