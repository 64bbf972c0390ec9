"""The table as Markdown, and the files that hold a copy of it between two comments."""

import re
from collections.abc import Iterator
from pathlib import Path

from tests.faults.client_programs.meeting import CLIENTS, Cells
from tests.faults.client_programs.rows import ROWS

# The first must hold the table; the second does if it has the comments.
FILES = ("docs/faults-and-clients.md", "README.md")
REWRITE = ".venv/bin/python -m tests.faults.client_programs"
_BEGIN, _END = "<!-- fault-table -->", "<!-- /fault-table -->"
_PLACE = re.compile(f"{re.escape(_BEGIN)}\n.*?{re.escape(_END)}", re.DOTALL)


def table(cells: Cells) -> str:
    """The lines of the table, one for each fault."""
    rows = [("fault", "what the server does", *CLIENTS), ("---",) * (2 + len(CLIENTS))]
    for row in ROWS:
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


def copies(project: Path) -> Iterator[Path]:
    """The files of the project that hold the table."""
    for name in FILES:
        path = project / name
        if name == FILES[0] or (path.exists() and _BEGIN in path.read_text("utf-8")):
            yield path
