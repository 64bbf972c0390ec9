"""The kinds of values that options take: in words, as JSON Schema, and as what is kept of them."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any, NoReturn

# Longer than any client waits, short enough for every timer.
MOST_SECONDS = 1e9
MOST_BYTES = 10**9
_MOST_TEXT = 2_000
_HUGE = 1e100
_SURROGATE = re.compile("[\ud800-\udfff]")
# RFC 9110, 5.1 and 5.5: a field name is a token; a field value holds no control character but the
# tab, and no blank at its ends.
_FIELD_NAME = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_FIELD_VALUE = (
    r"([^\u0000-\u0020\u007f]([^\u0000-\u0008\u000a-\u001f\u007f]*[^\u0000-\u0020\u007f])?)?"
)


class UnfitError(ValueError):
    """A value that is not of the kind; who knows the option's name says which."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What an option may be.

    ``expected`` says it in words and ``schema`` as JSON Schema. ``keep`` turns a JSON value into
    what the fault keeps, or raises :class:`UnfitError`; ``tell`` turns that back.
    """

    expected: str
    schema: Mapping[str, object]
    keep: Callable[[object], object]
    tell: Callable[[Any], object] = lambda value: value


def choice(*choices: str | int) -> Kind:
    """One of these words or numbers."""

    def keep(value: object) -> object:
        # Nobody who writes `null` means that there is no word.
        value = "null" if value is None else value
        return choices[choices.index(value)] if value in choices else _refuse()

    expected = " or ".join((", ".join(map(str, choices[:-1])), str(choices[-1])))
    return Kind(expected, {"enum": [*choices, *([None] if "null" in choices else [])]}, keep)


def whole(low: int, high: int, unit: str = "") -> Kind:
    """A whole number from ``low`` to ``high``."""

    def keep(value: object) -> object:
        number = _number(value)
        return int(number) if low <= number <= high and number == int(number) else _refuse()

    expected = f"a whole number{unit and f' of {unit}'} from {low} to {high}"
    return Kind(expected, {"type": "integer", "minimum": low, "maximum": high}, keep)


def number(low: float, high: float, unit: str) -> Kind:
    """A number from ``low`` to ``high`` of that unit."""

    def keep(value: object) -> object:
        number = _number(value)
        return float(number) if low <= number <= high else _refuse()

    schema = {"type": "number", "minimum": low, "maximum": high}
    return Kind(f"{unit} from {low:g} to {high:g}", schema, keep)


def duration(low: float = 0.0) -> Kind:
    """Seconds of the session's clock, at least ``low`` of them."""
    return number(low, MOST_SECONDS, "seconds")


def text(expected: str = "a text", shortest: int = 0) -> Kind:
    """Any text of some two thousand characters at most."""
    schema = {"type": "string", "minLength": shortest, "maxLength": _MOST_TEXT}

    def keep(value: object) -> object:
        if not isinstance(value, str) or not shortest <= len(value) <= _MOST_TEXT:
            _refuse()
        return _refuse() if _SURROGATE.search(value) else value

    return Kind(expected, schema, keep)


def field_text() -> Kind:
    """The value of a header field."""
    plain = text()

    def keep(value: object) -> object:
        found = plain.keep(value)
        return found if re.fullmatch(_FIELD_VALUE, str(found)) else _refuse()

    schema = {**plain.schema, "pattern": f"^{_FIELD_VALUE}$"}
    return Kind("a text without control characters or blanks at its ends", schema, keep)


def number_or_field_text() -> Kind:
    """A number, huge and negative ones too, or any text that a header field may hold."""
    words = field_text()

    def keep(value: object) -> object:
        if isinstance(value, str):
            return words.keep(value)
        number = _number(value)
        if not -_HUGE <= number <= _HUGE:
            _refuse()
        return int(number) if number == int(number) else number

    numbers = {"type": "number", "minimum": -_HUGE, "maximum": _HUGE}
    return Kind(f"a number or {words.expected}", {"anyOf": [numbers, words.schema]}, keep)


def text_or_whole() -> Kind:
    """A text or a whole number."""
    words, numbers = text(), whole(-MOST_BYTES, MOST_BYTES)

    def keep(value: object) -> object:
        return (words if isinstance(value, str) else numbers).keep(value)

    return Kind("a text or a whole number", {"anyOf": [words.schema, numbers.schema]}, keep)


def header_fields() -> Kind:
    """Header fields: a value for each name, or several; kept as pairs, names in lower case."""
    value = field_text()
    several = {"type": "array", "items": value.schema, "minItems": 1}

    def keep(fields: object) -> object:
        found: list[tuple[str, object]] = []
        for name, values in _pairs(fields):
            if not re.fullmatch(_FIELD_NAME, name) or values in ([], ()):
                _refuse()
            rows = values if isinstance(values, list | tuple) else [values]
            found.extend((name.lower(), value.keep(row)) for row in rows)
        return tuple(found)

    def tell(fields: tuple[tuple[str, str], ...]) -> object:
        names = dict.fromkeys(name for name, _ in fields)
        rows = {name: [value for key, value in fields if key == name] for name in names}
        return {name: row if len(row) > 1 else row[0] for name, row in rows.items()}

    schema = {
        "type": "object",
        "propertyNames": {"pattern": f"^{_FIELD_NAME}$"},
        "additionalProperties": {"anyOf": [value.schema, several]},
    }
    return Kind("header fields: an object of names and texts", schema, keep, tell)


def members() -> Kind:
    """Members of a JSON text by their dotted paths, with the value of each; kept as pairs."""

    def keep(value: object) -> object:
        return tuple((_path(name), _json(member)) for name, member in _pairs(value))

    schema = {"type": "object", "propertyNames": {"minLength": 1}}
    return Kind("an object of dotted paths and values", schema, keep, dict)


def paths() -> Kind:
    """Dotted paths of members of a JSON text: a list of them, or one; kept as a tuple."""

    def keep(value: object) -> object:
        rows = [value] if isinstance(value, str) else value
        return tuple(map(_path, rows)) if isinstance(rows, list | tuple) else _refuse()

    one = {"type": "string", "minLength": 1}
    schema = {"anyOf": [one, {"type": "array", "items": one}]}
    return Kind("a list of dotted paths", schema, keep, list)


def _pairs(value: object) -> tuple[tuple[str, object], ...]:
    """The members of an object; pairs are how a fault keeps them, and are taken too."""
    pairs = tuple(value.items()) if isinstance(value, Mapping) else value
    if not isinstance(pairs, tuple):
        _refuse()
    for pair in pairs:
        if not isinstance(pair, tuple) or len(pair) != 2 or not isinstance(pair[0], str):
            _refuse()
    return pairs


def _path(value: object) -> str:
    if not isinstance(value, str) or not value or _SURROGATE.search(value):
        _refuse()
    return value


def _json(value: object) -> object:
    """A copy of a JSON value, so that nobody can change it from outside."""
    try:
        written = json.dumps(value, allow_nan=False, ensure_ascii=False)
    except (TypeError, ValueError, RecursionError):
        _refuse()
    return _refuse() if _SURROGATE.search(written) else json.loads(written)


def _number(value: object) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        _refuse()
    return value if isinstance(value, int) or isfinite(value) else _refuse()


def _refuse() -> NoReturn:
    raise UnfitError
