"""What has reached a session so far, for clients that cannot be seen in any other way."""

from contract_tests.clients.client import Traffic
from mock_server import Session
from mock_server.core.journal import Entry


def traffic_of(session: Session) -> Traffic:
    """The traffic of a session; a session that nobody has called yet costs nothing to ask."""
    if session.is_untouched:
        return Traffic()
    entries = tuple(session.world.journal)
    if not entries:
        return Traffic()
    last = max(entry.at if entry.ended is None else entry.ended for entry in entries)
    return Traffic(
        first=entries[0].at,
        last=last,
        in_flight=sum(entry.ended is None for entry in entries),
        tasks=len(_tasks(entries)),
        open_tasks=len(_tasks(entries) - _told_over(entries)),
    )


def _tasks(entries: tuple[Entry, ...]) -> set[str | None]:
    return {entry.task for entry in entries if entry.created and entry.operation == "submit"}


def _told_over(entries: tuple[Entry, ...]) -> set[str | None]:
    return {
        entry.task
        for entry in entries
        if entry.operation == "status" and entry.phase in ("succeeded", "failed")
    }
