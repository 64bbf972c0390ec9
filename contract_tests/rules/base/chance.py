"""Chance: what times that were drawn at random can be told from times that were not.

A client may draw its waits, so that one run shows nothing. What several runs show is compared place
by place: the first wait of each run with the first ones, the second with the second ones. Jitter is
seen where the waits at some place lie farther apart than the clock can be trusted to. No jitter is
seen where none do, and even the narrowest jitter worth the name would hardly have kept them so
close. Between the two nothing is known. The chance that n uniform draws from a width w lie within d
of each other is n (d/w)^(n-1) - (n-1) (d/w)^n.
"""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from math import prod

from contract_tests.trace import Timing

# What is rarer than this is not taken for bad luck where a MUST is at stake ...
ALMOST_NEVER = 1e-6
# ... nor this where jitter of the narrowest kind (seconds) would be the excuse.
_RARELY = 1e-4
_NARROWEST = 0.1
# How far apart equal waits can lie: the resolution of timers, and the rest of a quiet machine.
TICK = 0.001
_QUIET = 0.06


def resolution(timing: Timing) -> float:
    """The seconds by which two equal waits can differ: 1 ms in virtual time, else the noise."""
    return TICK if timing.virtual else max(_QUIET, timing.noise)


@dataclass(frozen=True, slots=True)
class Spread:
    """How far waits lie apart that would be equal without jitter: samples (seconds), by place."""

    samples: tuple[tuple[float, ...], ...]
    resolution: float

    @property
    def widest(self) -> float:
        """The largest range (seconds) at any place."""
        return max(map(_range, self.samples), default=0.0)

    @property
    def varies(self) -> bool:
        """Whether there is jitter for sure."""
        return self.widest > self.resolution

    @property
    def is_steady(self) -> bool:
        """Whether there is no jitter for sure."""
        return not self.varies and prod(map(_luck, self.samples)) < _RARELY


def spread(places: Iterable[tuple[Hashable, float]], timing: Timing) -> Spread:
    """The spread of waits, each with its place; a place with one wait tells nothing."""
    found: dict[Hashable, list[float]] = {}
    for place, seconds in places:
        found.setdefault(place, []).append(seconds)
    samples = (tuple(one) for one in found.values() if len(one) > 1)
    return Spread(tuple(samples), resolution(timing))


def _range(samples: Sequence[float]) -> float:
    return max(samples) - min(samples)


def _luck(samples: Sequence[float]) -> float:
    """The chance that the narrowest jitter leaves so many waits so close together."""
    share = min(1.0, max(_range(samples), TICK) / _NARROWEST)
    count = len(samples)
    return float(count * share ** (count - 1) - (count - 1) * share**count)
