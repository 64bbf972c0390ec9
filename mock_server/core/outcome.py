"""What a client said of its own run, once it had ended."""

from dataclasses import dataclass
from enum import Enum


class OutcomeStatus(Enum):
    """How a run ended, in the client's own view; ``unknown``: the client cannot tell."""

    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the caller of a client was told.

    ``urls`` are the results in the order in which they were handed over; ``code`` and ``message``
    are those of the error. ``exit_status``, ``stdout`` and ``stderr`` are a process's (None and
    empty without one). ``duration`` is in seconds of the session's clock, None if nobody measured.
    """

    status: OutcomeStatus
    task_id: str | None = None
    urls: tuple[str, ...] = ()
    code: str | int | None = None
    message: str | None = None
    exit_status: int | None = None
    stdout: str = ""
    stderr: str = ""
    duration: float | None = None
