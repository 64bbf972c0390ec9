"""How many faults the smallest story has that shows what is wrong with a wrong client."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.rounds import Effort
from benchmarks.rows import Row, amount_row
from tests.bad_clients.catalogue import BAD_CLIENTS
from tests.bad_clients.counterexamples import smallest


def measure(effort: Effort) -> Iterator[Row]:
    """Counterexamples of all wrong clients in Python; those of programs are not made smaller."""
    faults = sorted(counted())
    name = "counterexamples"
    yield amount_row(name, "faults, the median", "faults", [faults[len(faults) // 2]], at_most=1)
    yield amount_row(name, "faults, of 95 in 100", "faults", [most_of(faults, 0.95)], at_most=3)


def counted() -> Iterator[int]:
    """The faults of each."""
    for bad in BAD_CLIENTS:
        if bad.is_virtual:
            with TemporaryDirectory() as folder:
                yield smallest(bad, Path(folder)).faults


def most_of(rising: Sequence[int], share: float) -> int:
    """What such a share of the values does not exceed."""
    return rising[min(len(rising) - 1, int(share * len(rising)))]
