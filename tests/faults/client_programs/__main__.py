"""Writes the table of faults and clients anew, as it is seen now."""

from pathlib import Path

from tests.faults.client_programs.meeting import seen
from tests.faults.client_programs.table import copies, table, with_table


def main() -> None:
    """Let every client meet every fault, and put what was seen into the files."""
    lines = table(seen())
    for path in copies(Path.cwd()):
        path.write_text(with_table(path.read_text("utf-8"), lines), "utf-8")
        print(f"written: {path}")


if __name__ == "__main__":
    main()
