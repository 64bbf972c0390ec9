"""Clients that never call: there is nothing to judge, and their author wants to know why."""

from collections.abc import Iterable

from contract_tests.clients.client import ClientError
from contract_tests.trace import Done, Trace
from mock_server.core.masking import masked

_MOST_LINES = 5
_MOST_BYTES = 1_000


def silence_of(trace: Trace) -> str | None:
    """How the first job of a story ended in which no call was made; None where there was one."""
    if trace.calls.exchanges or not trace.jobs:
        return None
    done = trace.jobs[0]
    said = masked(_said(done).encode("utf-8", "replace"), trace.secrets)
    told = said[-_MOST_BYTES:].decode("utf-8", "replace").splitlines()[-_MOST_LINES:]
    lines = "".join(f"\n  {line}" for line in told if line.strip())
    return f"{_end(done)}{lines}"


def refuse_silence(silences: Iterable[str | None]) -> None:
    """Raise :class:`ClientError` where no call was made in any story; it tells how one ended."""
    seen = tuple(silences)
    if seen and None not in seen:
        raise ClientError(f"the client made no call at all; the first job {seen[0]}")


def _end(done: Done) -> str:
    outcome = done.outcome
    if outcome is None:
        return "had to be ended by force"
    status = "" if outcome.exit_status is None else f", exit status {outcome.exit_status}"
    told = "" if outcome.message is None else f": {outcome.message}"
    return f"ended as {outcome.status.value}{status}{told}"


def _said(done: Done) -> str:
    streams = () if done.outcome is None else (done.outcome.stdout, done.outcome.stderr)
    return "\n".join(text for text in (*streams, done.printed) if text)
