"""What a client is asked to do, and what it tells of it."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

BODY: dict[str, Any] = {"model": "gpt-4o-image", "prompt": "a fox"}


class Job(NamedTuple):
    """One submit: where, with which key, and for how many seconds its client is patient."""

    url: str
    key: str
    patience: float

    @property
    def headers(self) -> dict[str, str]:
        """The header fields beside those that every client sends on its own."""
        return {"Authorization": f"Bearer {self.key}"}


@dataclass(frozen=True, slots=True)
class Told:
    """What a client told whoever called it.

    ``status`` is the status code (None: it told none), ``error`` the name of what it raised,
    ``value`` the JSON that it read in the reply where it raised nothing.
    """

    status: int | None = None
    error: str | None = None
    value: Any = None

    @property
    def words(self) -> str:
        """The same in a few words."""
        told = [] if self.status is None else [str(self.status)]
        if self.error is not None:
            told.append(self.error)
        elif not (self.status or 0) >= 400:
            told.extend(_wrong(self.value))
        return ", ".join(told)


Client: TypeAlias = Callable[[Sequence[Job]], Awaitable[list[Told]]]
"""Does all jobs at the same time, each on a connection of its own."""


def _wrong(value: Any) -> list[str]:
    """What is wrong with the value of a success."""
    task = value.get("id") if isinstance(value, dict) else None
    if not isinstance(task, str):
        return ["no task"]
    return ["damaged text"] if "\ufffd" in task else []
