"""What a client does next, what comes of it, and what goes wrong: the words of all good clients."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Call:
    """A call to be made; it has to be over within ``seconds``, redirects are not followed."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    seconds: float = 30.0


@dataclass(frozen=True, slots=True)
class Pause:
    """Seconds to be waited."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole reply: the names of header fields in small letters, the content unpacked."""

    status: int
    headers: Mapping[str, str]
    content: bytes


class NotSentError(Exception):
    """The server was not reached: nobody has read anything of the call."""


class LostError(Exception):
    """The call may have been read, but no whole reply came back."""


class OrderError(Exception):
    """Why a job has failed: the server's code and message, or words of the client's own."""

    def __init__(self, code: str | int | None, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class UncertainError(OrderError):
    """Nobody can say whether there is a task, or how it will end."""
