"""Reading JSON data files with the line of what is wrong in them."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from mock_server.loading.data_error import DataError, Fault
from mock_server.loading.yaml_reading import read_yaml


class _TwiceError(ValueError):
    """An object that has two members of one name."""


def json_document(file: Path) -> dict[str, Any]:
    """The JSON object in a file; raises :class:`DataError` with the line of what is no JSON."""
    text = _text(file)
    try:
        value = json.loads(text, object_pairs_hook=_once)
    except json.JSONDecodeError as error:
        seen = f"{error.msg[0].lower()}{error.msg[1:]} at column {error.colno}"
        raise DataError(file, [Fault("$", "a JSON text", seen, line=error.lineno)]) from None
    except RecursionError:
        raise DataError(file, [Fault("$", "a JSON text", "endless nesting")]) from None
    except _TwiceError as error:
        # JSON is YAML as well, and that reader knows the line of the second one.
        read_yaml(text, file)
        raise DataError(file, [Fault("$", "each name once", str(error))]) from None
    if not isinstance(value, dict):
        raise DataError(file, [Fault("$", "an object", type(value).__name__, line=1)])
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members: dict[str, Any] = {}
    for name, value in pairs:
        if name in members:
            raise _TwiceError(f"{name!r} twice")
        members[name] = value
    return members


def _text(file: Path) -> str:
    try:
        data = file.read_bytes()
    except OSError as error:
        raise DataError(file, [Fault("$", "a readable file", error.strerror or "none")]) from None
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise DataError(file, [Fault("$", "UTF-8", f"byte {error.start}", line=line)]) from None


def with_lines(error: DataError) -> DataError:
    """The same with the line of each place in the file, as far as the YAML reader can find it."""
    file = Path(error.file)
    if not file.is_file() or all(fault.line or fault.path == "$" for fault in error.faults):
        return error
    try:
        document = read_yaml(_text(file), file)
    except DataError:
        return error
    placed = [
        fault if fault.line else replace(fault, line=document.line_of(fault.path))
        for fault in error.faults
    ]
    return DataError(file, placed)
