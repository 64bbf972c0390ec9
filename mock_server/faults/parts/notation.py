"""The text of faults: ``429(retry_after=2) x3``, written and read."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NoReturn

Argument = tuple[str | None, object]

MOST_TIMES = 1_000_000
MOST_CHARACTERS = 10_000
_NAME = re.compile(r"\s*([A-Za-z_][A-Za-z0-9_-]*|[0-9]+)\s*")
_OPTION = re.compile(r"\s*([A-Za-z_][A-Za-z0-9_-]*)\s*=")
_BLANK = re.compile(r"\s*")
_TIMES = re.compile(r"x\s*([0-9]{1,7}|\*)\s*$")
_BARE = re.compile(r'[^,()"\[\]{}\x00-\x1f]+')
_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?")
_CONSTANTS = {"true": True, "false": False, "null": None}
# What may be written without quotation marks; more than this is read without them.
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_./:%?&#@-]*")


class NotationError(ValueError):
    """A text that names no fault: what was expected and what was seen."""

    def __init__(self, expected: str, seen: str) -> None:
        self.expected = expected
        self.seen = seen
        super().__init__(f"expected {expected}, seen {seen}")


@dataclass(frozen=True, slots=True)
class Link:
    """One fault as it is written: its name and its options, those without a name in order."""

    name: str
    arguments: tuple[Argument, ...] = ()


@dataclass(frozen=True, slots=True)
class Phrase:
    """One entry of a queue: faults joined by ``+``, and how often they strike (None: always)."""

    links: tuple[Link, ...]
    times: int | None = 1


def written(name: str, arguments: Iterable[Argument]) -> str:
    """The text of one fault; it is ASCII, so that it fits into a header field."""
    told = [f"{key}={_told(value)}" if key else _told(value) for key, value in arguments]
    return f"{name}({', '.join(told)})" if told else name


def read_phrase(text: str) -> Phrase:
    """The phrase in a text; raises :class:`NotationError`."""
    if len(text) > MOST_CHARACTERS:
        raise NotationError(f"at most {MOST_CHARACTERS} characters", f"{len(text)}")
    try:
        return _Reader(text).phrase()
    except RecursionError:
        raise NotationError("values that are not nested so deeply", "hundreds of levels") from None


def _told(value: object) -> str:
    if isinstance(value, str) and _PLAIN.fullmatch(value) and value not in _CONSTANTS:
        return value
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    return json.dumps(value)


class _Reader:
    """Reads a text from left to right; ``at`` is the place of the next character."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def phrase(self) -> Phrase:
        links = [self.link()]
        while self.takes("+"):
            links.append(self.link())
        times = self.match(_TIMES)
        if self.at < len(self.text):
            self.refuse("the end, or how often: x3, or x* for always")
        if times is None:
            return Phrase(tuple(links))
        count = None if times[1] == "*" else int(times[1])
        if count is not None and not 1 <= count <= MOST_TIMES:
            raise NotationError(f"a number of times from 1 to {MOST_TIMES}", times[1])
        return Phrase(tuple(links), count)

    def link(self) -> Link:
        name = self.match(_NAME)
        if name is None:
            self.refuse("a fault such as 429, reset or delay(2)")
        arguments: list[Argument] = []
        if self.takes("("):
            while not self.takes(")"):
                if arguments and not self.takes(","):
                    # The comma inside is where YAML's [a, b] form cuts a fault in two.
                    self.refuse("',' or ')' (in a YAML list, quote a fault that has a comma)")
                arguments.append(self.argument())
        return Link(name[1], tuple(arguments))

    def argument(self) -> Argument:
        key = self.match(_OPTION)
        return (key[1] if key else None, self.value())

    def value(self) -> object:
        if self.takes("["):
            return self.items()
        if self.text.startswith(('"', "{"), self.at):
            return self.json()
        bare = self.match(_BARE)
        if bare is None:
            self.refuse("a value")
        token = bare[0].strip()
        if _NUMBER.fullmatch(token):
            return json.loads(token)
        return _CONSTANTS.get(token, token)

    def items(self) -> list[object]:
        """The rest of a list; unlike JSON's, its texts need no quotation marks."""
        found: list[object] = []
        while not self.takes("]"):
            if found and not self.takes(","):
                self.refuse("',' or ']'")
            found.append(self.value())
        return found

    def json(self) -> object:
        try:
            value, self.at = _JSON.raw_decode(self.text, self.at)
        except ValueError:
            self.refuse("a JSON value")
        return value

    def takes(self, sign: str) -> bool:
        self.match(_BLANK)
        if not self.text.startswith(sign, self.at):
            return False
        self.at += len(sign)
        return True

    def match(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        found = pattern.match(self.text, self.at)
        if found:
            self.at = found.end()
        return found

    def refuse(self, expected: str) -> NoReturn:
        rest = self.text[self.at :]
        seen = repr(rest if len(rest) <= 60 else f"{rest[:57]}...") if rest else "the end"
        raise NotationError(expected, f"{seen} at character {self.at + 1}")


def _no_constant(name: str) -> Any:
    raise ValueError(name)


_JSON = json.JSONDecoder(parse_constant=_no_constant)
