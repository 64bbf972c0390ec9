"""Status reads of finished tasks, with their result URLs, against a constant reply."""

from collections.abc import Iterator

from benchmarks.api import status_reads
from benchmarks.rounds import Effort, Target, compare
from benchmarks.rows import Row, speed_row
from benchmarks.servers import control, mock
from benchmarks.tasks import AT_ONCE, create, finished

TASKS = 256


def measure(effort: Effort) -> Iterator[Row]:
    """The control answers with the very document that the mock gave."""
    with mock(*AT_ONCE) as subject:
        ids = create(subject, TASKS)
        with control(finished(subject, ids[-1])) as bare:
            targets = (
                Target(server, status_reads(ids, port=server.port, key=server.key))
                for server in (subject, bare)
            )
            samples = compare(effort, *targets)
    yield speed_row("status-read-finished", "status read, task finished", samples, at_least=1.0)
