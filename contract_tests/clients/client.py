"""What the exam asks of a client, however it is attached."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import TypeAlias

from contract_tests.outcome import Job
from contract_tests.trace import Ability, Done
from mock_server.core.client_plan import Stop

# What the session's clock shows: epoch seconds.
Now: TypeAlias = Callable[[], float]


class ClientError(Exception):
    """A client that cannot be examined at all: the message says why, for its author."""


class Escaped(Exception):
    """A client that left virtual time: what it did there is not to be judged.

    The message says how it did. The same story is then played in real time.
    """


class Client(ABC):
    """A client under examination.

    ``name`` is what its owner calls it. ``abilities`` may grow in :meth:`begin`. ``most_at_once``
    (jobs) and ``gives_up_after`` (seconds) are what it declares, None if it does not.
    ``is_virtual`` says that it lives in the exam's own event loop, and may be run in virtual time.
    """

    name: str
    abilities: frozenset[Ability]
    most_at_once: int | None = None
    gives_up_after: float | None = None
    is_virtual: bool = False

    async def begin(self) -> None:  # noqa: B027 - most clients need nothing
        """Get ready; raises :class:`ClientError` when it cannot be started at all."""

    @abstractmethod
    async def do(self, job: Job, now: Now, stop: Stop | None = None, limit: float = 600.0) -> Done:
        """Do one job to its end, and never raise because of what the client does.

        ``now`` is the session's clock; ``stop`` is when and how it is told to stop, in seconds of
        that clock from the start of the job. After ``limit`` seconds it is ended by force, with all
        that it started; the outcome is None then.
        """

    async def end(self) -> None:  # noqa: B027 - most clients leave nothing behind
        """Let everything go that :meth:`begin` and :meth:`do` have started."""

    def another(self) -> "Client":
        """An independent client of the same kind: for a long-lived process, another process."""
        return self
