"""Times that must not be too short."""

from collections.abc import Iterable
from dataclasses import dataclass

from mock_server.core.exchange import Exchange
from mock_server.core.finding import Finding, Near, Words
from mock_server.core.trace import Trace, is_shorter
from mock_server.core.verification.check import Judgement, Violation


@dataclass(frozen=True, slots=True)
class Wait:
    """The seconds between two calls: less than ``least`` fails, less than ``advised`` is advice."""

    before: Exchange
    after: Exchange
    seconds: float
    least: float
    advised: float = 0.0


def judge_waits(
    trace: Trace, rule: str, expected: Words, idle: Words, waits: Iterable[Wait], kept: int = 0
) -> Finding:
    """The finding for these waits; ``kept`` more have nothing that ended them."""
    waits = tuple(waits)
    violations = [violation for violation in map(_violation, waits) if violation is not None]
    nearest = min(
        waits, key=lambda wait: wait.seconds - max(wait.least, wait.advised), default=None
    )
    near = None if nearest is None else Near(nearest.after.number, _seen(nearest))
    judgement = Judgement(rule, expected, idle, len(waits) + kept, violations, near)
    return judgement.finding(trace)


def _violation(wait: Wait) -> Violation | None:
    fails = is_shorter(wait.seconds, wait.least)
    if not fails and not is_shorter(wait.seconds, wait.advised):
        return None
    return Violation((wait.before.number, wait.after.number), _seen(wait), is_advice=not fails)


def _seen(wait: Wait) -> Words:
    return Words(
        "{seconds:.3f} s from call {before} to call {after}, {bound:g} s were due",
        {
            "seconds": wait.seconds,
            "before": wait.before.number,
            "after": wait.after.number,
            "bound": max(wait.least, wait.advised),
        },
    )
