"""How many connections a process holds open (Linux)."""

from contextlib import suppress
from pathlib import Path


def open_sockets(pid: int) -> int:
    """The number of sockets that a process has open; 0 where the system does not tell."""
    found = 0
    with suppress(OSError):
        for entry in Path(f"/proc/{pid}/fd").iterdir():
            # Closed meanwhile.
            with suppress(OSError):
                found += str(entry.readlink()).startswith("socket:")
    return found
