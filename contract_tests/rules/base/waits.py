"""Waits: times that must not be too short, judged with what real timers need as grace."""

from collections.abc import Sequence
from dataclasses import dataclass

from contract_tests.finding import Finding, Near, Violation, Words
from contract_tests.rules.base.rule import Rule
from contract_tests.trace import Exchange, Trace, is_shorter


@dataclass(frozen=True, slots=True)
class Wait:
    """The seconds between two calls: under ``least`` they break the rule, under ``advised`` advice.

    ``run`` counts from 0, the trace's own; the others are those of its repeats.
    """

    before: Exchange
    after: Exchange
    seconds: float
    least: float
    advised: float = 0.0
    run: int = 0

    @property
    def due(self) -> float:
        """The seconds that should have been waited."""
        return max(self.least, self.advised)

    @property
    def numbers(self) -> tuple[int, ...]:
        """The two calls as evidence; those of another run are none within this trace."""
        return () if self.run else (self.before.number, self.after.number)


def judge_waits(rule: Rule, trace: Trace, waits: Sequence[Wait], idle: str) -> Finding:
    """The finding of a rule for these waits; ``idle`` says what was missing if there are none."""
    grace = trace.timing.grace
    nearest = min(waits, key=lambda wait: wait.seconds - wait.due, default=None)
    return rule.judged(
        trace,
        chances=len(waits),
        idle=idle,
        violations=[
            too_short(wait, is_advice=not is_shorter(wait.seconds + grace, wait.least))
            for wait in waits
            if is_shorter(wait.seconds + grace, wait.due)
        ],
        near=None if nearest is None else Near(nearest.after.number, seen(nearest)),
    )


def too_short(wait: Wait, *, is_advice: bool = False) -> Violation:
    """The violation that a wait is."""
    return Violation(wait.numbers, seen(wait), is_advice)


def seen(wait: Wait) -> Words:
    """A wait in words, with what was due."""
    return _told(wait, "{bound:g} s were due", wait.due)


def capped(wait: Wait, most: float) -> Words:
    """A wait in words, with the most that it may be."""
    return _told(wait, "{bound:g} s are the most", most)


def _told(wait: Wait, demand: str, bound: float) -> Words:
    template = f"{{seconds:.3f}} s from call {{before}} to call {{after}}, {demand}"
    facts = {
        "seconds": wait.seconds,
        "before": wait.before.number,
        "after": wait.after.number,
        "bound": bound,
        "run": wait.run + 1,
    }
    return Words(f"{template} (run {{run}})" if wait.run else template, facts)
