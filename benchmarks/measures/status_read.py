"""Status reads of tasks that are under way, against a constant reply."""

from collections.abc import Iterator

from benchmarks.api import status_reads
from benchmarks.rounds import Effort, Target, compare
from benchmarks.rows import Row, speed_row
from benchmarks.servers import control, mock
from benchmarks.tasks import UNDER_WAY, create, under_way

TASKS = 256


def measure(effort: Effort) -> Iterator[Row]:
    """The control answers with the very document that the mock gave."""
    with mock(*UNDER_WAY) as subject:
        ids = create(subject, TASKS)
        with control(under_way(subject, ids[0])) as bare:
            targets = (
                Target(server, status_reads(ids, port=server.port, key=server.key))
                for server in (subject, bare)
            )
            samples = compare(effort, *targets)
        under_way(subject, ids[0])
    yield speed_row("status-read", "status read, task under way", samples, at_least=1.0)
