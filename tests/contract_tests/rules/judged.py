"""What tests of rules have in common: verdicts in short, and clients with jitter to draw from."""

from collections.abc import Sequence
from random import Random
from typing import Any

from contract_tests.finding import Finding, Verdict
from contract_tests.rules import rule_named
from contract_tests.rules.base.refused_rows import refused_rows
from contract_tests.trace import Timing, Trace

PASSED, FAILED, ADVICE = Verdict.PASSED, Verdict.FAILED, Verdict.ADVICE
IDLE, OPEN, NOT_MEANT = Verdict.NOT_EXERCISED, Verdict.INCONCLUSIVE, Verdict.NOT_APPLICABLE

STEPS = (1.0, 2.0, 4.0)
QUIET = Timing(virtual=False, noise=0.01)
NOISY = Timing(virtual=False, noise=0.3)

# How a client makes its pause of the profile's step: the kinds of jitter that are in use.
JITTERS = {
    "additive": (1.0, 1.25),
    "wide additive": (1.0, 2.0),
    "around": (0.75, 1.25),
    "subtractive": (0.75, 1.0),
    "equal": (0.5, 1.0),
    "full": (0.0, 1.0),
    "full, of twice the step": (0.0, 2.0),
}


def verdict(rule: str, trace: Trace) -> Verdict:
    """What the rule of that id says."""
    return found(rule, trace).verdict


def found(rule: str, trace: Trace) -> Finding:
    """The same with its reasons."""
    return rule_named(rule).check(trace)


def seen(rule: str, trace: Trace) -> str:
    """What it has seen, in words."""
    return str(found(rule, trace).seen)


def drawn(low: float, high: float, seed: int, steps: Sequence[float] = STEPS) -> list[float]:
    """The pauses of a client with that jitter; the seed only makes the test repeatable."""
    draw = Random(seed).uniform
    return [step * draw(low, high) for step in steps]


def runs_of(low: float, high: float, runs: int, seed: int = 1, **facts: Any) -> Trace:
    """So many runs of such a client."""
    rows = [drawn(low, high, seed * 1000 + run) for run in range(runs)]
    return refused_rows(*rows, **facts)


def delayed(rows: Sequence[Sequence[float]], seed: int, timing: Timing) -> Trace:
    """These pauses as a real machine shows them: each a little late."""
    late = Random(seed).uniform
    slow = [[pause + late(0, timing.noise) for pause in row] for row in rows]
    return refused_rows(*slow, timing=timing)
