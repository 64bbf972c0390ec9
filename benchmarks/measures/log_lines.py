"""Status reads on a mock that logs each request as text, against a mock that logs nothing."""

from collections.abc import Iterator

from benchmarks.api import status_reads
from benchmarks.rounds import Effort, Target, compare
from benchmarks.rows import Row, speed_row
from benchmarks.servers import Server, mock
from benchmarks.tasks import UNDER_WAY, create

TASKS = 256


def measure(effort: Effort) -> Iterator[Row]:
    """The log goes to a file, so that no reader of it takes time from either core."""
    with mock(*UNDER_WAY, log="text") as talking, mock(*UNDER_WAY) as silent:
        samples = compare(effort, reads(talking), reads(silent))
    yield speed_row("log-lines", "status read, text log : no log", samples, at_least=0.8)


def reads(server: Server) -> Target:
    """Status reads of a few tasks."""
    ids = create(server, TASKS)
    return Target(server, status_reads(ids, port=server.port, key=server.key))
