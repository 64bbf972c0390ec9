"""What is wrong with a data file, told so that its author can mend it."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Self


@dataclass(frozen=True, slots=True)
class Fault:
    """One wrong place: ``path`` is a JSON path (``$.words.queued``), ``line`` counts from 1."""

    path: str
    expected: str
    seen: str
    nearest: str | None = None
    line: int | None = None


class DataError(ValueError):
    """A data file that cannot be used: ``file`` and every wrong place in it."""

    def __init__(self, file: Path | str, faults: Iterable[Fault]) -> None:
        self.file = str(file)
        self.faults = tuple(faults)
        super().__init__("\n".join(self.lines()))

    def __reduce__(self) -> tuple[type[Self], tuple[str, tuple[Fault, ...]]]:
        """What makes it again in another process."""
        return type(self), (self.file, self.faults)

    def lines(self) -> list[str]:
        """One line for each wrong place: file, line, JSON path, expected, seen, nearest name."""
        return [self._line(fault) for fault in self.faults]

    def _line(self, fault: Fault) -> str:
        place = self.file if fault.line is None else f"{self.file}:{fault.line}"
        text = f"{place}: {fault.path}: expected {fault.expected}, seen {fault.seen}"
        return text if fault.nearest is None else f"{text} (did you mean {fault.nearest!r}?)"


def nearest(name: str, names: Iterable[str]) -> str | None:
    """The known name that is most like a wrong one, if any is like it."""
    return next(iter(get_close_matches(name, list(names), n=1, cutoff=0.5)), None)


def shown(value: object) -> str:
    """A value as it appears in an error, cut where it is long."""
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:77]}..."
