"""One file per measure: a function ``measure`` that takes an ``Effort`` and yields rows.

A file's name, with hyphens, is the measure's name; its docstring says what is measured.
"""

from collections.abc import Callable, Iterator
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path

from benchmarks.errors import CannotMeasure
from benchmarks.rounds import Effort
from benchmarks.rows import Row, unmeasured_row

Measure = Callable[[Effort], Iterator[Row]]


def names() -> list[str]:
    """The names of all measures, sorted."""
    files = Path(__file__).parent.glob("[!_]*.py")
    return sorted(file.stem.replace("_", "-") for file in files)


def chosen(only: list[str]) -> list[str]:
    """The names asked for, all if none was; raises ValueError for a name that does not exist."""
    known = names()
    for name in only:
        if name not in known:
            nearest = get_close_matches(name, known, n=1, cutoff=0.0)[0]
            raise ValueError(f"no measure {name!r}; the nearest is {nearest!r}")
    return [name for name in known if name in only] if only else known


def load(name: str) -> Measure:
    """The function of a measure."""
    measure: Measure = import_module(f"{__name__}.{name.replace('-', '_')}").measure
    return measure


def taken(name: str, effort: Effort) -> list[Row]:
    """Take a measure; one that cannot be taken gives a row that says why."""
    rows: list[Row] = []
    try:
        rows.extend(load(name)(effort))
    except CannotMeasure as error:
        rows.append(unmeasured_row(name, str(error)))
    return rows
