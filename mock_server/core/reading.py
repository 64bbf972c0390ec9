"""Strict reading of JSON bodies: what other parsers let pass is refused with its reason."""

import json
from collections.abc import Callable, Iterator


class MalformedBodyError(ValueError):
    """A body that is not the JSON text it must be; the message tells the caller why."""


def read_json(body: bytes, depth: int) -> object:
    """The value of a JSON text (RFC 8259, UTF-8, at most ``depth`` levels deep).

    Raises :class:`MalformedBodyError` for everything that readers disagree about: a byte order
    mark, repeated member names, NaN and infinities, lone surrogates, NUL characters, deep nesting.
    """
    if not body:
        raise MalformedBodyError("The request body is empty.")
    text = _decode(body)
    _check_depth(text, depth)
    value = _parse(text)
    _check_characters(body, value)
    return value


def _parse(text: str) -> object:
    try:
        # The scanner alone settles what is right; the decoder around it words what is wrong.
        value, end = _SCAN(text, 0)
        if end == len(text):
            return value
    except (StopIteration, ValueError, RecursionError):
        pass
    return _parse_again(text)


def _parse_again(text: str) -> object:
    try:
        return _DECODER.decode(text)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno} column {error.colno}"
        reason = f"The request body is not valid JSON: {error.msg} at {place}."
        raise MalformedBodyError(reason) from None
    except MalformedBodyError:
        raise
    except ValueError:
        # Python's own bound on the digits of an integer (4,300).
        raise MalformedBodyError("The request body has a number of too many digits.") from None
    except RecursionError:
        raise MalformedBodyError("The request body is nested too deeply.") from None


def _decode(body: bytes) -> str:
    if body.startswith(b"\xef\xbb\xbf"):
        raise MalformedBodyError("The request body must not begin with a byte order mark.")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise MalformedBodyError(f"The request body is not UTF-8: byte {error.start}.") from None


def _check_depth(text: str, most: int) -> None:
    # Counting brackets is cheap and settles nearly every body; strings are looked into only then.
    if text.count("[") + text.count("{") <= most:
        return
    depth = 0
    in_string = False
    escaped = False
    for character in text:
        if in_string:
            in_string, escaped = (character != '"' or escaped), character == "\\" and not escaped
        elif character == '"':
            in_string = True
        elif character in "[{":
            depth += 1
            if depth > most:
                raise MalformedBodyError(f"The request body is nested deeper than {most} levels.")
        elif character in "]}":
            depth -= 1


def _check_characters(body: bytes, value: object) -> None:
    # Neither character can come about without an escape: raw ones are refused by the parser.
    if b"\\u" not in body:
        return
    for text in _texts(value):
        if "\0" in text:
            raise MalformedBodyError("The request body contains a NUL character.")
        if any("\ud800" <= character <= "\udfff" for character in text):
            raise MalformedBodyError("The request body contains a lone surrogate.")


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, member in value.items():
            yield name
            yield from _texts(member)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)


def _members(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise MalformedBodyError(f"The request body repeats the member '{twice[:80]}'.")
    return members


def _real(digits: str) -> float:
    number = float(digits)
    if number in (float("inf"), float("-inf")):
        raise MalformedBodyError(f"The request body has a number out of range: {digits[:40]}.")
    return number


def _constant(name: str) -> object:
    raise MalformedBodyError(f"The request body contains {name}, which is not JSON.")


_DECODER = json.JSONDecoder(
    object_pairs_hook=_members,
    parse_float=_real,
    parse_constant=_constant,
)
_SCAN: Callable[[str, int], tuple[object, int]] = vars(_DECODER)["scan_once"]
