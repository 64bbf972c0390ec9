"""Reading YAML as plain values with the line of each, within bounds that no file can stretch."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from math import isfinite
from pathlib import Path
from typing import Any, NoReturn

import yaml

from mock_server.loading.data_error import DataError, Fault, shown

MOST_BYTES = 1024 * 1024
MOST_NODES = 50_000
MOST_DEPTH = 32
MOST_DIGITS = 15

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
_PLAIN_NAME = re.compile(r"[a-zA-Z][a-zA-Z0-9_]*")


@dataclass(frozen=True, slots=True)
class Document:
    """A value of objects, lists and scalars, and on which line (from 1) each JSON path stands."""

    value: object
    lines: Mapping[str, int] = field(default_factory=dict)

    def line_of(self, path: str) -> int | None:
        """The line of a JSON path or of the nearest place around it that has one."""
        while path:
            if path in self.lines:
                return self.lines[path]
            path = path[: max(path.rfind("."), path.rfind("["))] if len(path) > 1 else ""
        return None


def read_yaml(text: str, file: Path | str) -> Document:
    """The one YAML document in a text, its scalars typed as YAML 1.2's core schema types them.

    Raises :class:`DataError` with line and path: for what is not YAML, for tags, repeated keys, keys
    that are no texts, numbers out of range, and for a text that is larger, deeper or, its aliases
    written out, longer than the bounds of this module.
    """
    if len(text) > MOST_BYTES:
        raise DataError(file, [Fault("$", f"at most {MOST_BYTES} bytes", f"{len(text)} and more")])
    return _Reader(file, text).document()


def member_path(path: str, name: str | int) -> str:
    """The JSON path of a member or an item below ``path``."""
    if isinstance(name, int):
        return f"{path}[{name}]"
    if _PLAIN_NAME.fullmatch(name):
        return f"{path}.{name}"
    escaped = name.replace("\\", "\\\\").replace("'", r"\'")
    return f"{path}['{escaped}']"


class _Reader:
    """Builds values from the parser's events, so that bounds hold before anything is built."""

    def __init__(self, file: Path | str, text: str) -> None:
        self._file = file
        self._text = text
        self._events = self._parse()
        self._lines: dict[str, int] = {}
        self._nodes = 0
        # The value behind each complete anchor, and how many nodes it is made of.
        self._anchors: dict[str, tuple[object, int]] = {}

    def document(self) -> Document:
        next(self._events)
        start = next(self._events)
        if isinstance(start, yaml.StreamEndEvent):
            self._refuse("$", "an object", "an empty file", None)
        value = self._node(next(self._events), "$", 1)
        next(self._events)
        after = next(self._events)
        if not isinstance(after, yaml.StreamEndEvent):
            self._refuse("$", "one document", "a second one", after)
        return Document(value, self._lines)

    def _parse(self) -> Iterator[yaml.Event]:
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

    def _node(self, event: yaml.Event, path: str, depth: int) -> object:
        self._count(event, path, 1)
        if depth > MOST_DEPTH:
            self._refuse(path, f"at most {MOST_DEPTH} levels", "more", event)
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event, path)
        if not isinstance(event, yaml.NodeEvent):  # pragma: no cover - the parser's grammar
            self._refuse(path, "a value", type(event).__name__, event)
        if event.tag is not None:
            self._refuse(path, "no tags", shown(event.tag), event)
        self._lines.setdefault(path, event.start_mark.line + 1)
        before = self._nodes
        value = self._built(event, path, depth)
        if event.anchor is not None:
            self._anchors[event.anchor] = value, 1 + self._nodes - before
        return value

    def _built(self, event: yaml.NodeEvent, path: str, depth: int) -> object:
        if isinstance(event, yaml.MappingStartEvent):
            return self._object(path, depth)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._list(path, depth)
        return self._scalar(event, path)

    def _object(self, path: str, depth: int) -> dict[str, object]:
        members: dict[str, object] = {}
        for event in self._until(yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent) or event.tag is not None:
                self._refuse(path, "a name for each member", "something else", event)
            self._count(event, path, 1)
            name = self._checked(event.value, path, event)
            place = member_path(path, name)
            if name in members:
                self._refuse(place, "each name once", "a second one", event)
            self._lines[place] = self._lines[f"{path}.{name}"] = event.start_mark.line + 1
            members[name] = self._node(next(self._events), place, depth + 1)
        return members

    def _list(self, path: str, depth: int) -> list[object]:
        items: list[object] = []
        for event in self._until(yaml.SequenceEndEvent):
            items.append(self._node(event, member_path(path, len(items)), depth + 1))
        return items

    def _until(self, end: type[yaml.Event]) -> Iterator[yaml.Event]:
        for event in self._events:
            if isinstance(event, end):
                return
            yield event

    def _alias(self, event: yaml.AliasEvent, path: str) -> object:
        if event.anchor not in self._anchors:
            self._refuse(path, "an alias of something complete", shown(event.anchor), event)
        value, nodes = self._anchors[event.anchor]
        self._count(event, path, nodes)
        self._lines.setdefault(path, event.start_mark.line + 1)
        return value

    def _scalar(self, event: Any, path: str) -> object:
        text: str = event.value
        if not event.implicit[0]:
            return self._checked(text, path, event)
        if text in _WORDS:
            return _WORDS[text]
        if _NOT_FINITE.fullmatch(text):
            self._refuse(path, "a finite number", text, event)
        if _INTEGER.fullmatch(text):
            if len(text.lstrip("+-")) > MOST_DIGITS:
                self._refuse(path, f"at most {MOST_DIGITS} digits", shown(text), event)
            return int(text)
        if _REAL.fullmatch(text):
            return self._real(text, path, event)
        return self._checked(text, path, event)

    def _real(self, text: str, path: str, event: yaml.Event) -> float:
        number = float(text)
        if not isfinite(number) or abs(number) >= 10**MOST_DIGITS:
            self._refuse(path, f"a number below 10^{MOST_DIGITS}", shown(text), event)
        return number

    def _checked(self, text: str, path: str, event: yaml.Event) -> str:
        # Escapes can write what no text of ours may hold.
        if "\0" in text or any("\ud800" <= character <= "\udfff" for character in text):
            self._refuse(path, "a text", "a NUL character or a lone surrogate", event)
        return text

    def _count(self, event: yaml.Event, path: str, nodes: int) -> None:
        self._nodes += nodes
        if self._nodes > MOST_NODES:
            seen = "more, counting what aliases stand for"
            self._refuse(path, f"at most {MOST_NODES} values", seen, event)

    def _refuse(self, path: str, expected: str, seen: str, event: yaml.Event | None) -> NoReturn:
        line = event.start_mark.line + 1 if event is not None else None
        raise DataError(self._file, [Fault(path, expected, seen, line=line)])
