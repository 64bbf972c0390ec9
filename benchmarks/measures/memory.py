"""Resident memory after the start, which is over with the first reply."""

from collections.abc import Iterator

from benchmarks.process import resident_megabytes
from benchmarks.rounds import Effort
from benchmarks.rows import Row, amount_row
from benchmarks.servers import control, mock
from benchmarks.tasks import create, document

MEGABYTES = 60


def measure(effort: Effort) -> Iterator[Row]:
    """The control's memory informs about what Python, Starlette and uvicorn need."""
    with mock() as subject:
        task = create(subject, 1)[0]
        with control(document(subject, task)) as bare:
            document(bare, task)
            row = amount_row(
                "memory",
                "memory after start",
                "MB",
                [resident_megabytes(subject.pid)],
                [resident_megabytes(bare.pid)],
                at_most=MEGABYTES,
            )
    yield row
