"""Which calls of a trace a check is about."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from mock_server.core.exchange import Exchange
from mock_server.core.finding import Near, Words
from mock_server.core.verification.check import ExpectationError
from mock_server.core.verification.conditions import CONDITIONS, Miss
from mock_server.core.verification.json_match import as_text


@dataclass(frozen=True, slots=True)
class Selector:
    """Calls of an operation (None: of any) that meet all conditions of ``where``.

    The names in ``where`` are those of :data:`CONDITIONS`; raises :class:`ExpectationError`
    for another one.
    """

    operation: str | None = None
    where: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in self.where:
            if name not in CONDITIONS:
                raise ExpectationError("where", f"one of {', '.join(CONDITIONS)}", repr(name))

    def is_about(self, exchange: Exchange) -> bool:
        """Whether the operation fits."""
        return self.operation in (None, exchange.operation)

    def misses(self, exchange: Exchange) -> tuple[Miss, ...]:
        """The conditions that a call does not meet."""
        found = (CONDITIONS[name](value, exchange) for name, value in self.where.items())
        return tuple(miss for miss in found if miss is not None)

    def picks(self, exchange: Exchange) -> bool:
        """Whether the call is surely one of those that are meant."""
        return self.is_about(exchange) and not self.misses(exchange)

    def may_pick(self, exchange: Exchange) -> bool:
        """Whether only what the journal cut off decides if the call is one of those meant."""
        misses = self.misses(exchange) if self.is_about(exchange) else ()
        return bool(misses) and all(miss.unknown for miss in misses)

    def nearest(self, exchanges: Iterable[Exchange]) -> Near | None:
        """The latest of the calls that lack least to be picked, and what they lack."""
        lacking = [(self.misses(one), one) for one in exchanges if self.is_about(one)]
        lacking = [(misses, one) for misses, one in lacking if misses]
        if not lacking:
            return None
        misses, exchange = min(lacking, key=lambda pair: (len(pair[0]), -pair[1].number))
        return Near(exchange.number, _lacks(misses))

    def __str__(self) -> str:
        """The calls in words."""
        named = "calls" if self.operation is None else f"{self.operation} calls"
        wanted = (f"{name} {as_text(value)}" for name, value in self.where.items())
        return " with ".join([named, *([", ".join(wanted)] if self.where else [])])


def unclear_words(unclear: int) -> Words:
    """The reason that leaves open whether so many calls are picked."""
    return Words("{unclear} calls are too long for the journal to tell", {"unclear": unclear})


def _lacks(misses: tuple[Miss, ...]) -> Words:
    first, more = misses[0], len(misses) - 1
    template = "{place}: expected {expected}, seen {seen}"
    facts = {"place": first.place, "expected": first.expected, "seen": first.seen, "more": more}
    return Words(f"{template}, and {{more}} more" if more else template, facts)
