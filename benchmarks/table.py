"""The result as a table for people and as a JSON document for programs."""

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from benchmarks.rounds import Effort
from benchmarks.rows import Row, Verdict

COLOURS = {Verdict.HOLDS: "green", Verdict.BROKEN: "red", Verdict.UNCLEAR: "yellow"}
DECIMALS = {"faults": 0, "MB": 1, "s": 2}


def rendered(rows: Sequence[Row], effort: Effort) -> RenderableType:
    """The table, how it came about, and the notes of rows that have one."""
    table = Table("measure", title="Speed and memory of the mock server", box=SIMPLE_HEAD)
    for heading in ("mock", "control", "ratio", "rounds", "bar"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("verdict")
    for row in rows:
        table.add_row(*cells(row), Text(row.verdict, style=COLOURS[row.verdict]))
    about = (
        f"Medians of {effort.rounds} rounds of {effort.seconds:g} s, mock and control in turn; "
        "rounds: lowest and highest ratio."
    )
    return Group(table, Text(about), *(note(row) for row in rows if row.note))


def cells(row: Row) -> tuple[str, ...]:
    """Title, mock, control, ratio, rounds and bar as they stand in the table."""
    return (
        row.title,
        quantity(row.mock, row.unit),
        quantity(row.control, row.unit),
        "" if row.ratio is None else f"{row.ratio:.2f}",
        f"{min(row.ratios):.2f}-{max(row.ratios):.2f}" if row.ratios else "",
        row.bar,
    )


def quantity(value: float | None, unit: str) -> str:
    """A value with its unit, without decimals that mean nothing; empty for None."""
    if value is None:
        return ""
    return f"{value:,.0f}{unit}" if unit == "/s" else f"{value:,.{DECIMALS[unit]}f} {unit}"


def note(row: Row) -> Text:
    """What a reader must know about a row."""
    return Text(f"{row.measure}: {row.note}")


def as_json(rows: Sequence[Row], effort: Effort) -> str:
    """Rows with all their rounds, and what they were measured on."""
    document: dict[str, Any] = {
        "effort": asdict(effort),
        "machine": {
            "cores": os.cpu_count(),
            "python": platform.python_version(),
            "system": platform.platform(),
        },
        "rows": [as_document(row) for row in rows],
    }
    return json.dumps(document, indent=2) + "\n"


def as_document(row: Row) -> dict[str, Any]:
    """A row with its medians."""
    return asdict(row) | {"mock": row.mock, "control": row.control, "ratio": row.ratio}
