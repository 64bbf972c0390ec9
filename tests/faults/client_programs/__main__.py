"""Writes the table of faults and clients anew, as it is seen now."""

from pathlib import Path

from tests.faults.client_programs.meeting import seen
from tests.faults.client_programs.table import FILES, table, with_table


def main() -> None:
    """Let every client meet every fault, and put what was seen into the files."""
    cells = seen()
    for name, faults in FILES.items():
        path = Path(name)
        path.write_text(with_table(path.read_text("utf-8"), table(cells, faults)), "utf-8")
        print(f"written: {path}")


if __name__ == "__main__":
    main()
