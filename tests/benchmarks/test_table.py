"""The table and the JSON document."""

import io
import json

from rich.console import Console

from benchmarks.rounds import Effort
from benchmarks.rows import Row, amount_row, speed_row, unmeasured_row
from benchmarks.table import as_json, rendered
from tests.benchmarks.samples import rounds, speed

EFFORT = Effort(rounds=8, seconds=0.5)


def printed(*rows: Row, width: int = 120) -> list[str]:
    """The lines of the table, each with single blanks."""
    console = Console(file=io.StringIO(), width=width)
    console.print(rendered(rows, EFFORT))
    assert isinstance(console.file, io.StringIO)
    return [" ".join(line.split()) for line in console.file.getvalue().splitlines()]


def test_a_speed_shows_medians_ratio_lowest_and_highest_round_bar_and_verdict() -> None:
    row = speed_row("x", "submit", rounds((900, 1000), (1200, 1000), (8000, 8000)), at_least=0.8)
    expected = "submit 1,200/s 1,000/s 1.00 0.90-1.20 >= 0.8 holds"
    assert expected in printed(row)


def test_an_amount_shows_its_unit_and_no_ratio() -> None:
    row = amount_row("x", "memory", "MB", [61.24], [30.0], at_most=60)
    assert "memory 61.2 MB 30.0 MB <= 60 MB broken" in printed(row)


def test_seconds_are_shown_in_hundredths() -> None:
    row = amount_row("x", "start", "s", [0.357], at_most=0.5)
    assert "start 0.36 s <= 0.5 s holds" in printed(row)


def test_what_was_not_measured_says_why_under_the_table() -> None:
    lines = printed(unmeasured_row("submit", "mock: expected [200], seen: 500"))
    assert "submit: not measured unclear" in lines
    assert "submit: mock: expected [200], seen: 500" in lines


def test_the_table_fits_a_terminal_of_80_columns() -> None:
    row = speed_row("x", "2,000 stalled clients", rounds((12_345, 54_321)), at_least=0.9)
    assert "2,000 stalled 12,345/s 54,321/s 0.23 0.23-0.23 >= 0.9 broken" in printed(row, width=80)


def test_the_effort_stands_under_the_table() -> None:
    assert "Medians of 8 rounds of 0.5 s" in " ".join(printed(speed(1, 1)))


def test_the_json_document_holds_rows_with_medians_and_rounds() -> None:
    document = json.loads(as_json([speed(800, 1000)], EFFORT))
    assert document["effort"] == {"rounds": 8, "seconds": 0.5}
    [row] = document["rows"]
    assert (row["mock"], row["control"], row["ratio"]) == (800, 1000, 0.8)
    assert (row["mock_rounds"], row["ratios"], row["verdict"]) == ([800], [0.8], "broken")
