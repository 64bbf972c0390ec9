"""Holding a data file against its JSON Schema and saying what is wrong in our own words."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs

from mock_server.loading.data_error import DataError, Fault, nearest, shown


class SchemaCheck:
    """A compiled schema for data files; compiling costs little, so it is done on construction."""

    def __init__(self, schema: dict[str, Any]) -> None:
        self.schema = schema
        self._fast = jsonschema_rs.Draft202012Validator(schema)

    def accepts(self, value: object) -> bool:
        """Whether nothing is wrong with a value."""
        return self._fast.is_valid(value)

    def check(self, value: object, file: Path | str) -> None:
        """Raise :class:`DataError` naming every wrong place, or return when there is none."""
        if self.accepts(value):
            return
        raise DataError(file, self.faults(value))

    def faults(self, value: object) -> tuple[Fault, ...]:
        """Every wrong place, the reference validator's findings in our words."""
        # Imported here: it is only needed when something is wrong, and takes long to import.
        from jsonschema import Draft202012Validator

        found = Draft202012Validator(self.schema).iter_errors(value)
        faults = [fault for error in found for fault in _faults_of(_deepest(error))]
        return tuple(dict.fromkeys(faults))


def _deepest(error: Any) -> Any:
    """The innermost error of the alternative that fits best."""
    from jsonschema.exceptions import best_match

    return best_match([error]) if error.context else error


def _faults_of(error: Any) -> Iterator[Fault]:
    if error.validator in ("additionalProperties", "unevaluatedProperties"):
        yield from _unknown_members(error)
    elif error.validator == "required":
        missing = [name for name in error.validator_value if name not in error.instance]
        for name in missing:
            yield Fault(f"{error.json_path}.{name}", "a value", "nothing")
    else:
        yield _one_fault(error)


def _unknown_members(error: Any) -> Iterator[Fault]:
    known = sorted(error.schema.get("properties", {}))
    for name in error.instance:
        if name not in known:
            expected = f"one of {', '.join(known)}" if known else "no members"
            yield Fault(f"{error.json_path}.{name}", expected, repr(name), nearest(name, known))


def _one_fault(error: Any) -> Fault:
    value = error.validator_value
    if error.validator == "enum":
        names = [str(item) for item in value]
        close = nearest(str(error.instance), names)
        return Fault(error.json_path, f"one of {', '.join(names)}", shown(error.instance), close)
    if error.validator in ("type", "const", "minimum", "maximum", "pattern", "format"):
        return Fault(error.json_path, f"{error.validator} {value}", shown(error.instance))
    return Fault(error.json_path, f"{error.validator}: {shown(value)}", shown(error.instance))
