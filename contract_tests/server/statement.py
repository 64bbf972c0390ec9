"""What every statement about a server is: a documented promise, and how replies are held to it."""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from contract_tests.examination import Statement as StatementRow
from contract_tests.finding import Words
from contract_tests.server.claim import Claim
from contract_tests.server.log import Log
from contract_tests.server.promises import Promises
from contract_tests.server.reasons import Opinion, opinion
from contract_tests.server.seen import Seen


@dataclass(frozen=True, slots=True)
class Means:
    """What a check has at hand.

    ``other_key``: a second key. ``stories``: the server is a mock that plays scenarios, and whose
    clock can be moved.
    """

    other_key: bool
    stories: bool


@dataclass(frozen=True, slots=True)
class Breach:
    """A promise that was broken.

    ``claims`` are what does not hold of the replies; ``given`` are what has to hold of earlier ones
    so that it means anything. ``path`` is the place in the reply's JSON, ``expected`` and ``seen``
    are for people.
    """

    expected: Words
    seen: Words
    claims: tuple[Claim, ...]
    given: tuple[Claim, ...] = ()
    path: str | None = None

    @property
    def calls(self) -> tuple[int, ...]:
        """The numbers of the calls that it speaks of, in their order."""
        found = {at for claim in (*self.given, *self.claims) for at in claim.about}
        return tuple(sorted(at for at in found if isinstance(at, int)))


@dataclass(frozen=True, slots=True)
class Known:
    """Everything that is known when a call is looked at."""

    log: Log
    promises: Promises

    def opinion(self, call: Seen) -> Opinion:
        """What the profile says of a call."""
        return opinion(call, self.log, self.promises)


class Statement(ABC):
    """One documented statement about a server.

    ``id`` is short words with dashes, ``number`` its place in the table (``TAS-04``), ``title`` the
    promise in one sentence, ``why`` what callers lose where it is broken, ``mend`` two lines for
    whoever runs the server. ``idle`` says what was missing where nothing could show it.
    """

    id: ClassVar[str]
    number: ClassVar[str]
    title: ClassVar[str]
    group: ClassVar[str]
    why: ClassVar[str]
    mend: ClassVar[tuple[str, str]]
    idle: ClassVar[str]
    grade: ClassVar[str] = "MUST"

    @abstractmethod
    def source(self, promises: Promises) -> str:
        """Where the promise is written down."""

    @abstractmethod
    def look(self, call: Seen, known: Known) -> Iterable[Breach] | None:
        """What a call, the latest of the log, says of it; None: nothing at all."""

    def not_promised(self, promises: Promises) -> str | None:
        """Why the profile does not promise it, None if it does."""
        return None

    def missing(self, means: Means) -> str:
        """Why nothing was seen of it, given what the check had at hand."""
        return self.idle

    def row(self, promises: Promises) -> StatementRow:
        """The statement as reports know it."""
        return StatementRow(
            self.id,
            self.number,
            self.title,
            self.grade,
            self.group,
            self.why,
            self.source(promises),
            self.mend,
        )
