"""Whether a JSON value has what is expected of it, and the first place where it has not."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from mock_server.core.exchange import NO_JSON

_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Difference:
    """Where (a JSON path) and how a value is not as expected, both as JSON texts."""

    path: str
    expected: str
    seen: str


def difference(expected: object, seen: object, path: str = "$") -> Difference | None:
    """The first difference between what is expected and what is there, None if there is none.

    Objects may have further members; lists have the same length; 1 and 1.0 are equal, 1 and true
    are not. :data:`NO_JSON` stands for nothing.
    """
    if isinstance(expected, dict) and isinstance(seen, dict):
        pairs = [
            (value, seen.get(name, NO_JSON), f"{path}{_member(name)}")
            for name, value in expected.items()
        ]
    elif isinstance(expected, list) and isinstance(seen, list) and len(expected) == len(seen):
        pairs = [
            (value, other, f"{path}[{index}]")
            for index, (value, other) in enumerate(zip(expected, seen, strict=True))
        ]
    else:
        is_same = expected == seen and isinstance(expected, bool) is isinstance(seen, bool)
        return None if is_same else Difference(path, as_text(expected), as_text(seen))
    found = (difference(value, other, where) for value, other, where in pairs)
    return next((one for one in found if one is not None), None)


def texts_in(value: object) -> Iterator[str]:
    """Every text anywhere in a JSON value, names of members aside; however deep it is."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, dict):
            waiting.extend(one.values())
        elif isinstance(one, list):
            waiting.extend(one)


def as_text(value: object) -> str:
    """A value as JSON writes it, cut where it is long; what UTF-8 cannot write is escaped."""
    if value is NO_JSON:
        return "nothing"
    try:
        text = json.dumps(value, ensure_ascii=False)
    except RecursionError:
        return "a deeply nested value"
    text = text.encode("utf-8", "backslashreplace").decode("utf-8")
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."


def _member(name: str) -> str:
    if name.isidentifier() and name.isascii():
        return f".{name}"
    escaped = name.replace("\\", "\\\\").replace("'", "\\'")
    return f"['{escaped}']"
