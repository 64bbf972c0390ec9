"""How far a word of the server reaches: to the same call, its operation, its key, or everything."""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from enum import Enum

from mock_server.core.exchange import Exchange
from mock_server.core.trace import is_shorter
from mock_server.core.verification.check import ExpectationError


class Scope(Enum):
    """Which later calls count: ``call`` is the same one again, ``key`` those with the same key."""

    CALL = "call"
    OPERATION = "operation"
    KEY = "key"
    ANY = "any"

    def of(self, exchange: Exchange) -> Hashable:
        """What all calls in one scope have in common."""
        if self is Scope.CALL:
            return exchange.call
        if self is Scope.OPERATION:
            return exchange.operation
        return exchange.key if self is Scope.KEY else None


def read_scope(check: str, word: str) -> Scope:
    """The scope of that word; raises :class:`ExpectationError` for another one."""
    known = [scope.value for scope in Scope]
    if word not in known:
        raise ExpectationError(check, f"scope to be one of {', '.join(known)}", repr(word))
    return Scope(word)


def by_scope(exchanges: Iterable[Exchange], scope: Scope) -> dict[Hashable, tuple[Exchange, ...]]:
    """The calls that share a scope, scope by scope, in their order."""
    found: dict[Hashable, list[Exchange]] = {}
    for exchange in exchanges:
        found.setdefault(scope.of(exchange), []).append(exchange)
    return {place: tuple(calls) for place, calls in found.items()}


@dataclass(frozen=True, slots=True)
class Followed:
    """A call, and the later ones that began when its reply, or another one's, could be known."""

    exchange: Exchange
    followers: tuple[Exchange, ...]


def followed(exchanges: Iterable[Exchange], ends: Callable[[Exchange], bool]) -> Followed | None:
    """What followed the calls for which ``ends`` is true; None if there are none."""
    first: Exchange | None = None
    followers = []
    for exchange in exchanges:
        if first is not None and not is_shorter(exchange.started, first.completed):
            followers.append(exchange)
        # A reply that is held back can be overtaken by a later one's.
        if ends(exchange) and (first is None or exchange.completed < first.completed):
            first = exchange
    return None if first is None else Followed(first, tuple(followers))
