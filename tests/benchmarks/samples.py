"""Samples and rows with round figures."""

from benchmarks.load import Sample
from benchmarks.rounds import Round
from benchmarks.rows import Row, speed_row


def sample(rate: int, busy: float = 1.0) -> Sample:
    """One second at so many replies per second."""
    return Sample(rate, 1.0, busy)


def rounds(
    *rates: tuple[int, int], control_busy: float = 1.0, mock_busy: float = 1.0
) -> list[Round]:
    """One round for each (mock, control) pair of rates."""
    return [Round(sample(mock, mock_busy), sample(bare, control_busy)) for mock, bare in rates]


def speed(mock: int, control: int, at_least: float = 1.0) -> Row:
    """The row of a single round."""
    return speed_row("status-read", "status read", rounds((mock, control)), at_least=at_least)
