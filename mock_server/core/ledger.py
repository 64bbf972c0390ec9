"""What was charged and what was given back, derived from the tasks and the text calls."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from mock_server.core.contract import Switches
from mock_server.core.lifecycle import Phase
from mock_server.core.task import Task


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the account: ``kind`` is ``charge``, ``refund`` or ``tokens``.

    ``credits`` is positive for what was taken and negative for what was given back; ``at`` is on
    the session's clock; ``about`` is the task's id or the text endpoint's path.
    """

    kind: str
    at: float
    owner: str
    about: str
    credits: float
    images: int = 0
    tokens: int = 0


@dataclass(slots=True)
class Ledger:
    """The account of a session.

    Charges are made at acceptance and refunds follow from a task's computed failure, so only token
    charges are written down; ``settled`` keeps the sums of tasks that were let go and ``charged``
    all charges, refunds aside, so that a balance which surely suffices costs one look-up.
    """

    switches: Switches
    tokens: list[Item] = field(default_factory=list)
    settled: dict[str, float] = field(default_factory=dict)
    charged: dict[str, float] = field(default_factory=dict)

    def charge(self, owner: str, credits: float) -> None:
        """Count a charge made at acceptance; its line is the task itself."""
        self.charged[owner] = self.charged.get(owner, 0.0) + credits

    def can_afford(
        self, tasks: Iterable[Task], owner: str, price: float, budget: float, now: float
    ) -> bool:
        """Whether an owner with ``budget`` credits at the start can still pay ``price``."""
        # Refunds only ever help, so what was charged settles nearly every call without a walk.
        if self.charged.get(owner, 0.0) + price <= budget:
            return True
        return self.spent(tasks, owner, now) + price <= budget

    def charge_tokens(self, item: Item, most: int) -> None:
        """Write down a token charge; past ``most`` lines the oldest goes into the settled sum."""
        self.tokens.append(item)
        self.charge(item.owner, item.credits)
        if len(self.tokens) > most:
            self._settle(self.tokens.pop(0))

    def let_go(self, task: Task, now: float) -> None:
        """Keep what a task that is being forgotten has cost."""
        for item in self.items_of(task, now):
            self._settle(item)

    def _settle(self, item: Item) -> None:
        self.settled[item.owner] = self.settled.get(item.owner, 0.0) + item.credits

    def items_of(self, task: Task, now: float) -> Iterator[Item]:
        """The lines of one task: its charge, and its refund once it has failed."""
        count = task.order.images
        yield Item("charge", task.created, task.owner, task.id, task.credits, images=count)
        back = self._refund(task, now)
        if back:
            at = task.finished(now)
            yield Item("refund", now if at is None else at, task.owner, task.id, -back)

    def _refund(self, task: Task, now: float) -> float:
        stage = task.stage(now)
        if stage.phase is Phase.FAILED and self.switches.refund_failed:
            return task.credits
        if stage.phase is Phase.SUCCEEDED and stage.results is not None:
            missing = max(0, task.order.images - stage.results)
            return task.credits * missing / task.order.images if self.switches.refund_partial else 0
        return 0

    def items(self, tasks: Iterable[Task], now: float) -> list[Item]:
        """All lines known in detail, in the order of time."""
        lines = [item for task in tasks for item in self.items_of(task, now)]
        return sorted([*lines, *self.tokens], key=lambda item: item.at)

    def spent(self, tasks: Iterable[Task], owner: str, now: float) -> float:
        """Credits that an owner has spent, refunds taken off."""
        lines = (item for task in tasks if task.owner == owner for item in self.items_of(task, now))
        detail = sum(item.credits for item in lines)
        tokens = sum(item.credits for item in self.tokens if item.owner == owner)
        return self.settled.get(owner, 0.0) + detail + tokens
