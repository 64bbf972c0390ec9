"""The options of faults: dataclass fields that know their kind and what they are for."""

from collections.abc import Mapping
from dataclasses import field, fields
from functools import cache
from typing import Any, NamedTuple

from mock_server.faults.parts.kinds import Kind, UnfitError

_MOST_BITS = 400


class OptionError(ValueError):
    """An option that a fault cannot take: which one, what was expected and what was seen."""

    def __init__(self, option: str, expected: str, seen: object) -> None:
        self.option = option
        self.expected = expected
        self.seen = seen_as(seen)
        super().__init__(f"{option}: expected {expected}, seen {self.seen}")


class Option(NamedTuple):
    """One option of a fault; a ``default`` of None stands for an option that is not there."""

    name: str
    kind: Kind
    doc: str
    default: object


def option(kind: Kind, doc: str, default: object) -> Any:
    """The dataclass field of an option of that kind, with the default as the fault keeps it."""
    return field(default=default, metadata={"kind": kind, "doc": doc})


@cache
def options_of(fault: type[Any]) -> Mapping[str, Option]:
    """The options of a fault by name, in the order in which they may be given without one."""
    return {
        one.name: Option(one.name, one.metadata["kind"], one.metadata["doc"], one.default)
        for one in fields(fault)
    }


def kept(one: Option, value: object) -> object:
    """A value as its fault keeps it; raises :class:`OptionError`."""
    try:
        return one.kind.keep(value)
    except UnfitError:
        raise OptionError(one.name, one.kind.expected, value) from None


def seen_as(value: object) -> str:
    """A value as it appears in an error, cut where it is long."""
    # Python refuses to write numbers of more than 4300 digits.
    if isinstance(value, int) and value.bit_length() > _MOST_BITS:
        return f"a number of {value.bit_length()} bits"
    try:
        text = repr(value)
    except (ValueError, RecursionError):
        text = f"a {type(value).__name__} that is too large to show"
    return text if len(text) <= 80 else f"{text[:77]}..."
