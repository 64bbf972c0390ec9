"""The result as a table for people and as a JSON document for programs."""

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from benchmarks.rounds import Effort
from benchmarks.rows import Row, Verdict

COLOURS = {Verdict.HOLDS: "green", Verdict.BROKEN: "red", Verdict.UNCLEAR: "yellow"}


def rendered(rows: Sequence[Row], effort: Effort) -> RenderableType:
    """The table, what the rounds were, and the notes of rows that have one."""
    table = Table("measure", title="Speed and memory of the mock server")
    for heading in ("mock", "control", "ratio", "bar"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("verdict")
    for row in rows:
        table.add_row(*cells(row), Text(row.verdict, style=COLOURS[row.verdict]))
    about = f"Medians of {effort.rounds} rounds of {effort.seconds:g} s, mock and control in turn."
    notes = [Text(f"{row.measure}: {row.note}") for row in rows if row.note]
    return Group(table, Text(about), *notes)


def cells(row: Row) -> tuple[str, str, str, str, str]:
    """Measure, mock, control, ratio and bar as they stand in the table."""
    title = f"{row.measure}: {row.title}" if row.mock is None else row.title
    return (
        title,
        quantity(row.mock, row.unit),
        quantity(row.control, row.unit),
        "" if row.ratio is None else f"{row.ratio:.2f}",
        row.bar,
    )


def quantity(value: float | None, unit: str) -> str:
    """A value with its unit; replies per second and MB without decimals that mean nothing."""
    if value is None:
        return ""
    decimals = {"replies/s": 0, "MB": 1}.get(unit, 2)
    return f"{value:,.{decimals}f} {unit}"


def as_json(rows: Sequence[Row], effort: Effort) -> str:
    """Rows with all their rounds, and what they were measured on."""
    document: dict[str, Any] = {
        "effort": asdict(effort),
        "machine": {
            "cores": os.cpu_count(),
            "python": platform.python_version(),
            "system": platform.platform(),
        },
        "rows": [asdict(row) | {"ratio": row.ratio} for row in rows],
    }
    return json.dumps(document, indent=2) + "\n"
