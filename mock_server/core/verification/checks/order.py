"""The check ``order``: calls came in a certain order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from mock_server.core.exchange import Exchange
from mock_server.core.finding import Finding, Near, Place, Verdict, Words
from mock_server.core.trace import Trace
from mock_server.core.verification.check import Check, ExpectationError, dropped_words
from mock_server.core.verification.selector import Selector, unclear_words


@dataclass(frozen=True, slots=True)
class Order(Check):
    """A call that each of the ``steps`` picks, one after the other.

    ``adjacent`` says that no other call came in between. Raises
    :class:`ExpectationError` without steps, and for a step with other words than these.
    """

    id: ClassVar[str] = "order"
    steps: tuple[Selector, ...]
    adjacent: bool = False

    def __post_init__(self) -> None:
        if not self.steps:
            raise ExpectationError("order", "at least one step", "none")

    @classmethod
    def read(cls, options: Mapping[str, Any]) -> Self:
        """The check of a document."""
        steps = tuple(map(_step, options.get("steps", ())))
        return cls(steps, options.get("adjacent", False))

    def judge(self, trace: Trace) -> Finding:
        """The calls that were found in that order, as far as they were."""
        found = self._best(trace.exchanges)
        numbers = tuple(one.number for one in found)
        if len(found) == len(self.steps):
            seen = Words("in calls {calls}", {"calls": ", ".join(map(str, numbers))})
            return self._finding(Verdict.PASSED, seen, numbers)
        step = self.steps[len(found)]
        unclear = sum(one.may_pick(call) for one in self.steps for call in trace.exchanges)
        if trace.dropped:
            return self._finding(Verdict.INCONCLUSIVE, dropped_words(trace), numbers)
        if unclear:
            return self._finding(Verdict.INCONCLUSIVE, unclear_words(unclear), numbers)
        facts = {"step": len(found) + 1, "calls": str(step), "before": ", ".join(map(str, numbers))}
        after = " after calls {before}" if found else ""
        seen = Words(f"nothing for step {{step}} ({{calls}}){after}", facts)
        near = _nearest(step, trace.exchanges, found)
        return self._finding(Verdict.FAILED, seen, numbers, near)

    def is_settled(self, finding: Finding) -> bool:
        """What is missing can still come."""
        return False

    def _best(self, exchanges: Sequence[Exchange]) -> tuple[Exchange, ...]:
        """The longest beginning of the steps that was found."""
        if not self.adjacent:
            return self._from(exchanges, 0)
        runs = (self._from(exchanges, start) for start in range(len(exchanges)))
        best: tuple[Exchange, ...] = ()
        for run in runs:
            best = run if len(run) > len(best) else best
        return best

    def _from(self, exchanges: Sequence[Exchange], start: int) -> tuple[Exchange, ...]:
        found: list[Exchange] = []
        for exchange in exchanges[start:]:
            if len(found) == len(self.steps):
                break
            if self.steps[len(found)].picks(exchange):
                found.append(exchange)
            elif self.adjacent:
                break
        return tuple(found)

    def _finding(
        self, verdict: Verdict, seen: Words, numbers: tuple[int, ...], near: Near | None = None
    ) -> Finding:
        steps = ", then ".join(map(str, self.steps))
        between = " with nothing in between" if self.adjacent else ""
        expected = Words(f"{{steps}}{between}", {"steps": steps})
        place = Place(near.call) if near else None
        return Finding(self.id, verdict, expected, seen, place, numbers, near)


def _step(words: Mapping[str, Any]) -> Selector:
    for name in words:
        if name not in ("operation", "where"):
            raise ExpectationError("order: step", "operation or where", repr(name))
    return Selector(words.get("operation"), words.get("where", {}))


def _nearest(
    step: Selector, exchanges: Sequence[Exchange], found: tuple[Exchange, ...]
) -> Near | None:
    """The call that came closest to the missing step: too early, or not quite what was meant."""
    early = [one for one in exchanges if step.picks(one) and one not in found]
    if early:
        return Near(early[-1].number, Words("it came at another place in the order"))
    last = found[-1].number if found else 0
    return step.nearest(one for one in exchanges if one.number > last)
