"""Rows of the result: what a measure saw, its bar, and the verdict."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import median

from benchmarks.rounds import Round

SATURATED = 0.85
"""Share of the time in which a control must have had work, else not it but the load was timed.

A mock with less work is judged all the same: it may be idle by its own fault.
"""


class Verdict(StrEnum):
    """Only HOLDS is good: what could not be measured is never counted as holding."""

    HOLDS = "holds"
    BROKEN = "broken"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the result.

    ``mock`` and ``control`` are medians in ``unit`` of the values in ``mock_rounds`` and
    ``control_rounds``. ``ratio`` is the median of ``ratios``, one for each round. Each is None
    where there is no such value. ``busy`` is the share of the time in which (mock, control) had
    work. ``note`` says what a reader must know, or is empty.
    """

    measure: str
    title: str
    unit: str
    bar: str
    verdict: Verdict
    mock_rounds: tuple[float, ...] = ()
    control_rounds: tuple[float, ...] = ()
    ratios: tuple[float, ...] = ()
    busy: tuple[float, float] | None = None
    note: str = ""

    @property
    def mock(self) -> float | None:
        return middle(self.mock_rounds)

    @property
    def control(self) -> float | None:
        return middle(self.control_rounds)

    @property
    def ratio(self) -> float | None:
        return middle(self.ratios)


def middle(values: Sequence[float]) -> float | None:
    """The median, None of no values."""
    return median(values) if values else None


def speed_row(measure: str, title: str, rounds: Sequence[Round], *, at_least: float) -> Row:
    """Judge replies per second: the median of the rounds' ratios must reach ``at_least``."""
    ratios = tuple(each.ratio for each in rounds)
    mock_busy = median(each.subject.busy for each in rounds)
    control_busy = median(each.control.busy for each in rounds)
    return Row(
        measure,
        title,
        "/s",
        f">= {at_least:.1f}",
        judged(control_busy >= SATURATED, median(ratios) >= at_least),
        tuple(each.subject.rate for each in rounds),
        tuple(each.control.rate for each in rounds),
        ratios,
        (mock_busy, control_busy),
        "; ".join(idle("mock", mock_busy) + idle("control", control_busy)),
    )


def idle(name: str, busy: float) -> list[str]:
    """A remark if a server had too little work: its speed may be that of the load."""
    return [f"the {name} had work for only {busy:.0%} of the time"] if busy < SATURATED else []


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
    return Row(
        measure,
        title,
        unit,
        f"<= {at_most:g} {unit}",
        judged(True, median(mock_rounds) <= at_most),
        tuple(mock_rounds),
        tuple(control_rounds),
    )


def unmeasured_row(measure: str, reason: str) -> Row:
    """A measure that could not be taken, and why."""
    return Row(measure, f"{measure}: not measured", "", "", Verdict.UNCLEAR, note=reason)


def judged(clear: bool, reached: bool) -> Verdict:
    """The verdict on a bar that was reached or not, by figures that are clear or not."""
    if not clear:
        return Verdict.UNCLEAR
    return Verdict.HOLDS if reached else Verdict.BROKEN
