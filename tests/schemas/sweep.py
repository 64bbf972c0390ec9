"""What is asked of the files in schemas/: each question yields one sentence for each fault."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import jsonschema
import jsonschema_rs

SCHEMAS = Path(__file__).resolve().parents[2] / "schemas"
DIALECT = "https://json-schema.org/draft/2020-12/schema"
SOURCE = re.compile(r"(GUIDE|REF|OLD|NEW|OBS|INF|assumption)\b")
EXAMPLE_KEYS = {"why": str, "source": str, "schema": str, "valid": bool, "value": object}
MODEL_KEYS = {"ids", "media_type", "aspect", "resolution", "endpoint_types", "source"}
RATIO_OR_PIXELS = re.compile(r"[1-9][0-9]*(:|x)[1-9][0-9]*")

Schema = Mapping[str, Any]
# Where a value fails, and the keyword that it fails.
Place = tuple[tuple[str | int, ...], str]


def profiles() -> list[Path]:
    return sorted(path for path in SCHEMAS.iterdir() if path.is_dir())


def schema_files(profile: Path) -> list[Path]:
    kinds = ("*.request.json", "*.reply.json", "*.fragment.json")
    return sorted(path for kind in kinds for path in profile.glob(kind))


def example_files(profile: Path) -> list[Path]:
    return sorted((profile / "examples").glob("*.json"))


def name(path: Path) -> str:
    return path.relative_to(path.parents[2 if path.parent.name == "examples" else 1]).as_posix()


def read(path: Path) -> Any:
    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        double = [key for key, count in Counter(key for key, _ in pairs).items() if count > 1]
        assert not double, f"{name(path)}: the key {double[0]!r} occurs twice"
        return dict(pairs)

    return json.loads(path.read_text("utf-8"), object_pairs_hook=once)


def failures(schema: Schema, value: object) -> dict[str, set[Place]]:
    """Where and how each of the two validators finds ``value`` at fault; empty if it is valid."""
    reference = jsonschema.Draft202012Validator(schema).iter_errors(value)
    fast = jsonschema_rs.Draft202012Validator(dict(schema)).iter_errors(value)
    return {
        "jsonschema": {(tuple(e.absolute_path), str(e.validator)) for e in reference},
        "jsonschema_rs": {(tuple(e.instance_path), str(e.schema_path[-1])) for e in fast},
    }


def named(schema: Schema, pointer: str) -> Schema:
    """The schema, or the part of it that ``/$defs/name`` points to."""
    if not pointer:
        return schema
    return {"$schema": DIALECT, "$ref": f"#{pointer}", "$defs": schema["$defs"]}


def misjudged(path: Path) -> Iterator[str]:
    """What is wrong with one example, or with how it is classified."""
    example = read(path)
    if example.keys() != EXAMPLE_KEYS.keys():
        yield f"{name(path)}: expected the keys {sorted(EXAMPLE_KEYS)}, saw {sorted(example)}"
        return
    for key, kind in EXAMPLE_KEYS.items():
        if not isinstance(example[key], kind) or (key != "value" and example[key] == ""):
            yield f"{name(path)}: expected {key} to be a filled {kind.__name__}"
            return
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", path.stem):
        yield f"{name(path)}: expected a name of small letters, digits and hyphens"
    file, _, pointer = example["schema"].partition("#")
    if file not in {schema.name for schema in schema_files(path.parents[1])}:
        yield f"{name(path)}: no schema {file!r} in this profile"
        return
    found = failures(named(read(path.parents[1] / file), pointer), example["value"])
    for library, places in found.items():
        if example["valid"] is bool(places):
            stated = "valid" if example["valid"] else "invalid"
            yield f"{name(path)}: stated {stated}, {library} finds {sorted(map(str, places))}"
    if found["jsonschema"] != found["jsonschema_rs"]:
        yield f"{name(path)}: the validators differ: {found}"


def unproven(profile: Path) -> Iterator[str]:
    """Schemas, and forms of an error, without a good or without a bad example."""
    proofs = {(e["schema"], e["valid"]) for e in map(read, example_files(profile))}
    files = {(schema.partition("#")[0], valid) for schema, valid in proofs}
    for path in schema_files(profile):
        for valid, word in ((True, "good"), (False, "bad")):
            if (path.name, valid) not in files:
                yield f"{name(path)}: no {word} example"
        if path.name == "error.reply.json":
            forms = (f"{path.name}#/$defs/{form}" for form in read(path)["$defs"])
            yield from (
                f"{profile.name}/{f}: no good example" for f in forms if (f, True) not in proofs
            )


def unsound(path: Path) -> Iterator[str]:
    """What a schema lacks to be a 2020-12 schema of this project."""
    schema = read(path)
    for library, check in CHECKS.items():
        try:
            check(schema)
        except (jsonschema.SchemaError, jsonschema_rs.ValidationError) as error:
            yield f"{name(path)}: {library} refuses the schema: {error.message}"
    if (schema.get("$schema"), schema.get("$id")) != (DIALECT, name(path)):
        yield f"{name(path)}: expected $schema {DIALECT} and $id {name(path)}"
    yield from (f"{name(path)}: no {k}" for k in ("title", "description") if not schema.get(k))
    if path.name.endswith(".request.json"):
        # A switch of the profile decides on unknown fields; loading builds it in.
        decided = {"additionalProperties", "unevaluatedProperties"} & schema.keys()
        yield from (f"{name(path)}: {keyword} is for loading to add" for keyword in decided)


CHECKS: dict[str, Callable[[Schema], object]] = {
    "jsonschema": jsonschema.Draft202012Validator.check_schema,
    "jsonschema_rs": lambda schema: jsonschema_rs.meta.validate(dict(schema)),
}


def properties(schema: Schema, place: str = "") -> Iterator[tuple[str, Schema]]:
    """Each property of a schema with its place; rules in if/then only narrow what stands here."""
    for key, inner in schema.get("properties", {}).items():
        yield f"{place}/{key}", inner
        yield from properties(inner, f"{place}/{key}")
    if "items" in schema:
        yield from properties(schema["items"], f"{place}/*")
    for key, inner in schema.get("$defs", {}).items():
        yield from properties(inner, f"{place}#{key}")


def unsourced(path: Path) -> Iterator[str]:
    """Properties without a source or a description, or whose default or sample is not valid."""
    for place, schema in properties(read(path)):
        if not SOURCE.match(schema.get("$comment", "")):
            yield f"{name(path)}{place}: expected a $comment that names a source"
        if not schema.get("description"):
            yield f"{name(path)}{place}: no description"
        samples = [
            *schema.get("examples", []),
            *([schema["default"]] if "default" in schema else []),
        ]
        for sample in samples:
            if failures(schema, sample)["jsonschema"]:
                yield f"{name(path)}{place}: its own sample {sample!r} is not valid"


def misdescribed(path: Path) -> Iterator[str]:
    """Contradictions between the annotation ``x-model`` of a request schema and its rules."""
    schema = read(path)
    note, fields = schema["x-model"], schema["properties"]
    accepted = fields["model"].get("enum", [fields["model"].get("const")])
    aspect, tiers = note["aspect"], note["resolution"]["long_side"]
    sizes = {aspect["default"], *fields["size"].get("enum", [])} - aspect.get("words", {}).keys()
    pixels = [p for table in note.get("pixels", {}).values() for p in table.values()]
    for good, complaint in (
        (note.keys() >= MODEL_KEYS, f"expected at least {sorted(MODEL_KEYS)}"),
        (note["ids"] == accepted, f"ids {note['ids']} are not the accepted {accepted}"),
        (bool(SOURCE.match(note["source"])), "no source"),
        (note["resolution"]["default"] in tiers, "the default resolution has no long_side"),
        (note.get("pixels", {}).keys() <= tiers.keys(), "pixels for a tier without long_side"),
        (all(map(RATIO_OR_PIXELS.fullmatch, [*sizes, *pixels])), "a size of no known form"),
    ):
        if not good:
            yield f"{name(path)}: x-model: {complaint}"
    for sample in schema["examples"]:
        if failures(schema, sample)["jsonschema"]:
            yield f"{name(path)}: its own sample {sample!r} is not valid"


def claimed_twice(profile: Path) -> Iterator[str]:
    """Model ids that more than one request schema of a profile claims."""
    claims = Counter(
        i for path in profile.glob("*.request.json") for i in read(path)["x-model"]["ids"]
    )
    yield from (f"{profile.name}: {i} has {n} request schemas" for i, n in claims.items() if n > 1)
