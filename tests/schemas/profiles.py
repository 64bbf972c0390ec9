"""The profiles as their tests read them, and walks through them."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from mock_server.core.dispatch import NOWHERE, OPERATIONS
from mock_server.core.reading import read_json

ROOT = Path(__file__).resolve().parents[2]
SCHEMAS = ROOT / "schemas"

Profile = dict[str, Any]


def read(place: Path) -> Any:
    # Strict, as the server reads it: a name that occurs twice in an object is an error.
    return read_json(place.read_bytes(), 64)


def beside(profile: Profile, pattern: str) -> list[Any]:
    """The content of the files of that name pattern in the folder of a profile."""
    return [read(place) for place in sorted((SCHEMAS / profile["name"]).glob(pattern))]


SCHEMA = read(SCHEMAS / "profile.schema.json")
PROFILES = {place.parent.name: read(place) for place in sorted(SCHEMAS.glob("*/profile.json"))}
every_profile = pytest.mark.parametrize("profile", PROFILES.values(), ids=PROFILES)


def objects(
    value: Any, path: tuple[str | int, ...] = ()
) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """Every object in a JSON value, with the path to it."""
    if isinstance(value, dict):
        yield path, value
    for key, part in value.items() if isinstance(value, dict) else enumerate(value):
        if isinstance(part, (dict, list)):
            yield from objects(part, (*path, key))


def errors(profile: Profile) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Every error as each of its operations words it: reason, operation, entry."""
    for reason, error in profile["errors"].items():
        for operation in error["operations"] or (*OPERATIONS, NOWHERE):
            yield reason, operation, {**error, **error.get("at", {}).get(operation, {})}
