"""Rows of the result: what a measure saw, its bar, and the verdict."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import median

from benchmarks.load import Sample

SATURATED = 0.85
"""Share of its core that a control must have used, else the load and not the control was timed."""


class Verdict(StrEnum):
    """Only HOLDS is good: what could not be measured is never counted as holding."""

    HOLDS = "holds"
    BROKEN = "broken"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the result.

    ``mock`` and ``control`` are medians in ``unit``, None where there is no such value; the
    rounds behind them are ``mock_rounds`` and ``control_rounds``, and ``busy`` is the median share
    of the core that (mock, control) used. ``note`` says what a reader must know, or is empty.
    """

    measure: str
    title: str
    unit: str
    bar: str
    verdict: Verdict
    mock: float | None = None
    control: float | None = None
    mock_rounds: tuple[float, ...] = ()
    control_rounds: tuple[float, ...] = ()
    busy: tuple[float, float] | None = None
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """Mock divided by control, None where either is missing."""
        return self.mock / self.control if self.mock is not None and self.control else None


def speed_row(
    measure: str,
    title: str,
    samples: tuple[Sequence[Sample], Sequence[Sample]],
    *,
    at_least: float,
) -> Row:
    """Judge replies per second of (mock, control): the ratio of medians must reach ``at_least``."""
    mock_rounds, control_rounds = (tuple(sample.rate for sample in side) for side in samples)
    mock_busy, control_busy = (median(sample.busy for sample in side) for side in samples)
    mock, control = median(mock_rounds), median(control_rounds)
    saturated = control_busy >= SATURATED
    return Row(
        measure,
        title,
        "replies/s",
        f"ratio >= {at_least:g}",
        judged(saturated, mock >= at_least * control),
        mock,
        control,
        mock_rounds,
        control_rounds,
        (mock_busy, control_busy),
        "" if saturated else f"the control used only {control_busy:.0%} of its core",
    )


def amount_row(
    measure: str,
    title: str,
    unit: str,
    mock_rounds: Sequence[float],
    control_rounds: Sequence[float] = (),
    *,
    at_most: float,
) -> Row:
    """Judge an amount: the mock's median must not exceed ``at_most``; the control only informs."""
    mock = median(mock_rounds)
    return Row(
        measure,
        title,
        unit,
        f"<= {at_most:g} {unit}",
        judged(True, mock <= at_most),
        mock,
        median(control_rounds) if control_rounds else None,
        tuple(mock_rounds),
        tuple(control_rounds),
    )


def unmeasured_row(measure: str, reason: str) -> Row:
    """A measure that could not be taken, and why."""
    return Row(measure, "not measured", "", "", Verdict.UNCLEAR, note=reason)


def judged(clear: bool, reached: bool) -> Verdict:
    """The verdict on a bar that was reached or not, by figures that are clear or not."""
    if not clear:
        return Verdict.UNCLEAR
    return Verdict.HOLDS if reached else Verdict.BROKEN
