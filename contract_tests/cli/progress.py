"""How far an exam is, shown while it runs."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from contract_tests.exam.settings import Progress, Settings


@contextmanager
def showing(settings: Settings) -> Iterator[Settings]:
    """The settings, with a bar on the error stream; without a terminal nothing is shown."""
    if not sys.stderr.isatty():
        yield settings
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    columns = (
        BarColumn(20),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.description}"),
    )
    bar = Bar(*columns, console=Console(stderr=True), transient=True)
    task = bar.add_task("", total=None)

    def hear(progress: Progress) -> None:
        # Not before the first story: it takes a thread, and a process with threads is not copied.
        bar.start()
        bar.update(
            task,
            completed=progress.played,
            total=progress.planned,
            description=progress.story[:40],
        )

    try:
        yield replace(settings, hear=hear)
    finally:
        bar.stop()
