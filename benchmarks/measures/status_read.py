"""Status reads, of tasks under way and of finished ones, against a constant reply."""

from collections.abc import Iterator, Sequence
from typing import Any

from benchmarks.rounds import Effort, Round, compare
from benchmarks.rows import Row, speed_row
from benchmarks.servers import Server, control, mock
from benchmarks.tasks import AT_ONCE, UNDER_WAY, create, finished, reads, under_way

TASKS = 256
BAR = 1.0


def measure(effort: Effort) -> Iterator[Row]:
    """A finished task is read on its own, since its reply carries the results."""
    with mock(*UNDER_WAY) as subject:
        ids = create(subject, TASKS)
        rounds = against_constant(effort, subject, ids, under_way(subject, ids[0]))
        under_way(subject, ids[0])
    yield speed_row("status-read", "status read", rounds, at_least=BAR)
    with mock(*AT_ONCE) as subject:
        ids = create(subject, TASKS)
        rounds = against_constant(effort, subject, ids, finished(subject, ids[-1]))
    yield speed_row("status-read", "status read, finished", rounds, at_least=BAR)


def against_constant(
    effort: Effort, subject: Server, ids: Sequence[str], document: Any
) -> list[Round]:
    """Compare with a control that answers with the very document that the mock gave."""
    with control(document) as bare:
        return compare(effort, reads(subject, ids), reads(bare, ids))
