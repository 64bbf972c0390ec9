"""A mock that holds 100,000 tasks: what they add to its memory, and status reads against a mock
that holds 1,000.
"""

from collections.abc import Iterator

from benchmarks.process import resident_megabytes
from benchmarks.rounds import Effort, compare
from benchmarks.rows import Row, amount_row, speed_row
from benchmarks.servers import mock
from benchmarks.tasks import UNDER_WAY, create, reads

MANY, FEW = 100_000, 1_000
MEGABYTES = 100


def measure(effort: Effort) -> Iterator[Row]:
    """Both mocks answer reads of equally many tasks; those of the crowded one are spread over all
    that it holds, the very first among them, so none may have been dropped.
    """
    with mock(*UNDER_WAY) as crowded, mock(*UNDER_WAY) as empty:
        create(crowded, 1)
        started = resident_megabytes(crowded.pid)
        spread = create(crowded, MANY)[:: MANY // FEW]
        rounds = compare(effort, reads(crowded, spread), reads(empty, create(empty, FEW)))
        grown = resident_megabytes(crowded.pid) - started
    yield amount_row("many-tasks", f"memory of {MANY:,} tasks", "MB", [grown], at_most=MEGABYTES)
    yield speed_row("many-tasks", f"{MANY:,} tasks : {FEW:,}", rounds, at_least=0.9)
