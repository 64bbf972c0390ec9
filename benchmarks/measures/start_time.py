"""CPU time, user and system, that a process uses from its start to its first accepted submit."""

from collections.abc import Iterator
from contextlib import AbstractContextManager

from benchmarks.api import submits
from benchmarks.process import used_seconds
from benchmarks.rounds import Effort
from benchmarks.rows import Row, amount_row
from benchmarks.servers import Server, ask_for, control, mock

STARTS = 5
CPU_SECONDS = 0.5


def measure(effort: Effort) -> Iterator[Row]:
    """Starts of mock and control in turn; the first of each, which may compile, does not count."""
    starts = [(start(mock()), start(control({}))) for _ in range(STARTS + 1)][1:]
    mock_seconds, control_seconds = zip(*starts, strict=True)
    yield amount_row(
        "start-time",
        "CPU to first reply",
        "s",
        mock_seconds,
        control_seconds,
        at_most=CPU_SECONDS,
    )


def start(starting: AbstractContextManager[Server]) -> float:
    """CPU seconds that a server has used when its first reply has come."""
    with starting as server:
        ask_for(server, submits(port=server.port, key=server.key)[0], 200)
        return used_seconds(server.pid)
