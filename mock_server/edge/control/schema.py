"""The schema of the control plane: what it is sent and what it answers, by the names of parts."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from mock_server.edge.control.refused import Refused, wrong_data
from mock_server.loading.data_error import DataError, Fault
from mock_server.loading.folders import schemas_folder
from mock_server.loading.profiles import read_document
from mock_server.loading.schema_check import SchemaCheck
from mock_server.loading.yaml_document import count_values

NAME = "control.schema.json"
VERIFICATION = "verification.schema.json"
# Finding out what is wrong with a body takes longer the more there is in it. Stories and queues
# of faults may be long; they are read by readers of their own.
_MOST_VALUES = 1_000
_LONG = frozenset({"scenario", "submit", "status", "upload", "result", "models", "balance"})
_LONG_TOO = frozenset({"text", "webhook", "any"})
_LONGEST_NUMBER = 15


@cache
def definitions() -> Mapping[str, Any]:
    """The definitions in both files, by name; no name is in both."""
    files = (schemas_folder() / name for name in (NAME, VERIFICATION))
    return {name: one for file in files for name, one in read_document(file)["$defs"].items()}


@cache
def _check(name: str) -> SchemaCheck:
    return SchemaCheck({**definitions()[name], "$defs": dict(definitions())})


def check_body(name: str, value: object) -> None:
    """Hold a body against a definition; raises :class:`Refused` (400) with every wrong place."""
    short = value
    if isinstance(value, dict):
        short = {k: v for k, v in value.items() if k not in _LONG and k not in _LONG_TOO}
    if count_values(short, _MOST_VALUES) > _MOST_VALUES:
        error = DataError("body", [Fault("$", f"at most {_MOST_VALUES} values", "more")])
        raise wrong_data(error)
    try:
        _check(name).check(value, "body")
    except DataError as error:
        raise wrong_data(error) from None


def read_query(name: str | None, pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """The parameters of a query, typed as a definition says; raises :class:`Refused` (400)."""
    known: Mapping[str, Any] = definitions()[name]["properties"] if name else {}
    values: dict[str, Any] = {}
    for key, text in pairs:
        if key in values:
            raise Refused(400, f"query: {key[:80]!r} is given twice", path=f"$.{key[:80]}")
        values[key] = _typed(text, known.get(key, {}))
        if len(values) > len(known) + 10:
            break
    try:
        _check(name or "no_query").check(values, "query")
    except DataError as error:
        raise wrong_data(error) from None
    return {**{key: one["default"] for key, one in known.items() if "default" in one}, **values}


def _typed(text: str, schema: Mapping[str, Any]) -> object:
    is_number = text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER
    return int(text) if is_number and schema.get("type") == "integer" else text
