"""Holding data files against what they must be, without serving from them."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs

from mock_server.core.contract import Contract
from mock_server.loading.data_error import DataError, Fault, nearest
from mock_server.loading.folders import scenarios_folder, schemas_folder
from mock_server.loading.json_documents import json_document, with_lines
from mock_server.loading.model_note import check_model_note
from mock_server.loading.profiles import load_profile, profile_names, read_document
from mock_server.loading.scenarios import load_scenario, profile_of
from mock_server.loading.schema_check import SchemaCheck
from mock_server.loading.schema_files import check_schema

KINDS = (
    "profile.json, a schema (*.schema.json, *.request.json, *.reply.json, *.fragment.json),"
    " an example (*.json in a folder named examples) or a scenario (*.yaml)"
)
_SCHEMA_ENDINGS = (".schema.json", ".request.json", ".reply.json", ".fragment.json")
_YAML_ENDINGS = (".yaml", ".yml")
# What holds where a scenario names no profile: the profile that `safelight serve` takes, too.
_USUAL_PROFILE = "guide"

_TEXT = {"type": "string", "minLength": 1}
_EXAMPLE = {
    "type": "object",
    "properties": {
        "why": _TEXT,
        "source": _TEXT,
        "schema": {"type": "string", "pattern": "^[^/#]+[.]json(#/.*)?$"},
        "valid": {"type": "boolean"},
        "value": {},
    },
    "required": ["why", "source", "schema", "valid", "value"],
    "additionalProperties": False,
}


@dataclass(frozen=True, slots=True)
class Report:
    """How many files were looked at, and one line for each place in them that is wrong.

    A line names the file (and the line in it, where that can be told), the place as a JSON path,
    what was expected, what was seen and the known name that is most like it.
    """

    checked: int
    lines: list[str]


def validate_all() -> Report:
    """Check all data files that come with the mock."""
    return validate_files([schemas_folder(), scenarios_folder()])


def validate_files(paths: Iterable[Path]) -> Report:
    """Check these files, and of a folder every JSON and YAML file in it."""
    files = list(dict.fromkeys(file for path in paths for file in _files(path)))
    lines = [line for file in files for line in _lines(file)]
    # A fault of a profile's schema shows in the profile, too, under the schema's name.
    return Report(len(files), list(dict.fromkeys(lines)))


def _files(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    endings = (".json", *_YAML_ENDINGS)
    yield from sorted(file for file in path.rglob("*") if file.suffix in endings)


def _lines(file: Path) -> list[str]:
    try:
        _check_of(file)(file)
    except DataError as error:
        return with_lines(error).lines()
    return []


def _check_of(file: Path) -> Callable[[Path], object]:
    """What to do with a file, told by its name and its folder; raises :class:`DataError`."""
    if not file.is_file():
        there = [one.name for one in file.parent.glob("*")] if file.parent.is_dir() else []
        raise DataError(file, [Fault("$", "a file", "none", nearest(file.name, there))])
    if file.suffix in _YAML_ENDINGS:
        return _check_scenario
    if file.name == "profile.json":
        return _check_profile
    if file.name.endswith(_SCHEMA_ENDINGS):
        return _check_schema
    if file.suffix == ".json" and file.absolute().parent.name == "examples":
        return _check_example
    stem = file.name.partition(".")[0]
    names = [f"{stem}{end}" for end in _SCHEMA_ENDINGS] if file.suffix == ".json" else []
    close = nearest(file.name, ["profile.json", *names])
    raise DataError(file, [Fault("$", KINDS, repr(file.name), close)])


def _check_profile(file: Path) -> None:
    json_document(file)
    # The slash tells a folder from the name of a profile that comes with the mock.
    load_profile(f"{file.parent}/")


def _check_schema(file: Path) -> None:
    json_document(file)
    schema = read_document(file)
    check_schema(schema, file)
    if file.name.endswith(".request.json"):
        check_model_note(schema, file)


def _check_example(file: Path) -> None:
    # Not read as strictly as the others: it may hold what no request body may.
    example = json_document(file)
    _example_check().check(example, file)
    name, _, pointer = example["schema"].partition("#")
    place = file.absolute().parents[1] / name
    if not place.is_file():
        names = sorted(one.name for one in place.parent.glob("*.json"))
        fault = Fault("$.schema", "a file beside the examples", repr(name), nearest(name, names))
        raise DataError(file, [fault])
    schema, value = _part(place, pointer, file), example["value"]
    if example["valid"]:
        _check_value(schema, value, file)
    elif schema.accepts(value):
        raise DataError(file, [Fault("$.valid", f"true, for {name} accepts the value", "false")])


def _check_value(schema: SchemaCheck, value: object, file: Path) -> None:
    try:
        schema.check(value, file)
    except DataError as error:
        placed = [replace(fault, path=f"$.value{fault.path[1:]}") for fault in error.faults]
        raise DataError(file, placed) from None


@cache
def _example_check() -> SchemaCheck:
    return SchemaCheck(_EXAMPLE)


def _part(place: Path, pointer: str, example: Path) -> SchemaCheck:
    """The schema in a file, or what a JSON pointer leads to in it."""
    changed = place.stat().st_mtime_ns
    schema = _schema(place, changed)
    known = [f"/$defs/{name}" for name in schema.get("$defs", {})]
    if pointer and pointer not in known:
        expected = f"one of {', '.join(known)}" if known else "no pointer"
        fault = Fault("$.schema", expected, repr(pointer), nearest(pointer, known))
        raise DataError(example, [fault])
    return _compiled(place, changed, pointer)


@cache
def _schema(place: Path, changed: int) -> dict[str, Any]:
    return json_document(place)


@cache
def _compiled(place: Path, changed: int, pointer: str) -> SchemaCheck:
    schema = _schema(place, changed)
    try:
        return SchemaCheck({"$ref": f"#{pointer}", "$defs": schema["$defs"]} if pointer else schema)
    except jsonschema_rs.ValidationError:
        check_schema(schema, place)
        raise


def _check_scenario(file: Path) -> None:
    profile = profile_of(str(file)) or _USUAL_PROFILE
    names = profile_names()
    if profile not in names:
        fault = Fault("$.profile", f"one of {', '.join(names)}", repr(profile))
        raise DataError(file, [replace(fault, nearest=nearest(profile, names))])
    load_scenario(str(file), _contract(profile))


@cache
def _contract(profile: str) -> Contract:
    return load_profile(profile)
