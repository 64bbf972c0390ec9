"""What a profile names must be there: its default model and the envelopes of its errors."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import jsonschema_rs

from mock_server.loading.data_error import DataError, Fault, nearest
from mock_server.loading.model_note import ANNOTATION, check_model_note
from mock_server.loading.schema_files import check_schema

REQUEST = ".request.json"


def check_links(profile: Mapping[str, Any], schemas: Mapping[str, Any], place: Path) -> None:
    """Raise :class:`DataError` unless a profile and the schemas in its folder go together.

    ``profile`` has passed its schema; ``schemas`` are those in its folder by file name.
    """
    requests = {name: one for name, one in schemas.items() if name.endswith(REQUEST)}
    for name, schema in requests.items():
        check_model_note(schema, place / name)
        _check_use(schema, place / name)
    faults = [*_model_faults(profile, requests), *_envelope_faults(profile)]
    if faults:
        raise DataError(place / "profile.json", faults)


def _check_use(schema: dict[str, Any], file: Path) -> None:
    try:
        jsonschema_rs.Draft202012Validator(schema)
    except jsonschema_rs.ValidationError:
        # Which of the reasons it is takes longer to tell than a server should take to start.
        check_schema(schema, file)
        raise


def _model_faults(profile: Mapping[str, Any], requests: Mapping[str, Any]) -> Iterator[Fault]:
    known = [name for schema in requests.values() for name in schema[ANNOTATION]["ids"]]
    seen = profile["default_model"]
    if seen not in known:
        expected = f"one of {', '.join(known)}" if known else f"a model of a *{REQUEST} beside it"
        yield Fault("$.default_model", expected, repr(seen), nearest(seen, known))


def _envelope_faults(profile: Mapping[str, Any]) -> Iterator[Fault]:
    known = sorted(name for name in profile["envelopes"] if name != "source")
    for reason, error in profile["errors"].items():
        places = {f"$.errors.{reason}": error}
        for operation, changes in error.get("at", {}).items():
            places[f"$.errors.{reason}.at.{operation}"] = changes
        for path, entry in places.items():
            seen = entry.get("envelope", known[0])
            if seen not in known:
                expected = f"one of {', '.join(known)}"
                yield Fault(f"{path}.envelope", expected, repr(seen), nearest(seen, known))
