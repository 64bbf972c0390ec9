"""Resident memory after the start, and what 100,000 tasks add to it."""

from collections.abc import Iterator

from benchmarks.api import status_reads
from benchmarks.load import send_each
from benchmarks.process import resident_megabytes
from benchmarks.rounds import Effort
from benchmarks.rows import Row, amount_row
from benchmarks.servers import control, mock
from benchmarks.tasks import UNDER_WAY, create, under_way

TASKS = 100_000
START_MEGABYTES = 60
GROWTH_MEGABYTES = 100


def measure(effort: Effort) -> Iterator[Row]:
    """Start means after the first reply; each task is read once, so none was dropped."""
    with mock(*UNDER_WAY) as subject:
        first = create(subject, 1)
        with control(under_way(subject, first[0])) as bare:
            create_on_control = resident_megabytes(bare.pid)
        started = resident_megabytes(subject.pid)
        yield amount_row(
            "memory",
            "memory after start",
            "MB",
            [started],
            [create_on_control],
            at_most=START_MEGABYTES,
        )
        ids = create(subject, TASKS)
        send_each(subject, status_reads(ids, port=subject.port, key=subject.key), status=200)
        grown = resident_megabytes(subject.pid) - started
        yield amount_row(
            "memory", f"memory of {TASKS:,} tasks", "MB", [grown], at_most=GROWTH_MEGABYTES
        )
