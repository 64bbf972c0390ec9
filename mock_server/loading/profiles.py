"""From the folder of a profile to the contract that the engine works with."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mock_server.core import contract as c
from mock_server.core.catalogue import Catalogue, ErrorEntry
from mock_server.core.lifecycle import Phase
from mock_server.core.reading import MalformedBodyError, read_json
from mock_server.core.routes import Route, Routes
from mock_server.core.template import compile_template
from mock_server.loading.data_error import DataError, Fault, nearest
from mock_server.loading.encoding import encode_json
from mock_server.loading.folders import schemas_folder
from mock_server.loading.models import models_of
from mock_server.loading.profile_links import check_links
from mock_server.loading.schema_check import SchemaCheck

_DEPTH = 64


def profile_names(folder: Path | None = None) -> tuple[str, ...]:
    """The names of the profiles that are there, sorted."""
    root = folder or schemas_folder()
    return tuple(sorted(place.parent.name for place in root.glob("*/profile.json")))


def load_profile(name: str, folder: Path | None = None) -> c.Contract:
    """The contract of the profile of that name, or of the profile folder at that path.

    Raises :class:`DataError` for an unknown name and for every wrong place in its files.
    """
    root = folder or schemas_folder()
    place = Path(name) if "/" in name else root / name
    if not (place / "profile.json").is_file():
        names = profile_names(root)
        fault = Fault("profile", f"one of {', '.join(names)}", repr(name), nearest(name, names))
        raise DataError(root, [fault])
    profile = read_document(place / "profile.json")
    schema_file = root / "profile.schema.json"
    SchemaCheck(read_document(schema_file)).check(profile, place / "profile.json")
    schemas = _schemas(place)
    check_links(profile, schemas, place)
    return _contract(profile, schemas)


def read_document(file: Path) -> dict[str, Any]:
    """The JSON object in a data file; raises :class:`DataError`."""
    try:
        value = read_json(file.read_bytes(), _DEPTH)
    except MalformedBodyError as error:
        reason = str(error).replace("request body", "file")
        raise DataError(file, [Fault("$", "a JSON text", reason)]) from None
    except OSError as error:
        raise DataError(file, [Fault("$", "a readable file", str(error.strerror))]) from None
    if not isinstance(value, dict):
        raise DataError(file, [Fault("$", "an object", type(value).__name__)])
    return value


def _schemas(place: Path) -> dict[str, dict[str, Any]]:
    files = sorted(file for file in place.glob("*.json") if file.name != "profile.json")
    return {file.name: read_document(file) for file in files}


def load_examples(name: str, folder: Path | None = None) -> dict[str, dict[str, Any]]:
    """The examples of a profile by file name; they may hold what a request body may not."""
    place = (folder or schemas_folder()) / name / "examples"
    return {file.name: json.loads(file.read_bytes()) for file in sorted(place.glob("*.json"))}


def _without_source(group: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in group.items() if key != "source"}


def _contract(
    profile: Mapping[str, Any],
    schemas: Mapping[str, Mapping[str, Any]],
) -> c.Contract:
    uploads = profile["uploads"]
    switches = {name: switch["value"] for name, switch in profile["switches"].items()}
    return c.Contract(
        name=profile["name"],
        title=profile["title"],
        routes=_routes(profile),
        words=_words(profile["words"]),
        task_id=c.IdForm(**_without_source(profile["task_id"])),
        upload_id=c.IdForm(**_without_source(profile["upload_id"])),
        upload_path=compile_template(uploads["path"]),
        account=uploads["account"],
        fields=_fields(profile["fields"]),
        models={model.id: model for model in models_of(schemas, profile)},
        default_model=profile["default_model"],
        text_models=tuple(profile["text_models"]["values"]),
        replies=_replies(profile["replies"]),
        envelopes=_compiled(profile["envelopes"]),
        catalogue=_catalogue(profile["errors"]),
        task_errors=profile["task_errors"]["values"],
        results=_results(profile["results"]),
        uploads=_file_rules(uploads),
        references=_file_rules(profile["references"]),
        mask=_file_rules(profile["mask"]),
        limits=tuple(limit_rule(rule) for rule in profile["limits"]["rules"]),
        prices=c.Prices(**_without_source(profile["prices"])),
        polling=c.Polling(**_without_source(profile["polling"])),
        backoff=_backoff(profile["backoff"]),
        switches=c.Switches(**switches),
        webhooks=_webhooks(profile["webhooks"]),
        bodies=c.Bodies(**_without_source(profile["bodies"])),
        encode=encode_json,
        document=profile,
        schemas=schemas,
    )


def limit_rule(rule: Mapping[str, Any]) -> c.LimitRule:
    """A limit as the engine counts it."""
    return c.LimitRule(**{**rule, "operations": tuple(rule["operations"])})


def _routes(profile: Mapping[str, Any]) -> Routes:
    return Routes(
        Route(
            operation=route["operation"],
            method=route["method"],
            path=route["path"],
            auth=route["auth"],
            cors=route["cors"],
            content_types=tuple(route["content_types"]),
        )
        for route in profile["routes"]
    )


def _words(words: Mapping[str, str]) -> c.Words:
    return c.Words(words["accepted"], {phase: words[phase.value] for phase in Phase})


def _fields(fields: Mapping[str, Any]) -> c.FieldNames:
    return c.FieldNames(**{name: tuple(paths) for name, paths in _without_source(fields).items()})


def _replies(replies: Mapping[str, Any]) -> c.Replies:
    return c.Replies(**_compiled(replies))


def _compiled(group: Mapping[str, Any]) -> dict[str, Any]:
    return {name: compile_template(value) for name, value in _without_source(group).items()}


def _results(results: Mapping[str, Any]) -> c.Results:
    return c.Results(compile_template(results["path"]), results["lifetime"], results["lead"])


def _file_rules(rules: Mapping[str, Any]) -> c.FileRules:
    return c.FileRules(tuple(rules["media_types"]), rules["max_bytes"])


def _backoff(backoff: Mapping[str, Any]) -> c.Backoff:
    return c.Backoff(**{**_without_source(backoff), "steps": tuple(backoff["steps"])})


def _webhooks(webhooks: Mapping[str, Any]) -> c.Webhooks:
    fields, secret = webhooks["headers"], webhooks["secret"]
    return c.Webhooks(
        event_id=c.IdForm(**_without_source(webhooks["event_id"])),
        id_field=fields["id"],
        timestamp_field=fields["timestamp"],
        signature_field=fields["signature"],
        user_agent=fields["user_agent"],
        secret=secret,
        key=bytes.fromhex(secret) if webhooks["secret_form"] == "hex" else secret.encode(),
        timeout=webhooks["timeout"],
        retries=tuple(webhooks["retries"]),
        completed=compile_template(webhooks["completed"]),
        failed=compile_template(webhooks["failed"]),
    )


def _catalogue(errors: Mapping[str, Any]) -> Catalogue:
    entries, at, operations = {}, {}, {}
    for reason, error in errors.items():
        shared = {k: v for k, v in error.items() if k not in ("operations", "at")}
        entries[reason] = _entry(reason, shared)
        operations[reason] = tuple(error["operations"])
        for operation, changes in error.get("at", {}).items():
            at[operation, reason] = _entry(reason, {**shared, **changes})
    return Catalogue(entries, at, operations)


def _entry(reason: str, error: Mapping[str, Any]) -> ErrorEntry:
    return ErrorEntry(reason=reason, **{**error, "message": compile_template(error["message"])})
