"""Text that others wrote, made safe to show: nothing in it can steer a terminal or spoil a file."""

import json
import re

# Control characters but for tab and line feed, marks that turn the direction of writing, halves of
# surrogate pairs, and what XML does not allow.
_ODD = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
# Of those what JSON itself does not escape.
_ODD_IN_JSON = re.compile("[\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def json_text(value: object, indent: int | None = None) -> str:
    """The value as JSON that can be written as UTF-8, with each odd character escaped.

    Raises ``ValueError`` for a number that JSON does not have.
    """
    separators = (",", ":") if indent is None else None
    text = json.dumps(
        value, indent=indent, separators=separators, ensure_ascii=False, allow_nan=False
    )
    return _ODD_IN_JSON.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def visible(text: str) -> str:
    r"""The text with each odd character written out, such as ``\x1b``; lines stay lines."""
    return _ODD.sub(_written_out, text)


def one_line(text: str) -> str:
    """The same on a single line."""
    return " ".join(visible(text).split())


def _written_out(found: re.Match[str]) -> str:
    code = ord(found[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
