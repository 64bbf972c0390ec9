"""The table as Markdown, and the files that hold it between two comments."""

import re
from collections.abc import Collection

from tests.faults.client_programs.meeting import CLIENTS, Cells
from tests.faults.client_programs.rows import ROWS

# The faults whose rows each file holds: all of them, and what can go wrong on the wire in brief.
FILES = {
    "docs/faults-and-clients.md": frozenset(row.fault for row in ROWS),
    "README.md": frozenset(
        {
            *("reset", "close", "close(headers)", "cut", "wrong_length", "broken_chunk"),
            *("stall(at=7)", "drip(60)", "delay(0.1)"),
        }
    ),
}
REWRITE = ".venv/bin/python -m tests.faults.client_programs"
_BEGIN, _END = "<!-- fault-table -->", "<!-- /fault-table -->"
_PLACE = re.compile(f"{re.escape(_BEGIN)}\n.*?{re.escape(_END)}", re.DOTALL)


def table(cells: Cells, faults: Collection[str]) -> str:
    """The lines of the table, one for each of these faults."""
    rows = [("fault", "what the server does", *CLIENTS), ("---",) * (2 + len(CLIENTS))]
    for row in (row for row in ROWS if row.fault in faults):
        seen = (cells[row.fault, client] for client in CLIENTS)
        rows.append((f"`{row.fault}`", row.what, *seen))
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def with_table(text: str, lines: str) -> str:
    """The text with this table between its comments; raises ValueError unless they are there once.

    A blank line follows the first comment, or Markdown would not see a table.
    """
    found = len(_PLACE.findall(text))
    if found != 1:
        raise ValueError(f"expected {_BEGIN} and {_END} once, seen {found} times")
    return _PLACE.sub(lambda _: f"{_BEGIN}\n\n{lines}\n{_END}", text)
