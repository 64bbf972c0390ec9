"""A value of objects, lists and scalars as it stands in a file, and the bounds that it keeps."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from mock_server.loading.data_error import DataError, Fault, shown

MOST_BYTES = 1024 * 1024
MOST_NODES = 50_000
MOST_DEPTH = 32
MOST_DIGITS = 15

Name: TypeAlias = str | int
_PLAIN_NAME = re.compile(r"[a-zA-Z][a-zA-Z0-9_]*")
_STEP = re.compile(r"\.([a-zA-Z][a-zA-Z0-9_]*)(?=[.\[]|$)|\[([0-9]+)\]|\['((?:[^'\\]|\\.)*)'\]")


@dataclass(slots=True)
class Place:
    """The line (from 1) on which a value stands, and the places of what is in it.

    A tree, since the paths of a file together can be far longer than the file.
    """

    line: int
    inner: dict[Name, "Place"] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Document:
    """A value and, if it was read from a text, where its parts stand."""

    value: object
    place: Place | None = None

    def line_of(self, path: str) -> int | None:
        """The line of a JSON path or of the nearest place around it that has one."""
        place = self.place
        at = 1
        while place is not None and at < len(path):
            step = _STEP.match(path, at)
            # What is no step is the odd name of an unknown member.
            inner = place.inner.get(_name(step) if step else path[at + 1 :])
            if inner is None:
                break
            place = inner
            at = step.end() if step else len(path)
        return None if place is None else place.line


def _name(step: re.Match[str]) -> Name:
    if step[2] is not None:
        return int(step[2])
    return step[1] if step[3] is None else re.sub(r"\\(.)", r"\1", step[3])


def json_path(names: Iterable[Name]) -> str:
    """The JSON path of these names, one inside the other, as the validators write it."""
    return "$" + "".join(map(_written, names))


def _written(name: Name) -> str:
    if isinstance(name, int):
        return f"[{name}]"
    if _PLAIN_NAME.fullmatch(name):
        return f".{name}"
    escaped = name.replace("\\", "\\\\").replace("'", r"\'")
    return f"['{escaped}']"


def plain_document(value: object, file: Path | str) -> Document:
    """A value that was not read from a text as a document without lines.

    Raises :class:`DataError` for what is no JSON value or exceeds the bounds.
    """
    waiting = [(value, 1)]
    nodes = 0
    size = 0
    while waiting:
        item, depth = waiting.pop()
        nodes += 1
        if isinstance(item, dict):
            waiting.extend((one, depth + 1) for pair in item.items() for one in pair)
        elif isinstance(item, list):
            waiting.extend((one, depth + 1) for one in item)
        elif not _is_plain_scalar(item):
            raise DataError(file, [Fault("$", "JSON values within bounds", _seen(item))])
        size += len(item) if isinstance(item, str) else 1
        if nodes > MOST_NODES or depth > MOST_DEPTH or size > MOST_BYTES:
            raise DataError(file, [Fault("$", bounds(), "more")])
    if not _has_texts_as_names(value):
        raise DataError(file, [Fault("$", "texts as names", "other names")])
    return Document(value)


def count_values(value: object, most: int) -> int:
    """How many values there are in a value, itself included; counting stops beyond ``most``."""
    waiting = [value]
    count = 0
    while waiting and count <= most:
        item = waiting.pop()
        count += 1
        if isinstance(item, dict):
            waiting.extend(item.values())
        elif isinstance(item, list):
            waiting.extend(item)
    return count


def bounds() -> str:
    """How much a document may hold, in words."""
    return f"at most {MOST_NODES} values, {MOST_DEPTH} levels and {MOST_BYTES} characters"


def is_text(text: str) -> bool:
    """True unless there is something in it that only escapes can write: NUL, lone surrogates."""
    return not ("\0" in text or any("\ud800" <= character <= "\udfff" for character in text))


def _is_plain_scalar(value: object) -> bool:
    if isinstance(value, bool) or value is None:
        return True
    if isinstance(value, str):
        return is_text(value)
    return isinstance(value, int | float) and abs(value) < 10**MOST_DIGITS


def _has_texts_as_names(value: object) -> bool:
    if isinstance(value, dict):
        return all(isinstance(name, str) for name in value) and all(
            map(_has_texts_as_names, value.values())
        )
    return not isinstance(value, list) or all(map(_has_texts_as_names, value))


def _seen(value: object) -> str:
    if isinstance(value, int) and value.bit_length() > 400:
        return f"a number of {value.bit_length()} bits"
    return shown(value) if isinstance(value, str | int | float) else type(value).__name__
