"""The faults of a session: planned, fired, not reached, superseded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from mock_server.control.reading import read
from mock_server.control.wire import Wire

Fault: TypeAlias = str | int | Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PlannedFault:
    """An entry of a queue: ``fault`` is its text or ``pass``, ``left`` None if it never ends."""

    operation: str
    fault: str
    left: int | None
    fired: int


@dataclass(frozen=True, slots=True)
class StruckFault:
    """A fault by its operation."""

    operation: str
    fault: str


@dataclass(frozen=True, slots=True)
class Faults:
    """What became of all planned faults; ``spent`` is True when none is left to strike."""

    planned: tuple[PlannedFault, ...]
    fired: tuple[StruckFault, ...]
    not_reached: tuple[StruckFault, ...]
    superseded: tuple[StruckFault, ...]
    spent: bool


class SessionFaults:
    """Plans faults for a session and accounts for them."""

    def __init__(self, wire: Wire, path: str) -> None:
        self._wire = wire
        self._path = f"{path}/faults"

    def add(self, **queues: Fault | Sequence[Fault]) -> Faults:
        """Put faults at the end of operations' queues: ``add(submit=["429", "pass"])``."""
        return read(Faults, self._wire.ask("POST", self._path, queues))

    def account(self) -> Faults:
        """What became of all planned faults."""
        return read(Faults, self._wire.ask("GET", self._path))

    def withdraw(self) -> Faults:
        """Withdraw all that is planned; what has not struck is superseded."""
        return read(Faults, self._wire.ask("DELETE", self._path))
