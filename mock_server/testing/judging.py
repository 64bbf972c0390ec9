"""What is said at the end of a test: of faults that did not strike, and of the calls it made."""

from collections import Counter

from mock_server.control import ControlError
from mock_server.testing.server import MockServer
from mock_server.testing.session import MockSession
from mock_server.testing.telling import call_lines

_MOST_CALLS = 40


def complaint(
    server: MockServer, session: MockSession, since: int, *, allow_unspent: bool
) -> str | None:
    """Why a test that has passed so far has not: a mistake of the mock itself, or unspent faults.

    ``since`` is what :meth:`MockServer.bugs_size` was when the test began.
    """
    bugs = server.bugs(since)
    if bugs:
        return (
            "the mock itself made a mistake while this test ran, so what the test saw counts for"
            f" nothing (tests that ran beside it may be told the same):\n{bugs}"
        )
    return None if allow_unspent else unspent(session)


def unspent(session: MockSession) -> str | None:
    """Which planned faults did not strike, in words for the author of the test; None if all did."""
    missing = session.faults.account().not_reached
    if not missing:
        return None
    told = [f"{fault.operation}: {fault.fault}" for fault in missing]
    count = "1 planned fault" if len(missing) == 1 else f"{len(missing)} planned faults"
    made = Counter(entry.operation for entry in session.journal.all(body_bytes=0))
    return (
        f"{count} did not strike: {', '.join(told)}\n"
        f"calls that were made: {_counted(made)}\n"
        "A fault that meets no call proves nothing. If that is meant, say unspent='allowed'."
    )


def _counted(made: Counter[str]) -> str:
    return ", ".join(f"{operation} {count}" for operation, count in made.items()) or "none"


def calls(session: MockSession) -> str:
    """The latest calls of a session, a line each, oldest first."""
    try:
        lines = [*call_lines(session.journal.all(body_bytes=0))]
    except ControlError as error:
        return str(error)
    hidden = len(lines) - _MOST_CALLS
    shown = lines if hidden <= 0 else [f"... {hidden} earlier calls", *lines[hidden:]]
    return "\n".join(shown) or "none"
