"""Measure the mock server's speed and memory: ``python -m benchmarks``."""

import os
import signal
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from benchmarks import measures
from benchmarks.errors import CannotMeasure
from benchmarks.process import cores
from benchmarks.rounds import Effort
from benchmarks.rows import Row, Verdict
from benchmarks.table import as_json, rendered


def main(
    only: Annotated[
        list[str] | None,
        typer.Option(help=f"Take this measure; may be repeated. {', '.join(measures.names())}."),
    ] = None,
    rounds: Annotated[int, typer.Option(min=1, help="Rounds of each comparison.")] = 7,
    seconds: Annotated[float, typer.Option(min=0.05, help="Seconds of each shot.")] = 0.8,
    json_file: Annotated[
        Path | None, typer.Option("--json", help="Write rows and rounds here.", dir_okay=False)
    ] = None,
) -> None:
    """Measure the mock server against a bare Starlette app on this machine.

    Ends with 0 if all bars hold, with 1 if one is broken or could not be measured, with 2 if
    nothing could be measured here.
    """
    names = known_names(only or [])
    if json_file is not None and not json_file.parent.is_dir():
        raise typer.BadParameter(f"no folder {json_file.parent}", param_hint="--json")
    try:
        take_core_of_the_load()
    except CannotMeasure as error:
        print(f"benchmarks: {error}", file=sys.stderr)
        raise typer.Exit(2) from error
    # The usual way to end a program would leave its servers running.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    effort = Effort(rounds, seconds)
    rows = take(names, effort)
    Console().print(rendered(rows, effort))
    if json_file is not None:
        json_file.write_text(as_json(rows, effort))
    raise typer.Exit(0 if all(row.verdict is Verdict.HOLDS for row in rows) else 1)


def known_names(only: list[str]) -> list[str]:
    """The measures to take; ends with 2 and the nearest name for one that does not exist."""
    try:
        return measures.chosen(only)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--only") from error


def take_core_of_the_load() -> None:
    """Hold this process on the core that the servers do not use.

    Raises CannotMeasure where there is none.
    """
    if len(cores()) < 2:
        raise CannotMeasure("expected two cores, one for the servers and one for the load, seen: 1")
    os.sched_setaffinity(0, {cores()[-1]})


def take(names: list[str], effort: Effort) -> list[Row]:
    """Take the measures one after the other, saying on stderr which one is running."""
    rows: list[Row] = []
    with Console(stderr=True).status("") as status:
        for number, name in enumerate(names, 1):
            status.update(f"{number} of {len(names)}: {name}")
            rows += measures.taken(name, effort)
    return rows


if __name__ == "__main__":
    typer.run(main)
