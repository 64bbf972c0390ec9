"""What the profiles say fits the engine that speaks it and the schemas of the replies."""

import ast
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from mock_server.core.contract import IdForm
from mock_server.core.dispatch import NOWHERE, OPERATIONS
from mock_server.core.ids import make_id
from mock_server.core.routes import Route, Routes
from mock_server.core.template import compile_template, placeholders
from tests.schemas.profiles import (
    PROFILES,
    ROOT,
    SCHEMA,
    Profile,
    beside,
    errors,
    every_profile,
    objects,
)

# What a reply's template may show: the facts that the engine fills in, and those of list entries.
REPLY_FACTS = {
    "task": "id client_id model status progress created_at completed_at expires_at url results"
    " error_code error_message metadata",
    "upload": "id url mime_type size",
    "balance": "remain_balance used_balance remain_credits used_credits credits_per_usd",
    "models": "models",
}
ITEM_FACTS = {"results": "url", "models": "id owned_by endpoint_types"}
# What every error knows, and what a reason adds to it wherever it is raised.
ERROR_FACTS = {"code", "type", "method", "path", "request_id"}
REASON_FACTS = {
    "invalid_request": {"detail"},
    "invalid_body": {"detail"},
    "invalid_upload": {"detail"},
    "wrong_content_type": {"seen", "allowed"},
    "unknown_model": {"model"},
    "wrong_endpoint": {"model"},
    "insufficient_credit": {"price"},
    "task_not_found": {"id"},
}
ENVELOPE_FACTS = {*ERROR_FACTS, "param", "message"}
PATH_FACTS = {
    "results": {"unix": 1768381061, "hex": "c55c1bbb", "extension": "png", "task_id": "tsk_1"},
    "uploads": {"unix": 1768381061, "name": "abc12345", "extension": "png", "account": "123"},
}
SAMPLES = {
    "detail": "The 'prompt' field is required.",
    "seen": "text/plain",
    "allowed": "application/json",
    "model": "gpt-5-image",
    "price": 10.0,
    "id": "task_1",
    "method": "POST",
    "path": "/v1/v1/images/generations",
    "request_id": "20261122",
}


URL = "http://127.0.0.1:8080/generated/1768381061_c55c1bbb.png?signature=c55c"
DONE = {
    "completed_at": 1768381063,
    "expires_at": 1768467463,
    "url": URL,
    "results": [{"url": URL}, {"url": URL}],
}


def new_id(form: dict[str, Any]) -> str:
    made = IdForm(form["prefix"], form["form"], form["length"])
    return make_id(made, 7, "default", 1, 1768381010.5)


def used(template: Any, scope: str = "") -> set[tuple[str, str]]:
    """The facts that a template shows, each with the list whose entries it belongs to."""
    if isinstance(template, dict) and "$each" in template:
        return {(scope, template["$each"])} | used(template["item"], template["$each"])
    parts = template.values() if isinstance(template, dict) else template
    if isinstance(template, (dict, list)):
        return set().union(*(used(part, scope) for part in parts))
    return {(scope, fact) for fact in placeholders(template)}


