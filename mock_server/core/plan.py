"""Which fault strikes which call: queues per operation, spent in order."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from mock_server.core.fault import Fault

ANY = "any"


class Planned(NamedTuple):
    """A fault (None: let the call pass) and how many calls it still strikes (None: all of them).

    ``fired`` is how many it has struck; calls that an endless pass lets through are not counted.
    """

    fault: Fault | None
    times: int | None = 1
    fired: int = 0

    @property
    def text(self) -> str:
        """The entry as it is written in a scenario."""
        name = self.fault.text if self.fault else "pass"
        return name if self.times == 1 else f"{name} x{'*' if self.times is None else self.times}"

    @property
    def is_unspent(self) -> bool:
        """True for a fault that was planned and has not struck as often as it should."""
        if self.fault is None:
            return False
        return self.fired == 0 if self.times is None else self.times > 0


@dataclass(frozen=True, slots=True)
class Plan:
    """Queues of faults per operation; the queue ``any`` serves operations that have none left."""

    queues: Mapping[str, tuple[Planned, ...]] = field(default_factory=dict)

    def draw(self, operation: str) -> tuple[Fault | None, "Plan"]:
        """The fault for an operation's next call and the plan that is left; changes nothing."""
        for name in (operation, ANY):
            queue = self.queues.get(name)
            if queue:
                first = queue[0]
                if first.fault is None and first.times is None:
                    return None, self
                kept = _spend(first)
                left = (kept, *queue[1:]) if kept.times != 0 else queue[1:]
                return first.fault, Plan({**self.queues, name: left})
        return None, self

    def add(self, operation: str, planned: tuple[Planned, ...]) -> "Plan":
        """The plan with more entries at the end of an operation's queue."""
        queue = (*self.queues.get(operation, ()), *planned)
        return Plan({**self.queues, operation: queue})

    @property
    def unspent(self) -> tuple[str, ...]:
        """The faults that have not struck, as ``operation: text``."""
        return tuple(
            f"{operation}: {planned.text}"
            for operation, queue in self.queues.items()
            for planned in queue
            if planned.is_unspent
        )


def _spend(planned: Planned) -> Planned:
    times = None if planned.times is None else planned.times - 1
    return Planned(planned.fault, times, planned.fired + 1)
