"""Measure the mock server's speed and memory: ``python -m benchmarks``."""

import os
import signal
import sys
from pathlib import Path

import click
from rich.console import Console

from benchmarks import measures
from benchmarks.errors import CannotMeasure
from benchmarks.process import cores
from benchmarks.rounds import Effort
from benchmarks.rows import Row, Verdict
from benchmarks.table import as_json, rendered


@click.command()
@click.option("--only", multiple=True, help="Take this measure; may be repeated.")
@click.option("--rounds", default=8, type=click.IntRange(1), help="Rounds of each comparison.")
@click.option(
    "--seconds", default=0.5, type=click.FloatRange(0.05), help="Seconds of a round per server."
)
@click.option(
    "--json",
    "json_file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write rows and rounds here.",
)
def main(only: tuple[str, ...], rounds: int, seconds: float, json_file: Path | None) -> None:
    """Measure the mock server against a bare Starlette app on this machine.

    Ends with 0 if all bars hold, with 1 if one is broken or could not be measured, with 2 if
    nothing could be measured here.
    """
    names = known_names(list(only))
    if json_file is not None and not json_file.parent.is_dir():
        raise click.BadParameter(f"no folder {json_file.parent}", param_hint="--json")
    try:
        prepare()
    except CannotMeasure as error:
        print(f"benchmarks: {error}", file=sys.stderr)
        raise SystemExit(2) from error
    effort = Effort(rounds, seconds)
    rows = take(names, effort)
    Console().print(rendered(rows, effort))
    if json_file is not None:
        json_file.write_text(as_json(rows, effort))
    raise SystemExit(0 if all(row.verdict is Verdict.HOLDS for row in rows) else 1)


def known_names(only: list[str]) -> list[str]:
    """The measures to take; ends with 2 and the nearest name for one that does not exist."""
    try:
        return measures.chosen(only)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--only") from error


def prepare() -> None:
    """Hold this process on the core that the servers do not use, and make it end orderly.

    Raises CannotMeasure where there is one core only.
    """
    if len(cores()) < 2:
        raise CannotMeasure("expected two cores, one for the servers and one for the load, seen: 1")
    os.sched_setaffinity(0, {cores()[-1]})
    # What SIGTERM does by itself would leave the servers running; an interrupt ends them too,
    # even where the shell that started this in the background has it ignored.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, lambda number, frame: signal.raise_signal(signal.SIGINT))


def take(names: list[str], effort: Effort) -> list[Row]:
    """Take the measures one after the other, saying on stderr which one is running."""
    rows: list[Row] = []
    with Console(stderr=True).status("") as status:
        for number, name in enumerate(names, 1):
            status.update(f"{number} of {len(names)}: {name}")
            rows += measures.taken(name, effort)
    return rows


if __name__ == "__main__":
    main()
