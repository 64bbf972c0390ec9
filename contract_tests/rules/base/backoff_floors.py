"""Floors of backoff: how short a pause may be, where nobody says which jitter a client has.

The profile names a step for each pause (1, 2, 4 s). Jitter may lengthen it (additive), take up to a
quarter or a half of it away (subtractive, equal), or draw it from nothing up to the whole step
(full). Which floor holds is decided by what is seen, in all runs of a story together:

- Every pause as long as its step: kept, whatever the jitter.
- Pauses that do not vary between runs are no jitter: the steps themselves are the floor.
- No pause under half its step: kept, as equal or subtractive jitter.
- Pauses under half a step are only excused by full jitter, which has no floor. They break the rule
  where full jitter would hardly ever look like them: all pauses, or all at one place, are too small
  (urllib3's Retry always makes its first retry at once), or they sit on the marks of a fixed
  schedule (0, 2, 4 s). If they vary between runs they are full jitter; if not enough runs are there
  to say so, nothing is decided.

Of a million clients with true jitter of any of these kinds, a handful would be blamed for it.
"""

from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from math import prod
from typing import Any

from contract_tests.finding import Finding, Near, Words
from contract_tests.rules.base.chance import ALMOST_NEVER, TICK, resolution, spread
from contract_tests.rules.base.pauses import Pause
from contract_tests.rules.base.rule import Rule
from contract_tests.rules.base.waits import seen, too_short
from contract_tests.trace import Timing, Trace, is_shorter

# What equal jitter leaves of a step.
HALF = 0.5
UNCLEAR = Words(
    "some pauses are under half their step: full jitter, or a schedule that is too short;"
    " more runs would tell"
)


def judge_floors(rule: Rule, trace: Trace, found: Sequence[Pause], idle: str) -> Finding:
    """The finding for these pauses of all runs; ``idle`` says what was missing without any."""
    broken, is_unclear = too_short_pauses(found, trace.timing)
    own = (pause for pause in found if not pause.run)
    nearest = min(own, key=lambda pause: pause.share, default=None)
    return rule.judged(
        trace,
        chances=len(found),
        idle=idle,
        violations=[too_short(pause.wait) for pause in broken],
        near=None if nearest is None else Near(nearest.after.number, seen(nearest.wait)),
        pending=UNCLEAR if is_unclear else None,
    )


def too_short_pauses(found: Sequence[Pause], timing: Timing) -> tuple[Sequence[Pause], bool]:
    """The pauses that are too short for sure, and whether it is open if others are."""
    short = [one for one in found if is_shorter(one.seconds + timing.grace, one.step)]
    if not short:
        return (), False
    calls = (((one.before.operation, one.chain, one.place), one.seconds) for one in found)
    apart = spread(calls, timing)
    if apart.is_steady:
        return short, False
    if _is_hardly_jitter(found):
        return short, False
    low = [one for one in short if is_shorter(one.seconds + timing.grace, one.step * HALF)]
    if low and _is_a_schedule(found, timing):
        return low, False
    return (), bool(low) and not apart.varies


def _is_hardly_jitter(found: Sequence[Pause]) -> bool:
    """Whether draws that reach up to the whole step would almost never be as small as these."""
    groups = [list(found), *_grouped(found, lambda pause: pause.place)]
    return any(_chance_of_all(group) <= ALMOST_NEVER for group in groups)


def _chance_of_all(group: Sequence[Pause]) -> float:
    """The chance that so many draws are all as small as the largest of them."""
    shares = [max(one.seconds, TICK) / one.step for one in group]
    # What floats lose must not decide.
    return round(min(1.0, max(shares)) ** len(shares), 12)


def _is_a_schedule(found: Sequence[Pause], timing: Timing) -> bool:
    """Whether the first pauses of a row lie on no wait at all, or exactly on their steps."""
    return any(
        _chance_of_marks(row, resolution(timing)) <= ALMOST_NEVER
        for row in _grouped(found, lambda pause: (pause.run, pause.chain))
    )


def _chance_of_marks(row: Sequence[Pause], near: float) -> float:
    """The chance that as many draws would hit such a mark."""
    first = row[: len({pause.step for pause in row})]
    hits = (one for one in first if min(one.seconds, abs(one.seconds - one.step)) <= near)
    return prod(min(1.0, 3 * near / one.step) for one in hits)


def _grouped(found: Iterable[Pause], key: Callable[[Pause], Any]) -> list[list[Pause]]:
    return [list(group) for _, group in groupby(sorted(found, key=key), key=key)]
