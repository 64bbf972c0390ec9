"""Status reads on a mock that holds 100,000 tasks, against a mock that holds 1,000."""

from collections.abc import Iterator

from benchmarks.api import status_reads
from benchmarks.rounds import Effort, Target, compare
from benchmarks.rows import Row, speed_row
from benchmarks.servers import Server, mock
from benchmarks.tasks import UNDER_WAY, create

MANY, FEW = 100_000, 1_000


def measure(effort: Effort) -> Iterator[Row]:
    """Both answer reads of equally many tasks, spread over all that they hold."""
    with mock(*UNDER_WAY) as crowded, mock(*UNDER_WAY) as empty:
        samples = compare(effort, holding(crowded, MANY), holding(empty, FEW))
    yield speed_row("many-tasks", f"status read, {MANY:,} tasks : {FEW:,}", samples, at_least=0.9)


def holding(server: Server, count: int) -> Target:
    """Create so many tasks; reads of ``FEW`` of them, evenly chosen."""
    ids = create(server, count)[:: count // FEW]
    return Target(server, status_reads(ids, port=server.port, key=server.key))
