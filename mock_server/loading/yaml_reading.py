"""Reading YAML as plain values with the line of each, within bounds that no file can stretch."""

import re
from collections.abc import Iterator
from math import isfinite
from pathlib import Path
from typing import Any, NoReturn

import yaml

from mock_server.loading.data_error import DataError, Fault, shown
from mock_server.loading.yaml_document import (
    MOST_BYTES,
    MOST_DEPTH,
    MOST_DIGITS,
    MOST_NODES,
    Document,
    Name,
    Place,
    bounds,
    is_text,
    json_path,
)

# libyaml's parser where PyYAML was built with it: the same events, read faster.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INTEGER = re.compile(r"[-+]?[0-9]+")
_REAL = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}


def read_yaml(text: str, file: Path | str) -> Document:
    """The one YAML document in a text, its scalars typed as YAML 1.2's core schema types them.

    Raises :class:`DataError` with line and path: for what is not YAML, for tags, repeated keys,
    keys that are no texts, numbers out of range, and for a text that is larger, deeper or, its
    aliases written out, longer than the bounds.
    """
    if len(text) > MOST_BYTES:
        raise DataError(file, [Fault("$", f"at most {MOST_BYTES} bytes", "more")])
    return _Reader(file, text).document()


def is_plain(text: str) -> bool:
    """True when a text that stands without quotation marks is read as that same text."""
    is_word = text in _WORDS or _NOT_FINITE.fullmatch(text)
    return not (is_word or _INTEGER.fullmatch(text) or _REAL.fullmatch(text))


class _Reader:
    """Builds values from the parser's events, so that bounds hold before anything is built."""

    def __init__(self, file: Path | str, text: str) -> None:
        self._file = file
        self._text = text
        self._events = self._parse()
        self._path: list[Name] = []
        self._nodes = 0
        self._size = 0
        # The value behind each complete anchor, with its nodes and its size.
        self._anchors: dict[str, tuple[object, int, int]] = {}

    def document(self) -> Document:
        next(self._events)
        start = next(self._events)
        if isinstance(start, yaml.StreamEndEvent):
            self._refuse("an object", "nothing", None)
        value, place = self._node(next(self._events))
        next(self._events)
        after = next(self._events)
        if not isinstance(after, yaml.StreamEndEvent):
            self._refuse("one document", "a second one", after)
        return Document(value, place)

    def _parse(self) -> Iterator[Any]:
        try:
            yield from yaml.parse(self._text, Loader=_LOADER)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line = mark.line + 1 if mark else None
            seen = error.problem or error.context or "something else"
            raise DataError(self._file, [Fault("$", "YAML", seen, line=line)]) from None
        except yaml.reader.ReaderError as error:
            line = self._text.count("\n", 0, error.position) + 1
            seen = f"the character {shown(error.character)}"
            raise DataError(self._file, [Fault("$", "printable text", seen, line=line)]) from None
        except UnicodeEncodeError:
            raise DataError(self._file, [Fault("$", "UTF-8", "a lone surrogate")]) from None

    def _node(self, event: Any) -> tuple[object, Place]:
        place = Place(_line(event))
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event), place
        nodes, size = self._nodes, self._size
        self._count(event, 1, 1)
        if event.tag is not None:
            self._refuse("no tags", shown(event.tag), event)
        if len(self._path) >= MOST_DEPTH:
            self._refuse(bounds(), "more levels", event)
        if isinstance(event, yaml.MappingStartEvent):
            value: object = self._object(place)
        elif isinstance(event, yaml.SequenceStartEvent):
            value = self._list(place)
        else:
            value = self._scalar(event)
        if event.anchor is not None:
            self._anchors[event.anchor] = value, self._nodes - nodes, self._size - size
        return value, place

    def _object(self, place: Place) -> dict[str, object]:
        members: dict[str, object] = {}
        for event in self._until(yaml.MappingEndEvent):
            name = self._member_name(event)
            if name in members:
                self._refuse(f"the name {shown(name)} once", "a second time", event)
            self._path.append(name)
            members[name], inner = self._node(next(self._events))
            self._path.pop()
            # A member's place is its name, which is where a person looks for it.
            place.inner[name] = Place(_line(event), inner.inner)
        return members

    def _member_name(self, event: Any) -> str:
        if not isinstance(event, yaml.ScalarEvent) or event.tag or event.anchor:
            self._refuse("a plain name for each member", "something else", event)
        self._count(event, 1, 1)
        return self._checked(event)

    def _list(self, place: Place) -> list[object]:
        items: list[object] = []
        for event in self._until(yaml.SequenceEndEvent):
            index = len(items)
            self._path.append(index)
            item, place.inner[index] = self._node(event)
            self._path.pop()
            items.append(item)
        return items

    def _until(self, end: type[Any]) -> Iterator[Any]:
        for event in self._events:
            if isinstance(event, end):
                return
            yield event

    def _alias(self, event: Any) -> object:
        if event.anchor not in self._anchors:
            self._refuse("an alias of something complete", shown(event.anchor), event)
        value, nodes, size = self._anchors[event.anchor]
        self._count(event, nodes, size)
        return value

    def _scalar(self, event: Any) -> object:
        text: str = event.value
        if not event.implicit[0]:
            return self._checked(event)
        if text in _WORDS:
            return _WORDS[text]
        if _NOT_FINITE.fullmatch(text):
            self._refuse("a finite number", text, event)
        if _INTEGER.fullmatch(text):
            if len(text.lstrip("+-")) > MOST_DIGITS:
                self._refuse(f"at most {MOST_DIGITS} digits", shown(text), event)
            return int(text)
        return self._real(event) if _REAL.fullmatch(text) else self._checked(event)

    def _real(self, event: Any) -> float:
        number = float(event.value)
        if not isfinite(number) or abs(number) >= 10**MOST_DIGITS:
            self._refuse(f"a number below 10^{MOST_DIGITS}", shown(event.value), event)
        return number

    def _checked(self, event: Any) -> str:
        text: str = event.value
        if not is_text(text):
            self._refuse("a text", "a NUL character or a lone surrogate", event)
        self._count(event, 0, len(text))
        return text

    def _count(self, event: Any, nodes: int, size: int) -> None:
        self._nodes += nodes
        self._size += size
        if self._nodes > MOST_NODES or self._size > MOST_BYTES:
            self._refuse(bounds(), "more, counting what aliases stand for", event)

    def _refuse(self, expected: str, seen: str, event: Any) -> NoReturn:
        # A name can be as long as the file; the last ones of a path say enough.
        path = json_path(name[:80] if isinstance(name, str) else name for name in self._path)
        line = None if event is None else _line(event)
        raise DataError(self._file, [Fault(path, expected, seen, line=line)])


def _line(event: Any) -> int:
    line: int = event.start_mark.line
    return line + 1
