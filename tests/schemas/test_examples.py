"""Each schema of each profile is sound and sourced, and classifies its examples as they state."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.schemas.sweep import (
    DIALECT,
    Schema,
    claimed_twice,
    example_files,
    misdescribed,
    misjudged,
    name,
    profiles,
    schema_files,
    unproven,
    unsound,
    unsourced,
)

ALL_SCHEMAS = [
    pytest.param(path, id=name(path)) for profile in profiles() for path in schema_files(profile)
]
ALL_PROFILES = [pytest.param(profile, id=profile.name) for profile in profiles()]


@pytest.mark.parametrize("profile", ALL_PROFILES)
def test_both_validators_classify_every_example_as_it_states(profile: Path) -> None:
    assert [fault for path in example_files(profile) for fault in misjudged(path)] == []


@pytest.mark.parametrize("profile", ALL_PROFILES)
def test_every_schema_has_a_good_and_a_bad_example(profile: Path) -> None:
    assert list(unproven(profile)) == []


@pytest.mark.parametrize("path", ALL_SCHEMAS)
def test_every_schema_is_a_valid_2020_12_schema_with_its_own_id(path: Path) -> None:
    assert list(unsound(path)) == []


@pytest.mark.parametrize("path", ALL_SCHEMAS)
def test_every_property_says_what_it_is_and_where_that_is_from(path: Path) -> None:
    assert list(unsourced(path)) == []


@pytest.mark.parametrize("profile", ALL_PROFILES)
def test_every_request_schema_describes_the_models_that_it_accepts(profile: Path) -> None:
    assert [f for path in profile.glob("*.request.json") for f in misdescribed(path)] == []


@pytest.mark.parametrize("profile", ALL_PROFILES)
def test_every_model_has_one_request_schema(profile: Path) -> None:
    assert list(claimed_twice(profile)) == []


def test_every_profile_has_the_same_replies() -> None:
    common = {f"{kind}.reply.json" for kind in ("task", "error", "upload", "balance", "models")}
    seen = {profile.name: {path.name for path in schema_files(profile)} for profile in profiles()}
    assert seen
    assert {profile: common - names for profile, names in seen.items() if common - names} == {}


# The proof that the sweep can fail: one fault at a time in a sound profile.

KITE: dict[str, Any] = {
    "$schema": DIALECT,
    "$id": "toy/kite.request.json",
    "title": "Kite",
    "description": "A kite.",
    "x-model": {
        "ids": ["kite"],
        "media_type": "image/png",
        "aspect": {"field": "size", "default": "1:1"},
        "resolution": {"default": "1k", "long_side": {"1k": 1024}},
        "endpoint_types": ["image-generation"],
        "source": "assumption: made up",
    },
    "type": "object",
    "required": ["model"],
    "properties": {
        "model": {"const": "kite", "description": "The model.", "$comment": "assumption"},
        "size": {"enum": ["1:1"], "description": "The ratio.", "$comment": "assumption"},
    },
    "examples": [{"model": "kite"}],
}
GOOD = {
    "why": "w",
    "source": "s",
    "schema": "kite.request.json",
    "valid": True,
    "value": {"model": "kite"},
}
BAD = {**GOOD, "valid": False, "value": {}}


def everything(profile: Path) -> list[str]:
    """All complaints about one profile; a schema that is none is not asked anything further."""
    paths = schema_files(profile)
    if broken := [fault for path in paths for fault in unsound(path)]:
        return broken
    by_profile = [*unproven(profile), *claimed_twice(profile)]
    by_example = [fault for path in example_files(profile) for fault in misjudged(path)]
    by_schema = [f for path in paths for ask in (unsourced, misdescribed) for f in ask(path)]
    return by_profile + by_example + by_schema


@pytest.fixture
def toy(tmp_path: Path) -> Callable[..., Path]:
    """``toy(schema, *examples)``: a profile made of these and of nothing else."""

    def make(schema: Schema, *examples: object) -> Path:
        (tmp_path / "toy" / "examples").mkdir(parents=True)
        (tmp_path / "toy" / "kite.request.json").write_text(json.dumps(schema), "utf-8")
        for number, example in enumerate(examples):
            path = tmp_path / "toy" / "examples" / f"example-{number}.json"
            path.write_text(json.dumps(example), "utf-8")
        return tmp_path / "toy"

    return make


def test_a_sound_profile_draws_no_complaint(toy: Callable[..., Path]) -> None:
    assert everything(toy(KITE, GOOD, BAD)) == []


@pytest.mark.parametrize(
    ("example", "complaint"),
    [
        ({**GOOD, "valid": False}, "stated invalid, jsonschema finds []"),
        ({**BAD, "valid": True}, "stated valid, jsonschema_rs finds"),
        ({**GOOD, "why": ""}, "expected why to be a filled str"),
        ({**GOOD, "valid": "yes"}, "expected valid to be a filled bool"),
        ({**GOOD, "note": "more"}, "expected the keys"),
        ({**GOOD, "schema": "dove.request.json"}, "no schema 'dove.request.json'"),
    ],
)
def test_a_wrong_example_is_reported(
    toy: Callable[..., Path], example: object, complaint: str
) -> None:
    faults = everything(toy(KITE, GOOD, BAD, example))
    assert any("toy/examples/example-2.json" in fault and complaint in fault for fault in faults)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"$id": "kite.request.json"}, "$id toy/kite.request.json"),
        ({"title": ""}, "no title"),
        ({"type": "thing"}, "refuses the schema"),
        ({"additionalProperties": False}, "additionalProperties is for loading to add"),
        ({"examples": [{}]}, "its own sample {} is not valid"),
        ({"x-model": {**KITE["x-model"], "ids": ["kite", "kite"]}}, "has 2 request schemas"),
        ({"x-model": {**KITE["x-model"], "ids": ["dove"]}}, "are not the accepted ['kite']"),
    ],
)
def test_a_wrong_schema_is_reported(
    toy: Callable[..., Path], change: dict[str, Any], complaint: str
) -> None:
    assert any(complaint in fault for fault in everything(toy({**KITE, **change}, GOOD, BAD)))


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"$comment": "well known"}, "expected a $comment that names a source"),
        ({"description": ""}, "no description"),
        ({"default": "7:7"}, "its own sample '7:7' is not valid"),
        ({"enum": ["1:1", "wide"]}, "a size of no known form"),
    ],
)
def test_a_wrong_property_is_reported(
    toy: Callable[..., Path], change: dict[str, Any], complaint: str
) -> None:
    size = {**KITE["properties"]["size"], **change}
    schema = {**KITE, "properties": {**KITE["properties"], "size": size}}
    assert any(complaint in fault for fault in everything(toy(schema, GOOD, BAD)))


@pytest.mark.parametrize(("example", "word"), [(GOOD, "bad"), (BAD, "good")])
def test_a_schema_without_an_example_of_each_kind_is_reported(
    toy: Callable[..., Path], example: object, word: str
) -> None:
    assert everything(toy(KITE, example)) == [f"toy/kite.request.json: no {word} example"]
