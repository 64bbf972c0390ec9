"""The steps that are all a server can do to a caller, and the scripts made of them."""

from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

Headers: TypeAlias = tuple[tuple[bytes, bytes], ...]


# Every reply has these two: named tuples are made faster than data classes.
class Head(NamedTuple):
    """Send a status line and header fields; names are lower-case."""

    status: int
    headers: Headers


class Chunk(NamedTuple):
    """Send these bytes of the content."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Raw:
    """Put these bytes on the connection as they are: what no correct server would send."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Wait:
    """Do nothing for so many seconds of the session's clock."""

    seconds: float


@dataclass(frozen=True, slots=True)
class HangUp:
    """Close the connection (TCP FIN), finished or not."""


@dataclass(frozen=True, slots=True)
class Reset:
    """Break the connection off (TCP RST)."""


Step: TypeAlias = Head | Chunk | Raw | Wait | HangUp | Reset
Script: TypeAlias = tuple[Step, ...]


def head_of(script: Script) -> Head | None:
    """The head that the script sends, if it gets that far."""
    for step in script:
        if isinstance(step, Head):
            return step
    return None


def content_of(script: Script) -> bytes:
    """All content bytes that the script sends in an orderly way."""
    return b"".join(step.data for step in script if isinstance(step, Chunk))


def is_orderly(script: Script) -> bool:
    """True when a correct HTTP server could play the script: one head, then content and waits."""
    return not any(isinstance(step, (Raw, HangUp, Reset)) for step in script)
