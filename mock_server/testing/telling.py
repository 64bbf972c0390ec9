"""Calls and findings in words, for the author of a test that has failed."""

from collections.abc import Iterable, Iterator

from mock_server.control import Entry, Finding, Verified


def call_lines(entries: Iterable[Entry]) -> Iterator[str]:
    """A line for each call; times are counted from the first."""
    start: float | None = None
    for entry in entries:
        start = entry.at if start is None else start
        status = "no reply" if entry.status is None else entry.status
        place = f"#{entry.number:<3} {entry.at - start:+9.3f} s  {entry.method:<4} {entry.path}"
        fault = f"fault {entry.fault}" if entry.fault else None
        yield "  ".join(filter(None, (place, str(status), entry.phase, fault)))


def findings_text(verified: Verified, entries: Iterable[Entry]) -> str:
    """What a verification found and the calls that show it; ``entries`` are all that there are."""
    lines = [line for finding in verified.findings for line in _finding_lines(finding)]
    named = {number for finding in verified.findings for number in finding.evidence}
    lines.extend(call_lines(entry for entry in entries if entry.number in named))
    return "\n".join(lines)


def _finding_lines(finding: Finding) -> Iterator[str]:
    yield f"{finding.check}: {finding.verdict.replace('_', ' ')}"
    yield f"  expected {finding.expected}"
    yield f"  seen {finding.seen}"
    if finding.near is not None:
        yield f"  nearest: {finding.near}"
