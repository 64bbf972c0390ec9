"""Holds every call against every statement, at once, and keeps what was found."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from contract_tests.server.log import Event, Log
from contract_tests.server.promises import Promises
from contract_tests.server.seen import Seen
from contract_tests.server.statement import Breach, Known, Statement

# What is found over and over again is one fault; the first ones and the smallest are enough.
_MOST_BREACHES = 50


@dataclass(frozen=True, slots=True)
class Found:
    """A breach, the call that showed it and the conversation in which that was."""

    statement: Statement
    breach: Breach
    call: Seen
    conversation: str


@dataclass(slots=True)
class Tally:
    """What was seen of one statement: how often it could have been broken, and how it was."""

    chances: int = 0
    found: list[Found] = field(default_factory=list)


class Judge:
    """Looks at each call through all statements that the profile promises.

    ``conversation`` is the name of what is being held, for whatever is found in it.
    """

    def __init__(self, promises: Promises, statements: Sequence[Statement]) -> None:
        self.promises = promises
        self.log = Log(promises)
        self.conversation = ""
        self.statements = [one for one in statements if one.not_promised(promises) is None]
        self.tallies = {one.id: Tally() for one in self.statements}
        self._known = Known(self.log, promises)
        self._by_call: dict[int, list[Found]] = {}

    @property
    def next_number(self) -> int:
        """The number of the next call."""
        return len(self.log.calls) + 1

    def see(self, call: Seen) -> None:
        """Note a call and judge it."""
        self.log.add(call)
        for statement in self.statements:
            breaches = statement.look(call, self._known)
            if breaches is None:
                continue
            tally = self.tallies[statement.id]
            tally.chances += 1
            for breach in breaches:
                found = Found(statement, breach, call, self.conversation)
                self._by_call.setdefault(call.number, []).append(found)
                if len(tally.found) < _MOST_BREACHES:
                    tally.found.append(found)

    def took(self, event: Event) -> None:
        """Note a step that was taken."""
        self.log.events.append(event)

    def found_at(self, number: int) -> tuple[Found, ...]:
        """What the call of that number showed."""
        return tuple(self._by_call.get(number, ()))

    @property
    def found(self) -> tuple[Found, ...]:
        """Everything that was found, statement by statement."""
        return tuple(found for tally in self.tallies.values() for found in tally.found)
