"""The error catalogue of a profile: each reason for a refusal in the vendor's words."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus

from mock_server.core.template import Filler

_PHRASES = {status.value: status.phrase for status in HTTPStatus}


@dataclass(frozen=True, slots=True)
class ErrorEntry:
    """One documented error.

    ``reason`` is our name for it, ``status`` the HTTP status code, ``envelope`` the name of the
    body's shape, ``message`` fills the template of its text. ``trigger``, ``fix`` and ``retry`` are
    the vendor's advice and ``source`` where it stands.
    """

    reason: str
    status: int
    envelope: str
    message: Filler
    code: str | int | None = None
    type: str | None = None
    trigger: str = ""
    fix: str = ""
    retry: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All errors of a profile; ``at`` holds what an operation says differently.

    ``operations`` maps a reason to the operations that document it (empty: all of them).
    """

    entries: Mapping[str, ErrorEntry]
    at: Mapping[tuple[str, str], ErrorEntry]
    operations: Mapping[str, tuple[str, ...]]

    def find(self, reason: str, operation: str) -> ErrorEntry:
        """The entry of that reason as that operation words it.

        Raises KeyError for a reason that the profile does not know.
        """
        return self.at.get((operation, reason)) or self.entries[reason]

    def by_status(self, status: int, operation: str) -> ErrorEntry | None:
        """The first entry with which this operation answers that status, if there is one."""
        for entry in self.of(operation):
            if entry.status == status:
                return entry
        return None

    def like(self, status: int, operation: str) -> ErrorEntry:
        """The entry of that status, or the operation's most general one with that status in it."""
        entry = self.by_status(status, operation)
        if entry is not None:
            return entry
        general = "server_error" if status >= 500 else "invalid_request"
        like = self.find(general, operation)
        code = status if isinstance(like.code, int) else like.code
        phrase = _PHRASES.get(status, "Error")
        return replace(like, status=status, code=code, message=lambda facts: phrase, trigger=phrase)

    def of(self, operation: str) -> tuple[ErrorEntry, ...]:
        """All entries that an operation can answer with, as it words them."""
        return tuple(
            self.find(reason, operation)
            for reason in self.entries
            if not self.operations[reason] or operation in self.operations[reason]
        )
