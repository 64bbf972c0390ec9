"""Every profile obeys the schema of profiles, and the schema lets nothing else pass."""

import copy
import re
from collections.abc import Mapping
from typing import Any

import jsonschema_rs
import pytest
from jsonschema import Draft202012Validator

from tests.schemas.profiles import PROFILES, SCHEMA, SCHEMAS, Profile, every_profile, objects

REFERENCE = Draft202012Validator(SCHEMA)
FAST = jsonschema_rs.Draft202012Validator(SCHEMA)
TAG = re.compile(r"\b(?:GUIDE|REF|OLD|NEW|OBS|INF|RFC \d+|assumption)\b")


def is_accepted(value: object) -> bool:
    """Whether the schema accepts a profile; both validators must agree on it."""
    fast = FAST.is_valid(value)
    assert REFERENCE.is_valid(value) is fast
    return fast


def is_free(path: tuple[str | int, ...], value: Mapping[str, Any]) -> bool:
    """Whether the names in an object are its author's: in a template, and for codes and shapes."""
    in_template = path[:1] == ("envelopes",) or (path[:1] == ("replies",) and len(path) > 1)
    in_template = in_template or path[:2] in (("webhooks", "completed"), ("webhooks", "failed"))
    return path == ("task_errors", "values") or (in_template and "$each" not in value)


@every_profile
def test_every_profile_obeys_the_schema(profile: Profile) -> None:
    problems = [f"{e.json_path}: {e.message}" for e in REFERENCE.iter_errors(profile)]
    assert problems == []
    assert is_accepted(profile)


@every_profile
def test_a_profile_is_called_as_its_folder(profile: Profile) -> None:
    assert PROFILES[profile["name"]] is profile


def test_every_folder_of_schemas_is_a_profile() -> None:
    assert {place.name for place in SCHEMAS.iterdir() if place.is_dir()} == PROFILES.keys()


@every_profile
def test_an_unknown_key_is_refused_in_every_object(profile: Profile) -> None:
    changed = copy.deepcopy(profile)
    let_pass = []
    for path, value in list(objects(changed)):
        if not is_free(path, value):
            value["colour"] = "blue"
            let_pass += [path] if FAST.is_valid(changed) else []
            del value["colour"]
    assert let_pass == []


@every_profile
def test_a_statement_without_a_source_is_refused(profile: Profile) -> None:
    changed = copy.deepcopy(profile)
    let_pass = []
    for path, value in list(objects(changed)):
        if source := value.pop("source", None):
            let_pass += [path] if FAST.is_valid(changed) else []
            value["source"] = source
    assert let_pass == []


@every_profile
def test_every_group_has_a_source(profile: Profile) -> None:
    single = {name: value for name, value in profile.items() if isinstance(value, dict)}
    several = {name: single.pop(name) for name in ("errors", "switches")}
    entries = [entry for group in several.values() for entry in group.values()]
    without = [e for e in (*single.values(), *entries, *profile["routes"]) if not e.get("source")]
    assert without == []


@every_profile
def test_every_source_names_where_a_statement_is_from(profile: Profile) -> None:
    sources = [str(value["source"]) for _, value in objects(profile) if "source" in value]
    assert [source for source in sources if not TAG.search(source)] == []


TOKENS = {"category": "submits", "operations": ["submit"], "kind": "token_bucket", "capacity": 5}
WINDOW = {**TOKENS, "kind": "sliding_window", "window": 60}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("name", "Guide"),
        ("default_model", ""),
        ("routes", []),
        ("routes.0.operation", "list"),
        ("routes.0.path", "v1/images"),
        ("routes.0.content_types", ["text/plain"]),
        ("routes.1.path", "/v1/images/generations/{task}"),
        ("words.queued", "in progress"),
        ("task_id.form", "uuid"),
        ("task_id.form", "ulid"),
        ("task_id.length", 7),
        ("fields.prompt", []),
        ("replies.task.id", None),
        ("replies.task.id", "$ {id}"),
        ("replies.task.$id", "text"),
        ("replies.task.result.data", {"$each": "results"}),
        ("replies.upload", []),
        ("envelopes.string_code", "$message"),
        ("messages.required", "'${name}' is missing."),
        ("errors.rate_limited.status", 200),
        ("errors.rate_limited.message", "Wait ${seconds} seconds."),
        ("errors.rate_limited.source", ""),
        ("errors.rate_limited.operations", ["everywhere"]),
        ("errors.rate_limited.at", {"status": {"message": "No source"}}),
        ("errors.rate_limited.at", {"status": {"source": "assumption: nothing is different"}}),
        ("results.path", "/generated/${unix}.png"),
        ("results.path", "/generated/${hex}_${date}.png"),
        ("results.path", "generated/${hex}.png"),
        ("uploads.path", "/uploads/${account}.png"),
        ("uploads.media_types", ["image/svg+xml"]),
        ("limits.rules", [TOKENS]),
        ("limits.rules", [{**TOKENS, "per_second": 0}]),
        ("limits.rules", [{**WINDOW, "per_second": 1}]),
        ("limits.rules", [{**WINDOW, "kind": "in_flight"}]),
        ("limits.rules", [{**TOKENS, "kind": "monthly_credits"}]),
        ("backoff.steps", []),
        ("webhooks.secret", "secret"),
        ("webhooks.retries", [-1]),
        ("webhooks.headers.id", "X Id"),
        ("webhooks.headers.user_agent", "Mock\r\nX-More: 1"),
        ("webhooks.completed.data.$id", "text"),
        ("switches.unknown_request_fields.value", "ignore"),
        ("switches.top_level_url.value", "on"),
        ("switches.progress_on_failed.value", 101),
        ("switches.duplicate_client_id.value", "first"),
        ("switches.default_model_type.value", "pictures"),
    ],
)
def test_a_wrong_value_is_refused(path: str, value: object) -> None:
    changed = copy.deepcopy(PROFILES["guide"])
    place = changed
    *way, last = (int(part) if part.isdigit() else part for part in path.split("."))
    for part in way:
        place = place[part]
    place[last] = value
    assert not is_accepted(changed)


@pytest.mark.parametrize(
    "rule",
    [
        {**TOKENS, "per_second": 0.5},
        WINDOW,
        {**TOKENS, "kind": "in_flight"},
        {**TOKENS, "kind": "daily_credits"},
    ],
)
def test_each_kind_of_limit_has_numbers_of_its_own(rule: dict[str, Any]) -> None:
    limits = {"rules": [rule], "source": "assumption"}
    assert is_accepted({**PROFILES["guide"], "limits": limits})