def refusals() -> Iterator[tuple[str, set[str]]]:
    """Every reason that the engine raises by name, with the facts that it gives there."""
    for file in sorted((ROOT / "mock_server" / "core").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            match node:
                case ast.Call(ast.Name("Refusal"), [ast.Constant(str(reason)), ast.Dict(keys), *_]):
                    yield reason, {str(key.value) for key in keys if isinstance(key, ast.Constant)}
                case ast.Call(ast.Name("Refusal"), [ast.Constant(str(reason)), *_]):
                    yield reason, set()


def test_the_schema_demands_exactly_the_reasons_that_the_engine_raises() -> None:
    assert set(SCHEMA["properties"]["errors"]["required"]) == {reason for reason, _ in refusals()}


@every_profile
def test_every_reason_that_the_engine_raises_is_in_the_catalogue(profile: Profile) -> None:
    assert {reason for reason, _ in refusals()} <= profile["errors"].keys()


def test_every_profile_knows_the_same_reasons() -> None:
    assert {frozenset(profile["errors"]) for profile in PROFILES.values()} == {
        frozenset(SCHEMA["properties"]["errors"]["properties"])
    }


def test_the_facts_of_a_reason_are_given_wherever_it_is_raised() -> None:
    given = list(refusals())
    assert [(r, facts) for r, facts in given if not REASON_FACTS.get(r, set()) <= facts] == []
    assert REASON_FACTS.keys() <= {reason for reason, _ in given}


@every_profile
def test_an_error_shows_only_facts_that_the_engine_has(profile: Profile) -> None:
    for reason, operation, error in errors(profile):
        known = ERROR_FACTS | REASON_FACTS.get(reason, set())
        assert placeholders(error["message"]) <= known, (reason, operation)
    envelopes = {name: shape for name, shape in profile["envelopes"].items() if name != "source"}
    assert {fact for _, fact in used(envelopes)} <= ENVELOPE_FACTS


@every_profile
def test_a_reply_shows_only_facts_that_the_engine_has(profile: Profile) -> None:
    items = {(name, fact) for name, facts in ITEM_FACTS.items() for fact in facts.split()}
    for reply, facts in REPLY_FACTS.items():
        assert used(profile["replies"][reply]) <= {("", fact) for fact in facts.split()} | items


@pytest.mark.parametrize(
    ("word", "facts"),
    [
        ("accepted", {"progress": 0, "metadata": {}}),
        ("queued", {"progress": 0}),
        ("running", {"progress": 50}),
        ("succeeded", {"progress": 100, **DONE}),
        ("failed", {"progress": 0, "error_code": "generation_failed", "error_message": "No."}),
    ],
)
@every_profile
def test_a_task_obeys_its_schema_in_every_phase(
    profile: Profile, word: str, facts: dict[str, Any]
) -> None:
    task = {"id": new_id(profile["task_id"]), "model": "gpt-4o-image", "client_id": "order_1"}
    shown = {**task, "created_at": 1768381010, "status": profile["words"][word], **facts}
    body = compile_template(profile["replies"]["task"])(shown)
    schema = Draft202012Validator(beside(profile, "task.reply.json")[0])
    assert [error.message for error in schema.iter_errors(body)] == []


@pytest.mark.parametrize(
    ("reply", "facts"),
    [
        ("upload", {"url": URL, "mime_type": "image/png", "size": 89234}),
        ("balance", dict.fromkeys(REPLY_FACTS["balance"].split(), 10.5)),
        ("models", {"models": [{"id": "m", "owned_by": "custom", "endpoint_types": ["image"]}]}),
        ("models", {"models": []}),
    ],
)
@every_profile
def test_the_other_replies_obey_their_schemas(
    profile: Profile, reply: str, facts: dict[str, Any]
) -> None:
    fill = compile_template(profile["replies"][reply])
    body = fill({"id": new_id(profile["upload_id"]), **facts})
    schema = Draft202012Validator(beside(profile, f"{reply}.reply.json")[0])
    assert [error.message for error in schema.iter_errors(body)] == []


@every_profile
def test_every_error_body_obeys_the_schema_of_errors(profile: Profile) -> None:
    document = beside(profile, "error.reply.json")[0]
    assert set(profile["envelopes"]) - {"source"} == document["$defs"].keys()
    schema = Draft202012Validator(document)
    for reason, operation, error in errors(profile):
        facts = {**SAMPLES, "code": error.get("code"), "type": error.get("type")}
        facts["message"] = compile_template(error["message"])(facts)
        fill = compile_template(profile["envelopes"][error["envelope"]])
        for param in (None, "prompt"):
            body = fill({**facts, "param": param})
            assert [e.message for e in schema.iter_errors(body)] == [], (reason, operation, body)


@every_profile
def test_every_shape_of_errors_is_used(profile: Profile) -> None:
    named = {error["envelope"] for _, _, error in errors(profile)}
    assert named == set(profile["envelopes"]) - {"source"}


@every_profile
def test_what_an_operation_says_differently_is_of_an_operation_of_the_error(
    profile: Profile,
) -> None:
    for error in profile["errors"].values():
        assert error.get("at", {}).keys() <= set(error["operations"] or OPERATIONS)


@every_profile
def test_a_submit_and_a_poll_can_be_answered_with_400_401_and_429(profile: Profile) -> None:
    # These are the errors that the guide's policy for clients is about.
    statuses = {(operation, error["status"]) for _, operation, error in errors(profile)}
    assert {(o, s) for o in ("submit", "status") for s in (400, 401, 429)} <= statuses


@every_profile
def test_the_error_that_stands_for_a_status_makes_sense_without_a_request(profile: Profile) -> None:
    # A fault that names a status only gets the first error with it, and has no facts but a detail.
    first: dict[tuple[str, int], str] = {}
    for _, operation, error in errors(profile):
        first.setdefault((operation, error["status"]), error["message"])
    for (operation, _), message in first.items():
        if operation != "text":
            assert placeholders(message) <= {*ERROR_FACTS, "detail"}


@every_profile
def test_the_status_words_are_those_of_the_task_schema(profile: Profile) -> None:
    words = {word for name, word in profile["words"].items() if name != "source"}
    assert words == set(beside(profile, "task.reply.json")[0]["properties"]["status"]["enum"])


@every_profile
def test_every_operation_is_one_that_the_engine_has(profile: Profile) -> None:
    assert {route["operation"] for route in profile["routes"]} <= OPERATIONS.keys()
    assert {operation for _, operation, _ in errors(profile)} <= {*OPERATIONS, NOWHERE}


def test_the_schema_knows_the_operations_of_the_engine() -> None:
    known = SCHEMA["$defs"]["error"]["properties"]["operations"]["items"]["enum"]
    assert set(SCHEMA["$defs"]["operation"]["enum"]) == OPERATIONS.keys()
    assert set(known) == {*OPERATIONS, NOWHERE}


@every_profile
def test_no_two_routes_are_the_same(profile: Profile) -> None:
    places = [(route["method"], route["path"]) for route in profile["routes"]]
    assert len(places) == len(set(places))


@pytest.mark.parametrize(
    ("group", "operation"), [("results", "result"), ("uploads", "uploaded_file")]
)
@every_profile
def test_the_server_has_a_route_for_the_files_that_it_names(
    profile: Profile, group: str, operation: str
) -> None:
    path = profile[group]["path"]
    assert placeholders(path) <= PATH_FACTS[group].keys()
    routes = Routes(Route(r["operation"], r["method"], r["path"]) for r in profile["routes"])
    found = routes.find("GET", str(compile_template(path)(PATH_FACTS[group])))
    assert found is not None
    assert found.route.operation == operation


@every_profile
def test_every_keyword_of_the_request_schemas_has_a_message(profile: Profile) -> None:
    keywords = set(SCHEMA["properties"]["messages"]["properties"]) - {"source"}
    schemas = beside(profile, "*.request.json")
    in_use = {key for schema in schemas for _, value in objects(schema) for key in value}
    assert in_use & keywords <= profile["messages"].keys()


@every_profile
def test_the_default_model_has_a_request_schema(profile: Profile) -> None:
    models = [schema["x-model"]["ids"] for schema in beside(profile, "*.request.json")]
    assert profile["default_model"] in {model for ids in models for model in ids}


@every_profile
def test_the_numbers_of_the_advice_rise(profile: Profile) -> None:
    polling, backoff = profile["polling"], profile["backoff"]
    waits = [polling[name] for name in ("floor", "interval", "ceiling", "max_wait")]
    assert waits == sorted(waits)
    assert [*backoff["steps"], backoff["cap"]] == sorted([*backoff["steps"], backoff["cap"]])
    assert backoff["retries_at_least"] <= backoff["retries_at_most"]
