"""Persistence: how often a call that was refused as too many was tried before it was given up."""

from collections.abc import Sequence
from dataclasses import dataclass

from contract_tests.finding import Finding, Violation, Words
from contract_tests.rules.base.patience import has_given_up, is_passing
from contract_tests.rules.base.rule import Rule
from contract_tests.trace import Exchange, Trace


@dataclass(frozen=True, slots=True)
class Persistence:
    """All attempts at one call, of which some were answered 429.

    ``unsettled`` is how many of its callers got no other answer that would have ended their
    attempts. Whatever passes by itself counts as a try, for clients count all of it together.
    """

    attempts: tuple[Exchange, ...]
    unsettled: int = 1

    @property
    def tries(self) -> tuple[Exchange, ...]:
        """The attempts that met something that passes."""
        return tuple(filter(is_passing, self.attempts))

    @property
    def retries(self) -> int:
        """How often the callers that got nothing else can have tried again, all together."""
        return max(0, len(self.tries) - self.unsettled)

    def is_short(self, least: int) -> bool:
        """Whether it ended with a 429 before everyone can have tried again so often."""
        ends_refused = self.attempts[-1].heard_status == 429
        return ends_refused and self.retries < least * self.unsettled


def judge_persistence(rule: Rule, trace: Trace, found: Sequence[Persistence]) -> Finding:
    """The finding of a rule that demands as many retries as the profile says."""
    least = trace.calls.backoff.retries_at_least
    short = [one for one in found if one.is_short(least)]
    broken = [one for one in short if has_given_up(trace, one.attempts[-1], len(one.tries) - 1)]
    return rule.judged(
        trace,
        chances=len(found) - len(short) + len(broken),
        idle="no call was refused as too many and then given up or tried again",
        violations=[
            Violation(
                tuple(call.number for call in one.tries),
                Words(
                    "given up after {retries} retries of call {first}",
                    {"retries": one.retries, "first": one.tries[0].number},
                ),
            )
            for one in broken
        ],
        expected=Words("at least {least} retries after 429", {"least": least}),
        needs_all=True,
    )
