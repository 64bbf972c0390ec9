"""What the exam asks of a client, however it is attached."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Final, TypeAlias

from contract_tests.outcome import Job
from contract_tests.trace import Ability, Done
from mock_server.core.client_plan import JobPlan, Stop
from mock_server.core.masking import masked

# What the session's clock shows: epoch seconds.
Now: TypeAlias = Callable[[], float]

EVERYTHING: Final = frozenset(one.name for one in fields(JobPlan))
# Enough for a reader; a client that goes wrong in every story would say the same for each.
_MOST_NOTES = 20


class ClientError(Exception):
    """A client that cannot be examined at all: the message says why, for its author."""


@dataclass(frozen=True, slots=True)
class Traffic:
    """What has reached the session of a job so far; times are seconds of its clock.

    ``first`` is when the first call came, ``last`` when the latest one came or ended (None before
    any). ``in_flight`` counts the calls that are still being answered, ``tasks`` those that were
    made, ``open_tasks`` those of whose end nobody was told yet.
    """

    first: float | None = None
    last: float | None = None
    in_flight: int = 0
    tasks: int = 0
    open_tasks: int = 0


# Looks at the session that a job belongs to.
Watch: TypeAlias = Callable[[Job], Traffic]


class Escaped(Exception):
    """A client that left virtual time: what it did there is not to be judged.

    The message says how it did. The same story is then played in real time.
    """


class Client(ABC):
    """A client under examination.

    ``name`` is what its owner calls it. ``abilities`` may grow in :meth:`begin`. ``most_at_once``
    (jobs) and ``gives_up_after`` (seconds) are what it declares, None if it does not.
    ``is_virtual`` says that it lives in the exam's own event loop, and may be run in virtual time.
    ``takes`` are the members of an order that it can be told: a command knows only what it has
    placeholders for. ``notes`` are what a reader of the report has to know of how it was run; they
    grow. ``watch`` is set by whoever serves the jobs, for clients that cannot be seen in any other
    way.
    """

    name: str
    abilities: frozenset[Ability]
    most_at_once: int | None = None
    gives_up_after: float | None = None
    is_virtual: bool = False
    takes: frozenset[str] = EVERYTHING
    notes: tuple[str, ...] = ()
    watch: Watch | None = None

    async def begin(self) -> None:  # noqa: B027 - most clients need nothing
        """Get ready; raises :class:`ClientError` when it cannot be started at all."""

    @abstractmethod
    async def do(self, job: Job, now: Now, stop: Stop | None = None, limit: float = 600.0) -> Done:
        """Do one job to its end, and never raise because of what the client does.

        ``now`` is the session's clock; ``stop`` is when and how it is told to stop, in seconds of
        that clock from its first call, or from the start of the job where nobody watches. After
        ``limit`` seconds of it the client is ended by force, with all that it started; the outcome
        is None then.
        """

    async def end(self) -> None:  # noqa: B027 - most clients leave nothing behind
        """Let everything go that :meth:`begin` and :meth:`do` have started."""

    def another(self) -> "Client":
        """An independent client of the same kind: for a long-lived process, another process."""
        return self

    def note(self, text: str) -> None:
        """Add to the notes, without keys, what is not among them yet, up to a bound."""
        text = masked(text.encode("utf-8", "backslashreplace")).decode("utf-8", "replace")
        if text not in self.notes and len(self.notes) < _MOST_NOTES:
            self.notes = (*self.notes, text)
