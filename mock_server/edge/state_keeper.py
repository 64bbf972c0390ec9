"""What a server with a state tells to whoever keeps it."""

from typing import Protocol

from mock_server.edge.sessions import Session


class StateError(OSError):
    """The state could not be written; nobody may be told that what it would say has happened."""


class Keeper(Protocol):
    """Keeps sessions beyond the end of the process.

    Each method returns when it is safe to answer a caller, and raises :class:`StateError` when it
    is not.
    """

    def begun(self, session: Session) -> None:
        """A session has begun, or has taken the place of the one of its name."""

    def gone(self, name: str) -> None:
        """A session has been let go."""

    def called(self, session: Session) -> None:
        """A call has been answered by the engine; its reply has not been delivered."""

    def keep(self, session: Session) -> None:
        """Something in a session, or its clock, has been changed from outside."""
