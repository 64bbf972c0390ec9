"""Growth of backoff: whether pauses in a row get longer, where chance has a hand in each.

What counts is by how many octaves (factors of 2) a pause is longer than the one before, on the
average from the first step to the last that the profile names, over all rows and runs. Half of the
profile's own growth is the least. With full jitter one row says little: it takes sixteen, or fewer
that agree. Pauses that stay below the least break the rule only where chance cannot have done it:
they are equal, they do not vary between runs, or the rows agree too well for them to be so far off.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from math import fsum, hypot, log, log2, prod, sqrt
from statistics import fmean, stdev

from contract_tests.finding import Finding, Violation, Words
from contract_tests.rules.base.backoff_floors import HALF
from contract_tests.rules.base.chance import TICK, resolution, spread
from contract_tests.rules.base.pauses import Pause
from contract_tests.rules.base.rule import Rule
from contract_tests.trace import Timing, Trace

_ENOUGH_FOR_FULL_JITTER = 16
_FEWEST = 5
_RARELY = 1e-4
# Student's t for such a chance, as a series in the inverse of its degrees of freedom.
_ONE_IN_FORTY = (1.96, 2.4, 2.8, 2.0)
_ONE_IN_A_THOUSAND = (3.1, 8.2, 20.0, 45.0)
_UNCLEAR = Words("the pauses grow by {octaves:.2f} octaves each: in so few rows it may be chance")


@dataclass(frozen=True, slots=True)
class Growth:
    """How the pauses of some rows grow, in octaves from each to the next; ``wanted`` is the step's.

    Each row has as many pauses as the profile names steps.
    """

    rows: Sequence[Sequence[Pause]]
    wanted: float
    timing: Timing

    @property
    def mean(self) -> float:
        """The mean over all rows."""
        return fmean(self._octaves(row) for row in self.rows)

    @property
    def is_enough(self) -> bool:
        """Whether the pauses grow at least half as much as the steps."""
        return self.mean > self.wanted * HALF

    @property
    def is_clear(self) -> bool:
        """Whether chance can hardly have decided on which side of the least growth they are."""
        if self.is_enough:
            is_full = any(one.share < HALF for row in self.rows for one in row)
            is_known = len(self.rows) >= _ENOUGH_FOR_FULL_JITTER or self._is_steady()
            return not is_full or is_known or self._is_off(0.0, *_ONE_IN_FORTY)
        most = fmean(self._octaves(row, self.timing.noise) for row in self.rows)
        is_fixed = self._is_steady() or any(map(self._is_level, self.rows))
        is_slow = is_fixed or self._is_off(self.wanted, *_ONE_IN_A_THOUSAND)
        return most <= self.wanted * HALF and is_slow

    def _octaves(self, row: Sequence[Pause], noise: float = 0.0) -> float:
        """From the first pause to the last; noise may have lengthened the first one."""
        first, last = (max(one.seconds, TICK) for one in (row[0], row[-1]))
        return (log2(last) - log2(max(first - noise, TICK))) / (len(row) - 1)

    def _is_steady(self) -> bool:
        """Whether the runs agree: nothing is drawn."""
        places = ((one.place, one.seconds) for row in self.rows for one in row)
        return spread(places, self.timing).is_steady

    def _is_level(self, row: Sequence[Pause]) -> bool:
        """Whether the pauses of a row are equal, as draws would never be."""
        near = resolution(self.timing)
        is_level = all(abs(one.seconds - two.seconds) <= near for one, two in pairwise(row))
        return is_level and prod(min(1.0, 2 * near / one.step) for one in row[1:]) < _RARELY

    def _is_off(self, octaves: float, *bound: float) -> bool:
        """Whether the rows, by their own scatter, are too far from that growth for chance.

        Means of pauses tell more than means of octaves, which very short pauses throw far off.
        """
        count = len(self.rows)
        if count < _FEWEST:
            return False
        first, last = ([row[place].seconds for row in self.rows] for place in (0, -1))
        steps = len(self.rows[0]) - 1
        seen = log2(max(fmean(last), TICK) / max(fmean(first), TICK)) / steps
        scatter = hypot(_relative(first), _relative(last), TICK) / (sqrt(count) * log(2) * steps)
        most = fsum(part / (count - 1) ** power for power, part in enumerate(bound))
        return abs(seen - octaves) > scatter * most


def _relative(pauses: Sequence[float]) -> float:
    """The standard deviation of pauses, as a share of their mean."""
    return stdev(pauses) / max(fmean(pauses), TICK)


def judge_growth(rule: Rule, trace: Trace, found: Sequence[Pause]) -> Finding:
    """The finding for these pauses of all runs."""
    steps = trace.calls.backoff.steps
    wanted = log2(steps[-1] / steps[0]) / max(1, len(steps) - 1)
    rows = _rows(found, len(steps)) if wanted > 0 else []
    if not rows:
        idle = "no submit was refused as often as the profile names steps"
        return rule.judged(trace, chances=0, idle=idle)
    growth = Growth(rows, wanted, trace.timing)
    is_broken = growth.is_clear and not growth.is_enough
    return rule.judged(
        trace,
        chances=len(rows),
        idle="",
        violations=[_violation(growth)] if is_broken else [],
        pending=None if growth.is_clear else Words(_UNCLEAR.template, {"octaves": growth.mean}),
    )


def _rows(found: Sequence[Pause], length: int) -> list[list[Pause]]:
    """The first pauses of each row that has so many, none with a Retry-After before it."""
    grouped = groupby(found, key=lambda pause: (pause.run, pause.chain))
    rows = [list(row)[:length] for _, row in grouped]
    return [row for row in rows if len(row) == length and all(one.is_plain for one in row)]


def _violation(growth: Growth) -> Violation:
    row = growth.rows[0]
    calls = () if row[0].run else (row[0].before.number, *(one.after.number for one in row))
    template = "the pauses were {pauses} s: on the average {factor:.2f} times the one before"
    pauses = ", ".join(f"{one.seconds:.3f}" for one in row)
    facts = {"pauses": pauses, "factor": 2**growth.mean, "rows": len(growth.rows)}
    more = " over {rows} rows" if len(growth.rows) > 1 else ""
    return Violation(calls, Words(template + more, facts))
