"""Sameness: the finding where waits of several runs, processes or clients must not be alike."""

from contract_tests.finding import Finding, Violation, Words
from contract_tests.rules.base.chance import Spread
from contract_tests.rules.base.rule import Rule
from contract_tests.trace import Trace


def judge_sameness(rule: Rule, trace: Trace, apart: Spread, among: str, idle: str) -> Finding:
    """The finding for waits that lie so far apart; ``among`` says whose they are.

    ``idle`` says what was missing where there is nothing to compare.
    """
    facts = {
        "milliseconds": apart.widest * 1000,
        "trusted": apart.resolution * 1000,
        "among": among,
    }
    same = Words("the same waits {among}, to within {milliseconds:.0f} ms", facts)
    near = "the waits {among} lie within {milliseconds:.0f} ms, the clock is trusted to {trusted:g}"
    return rule.judged(
        trace,
        chances=len(apart.samples),
        idle=idle,
        violations=[Violation((), same)] if apart.is_steady else [],
        pending=None if apart.is_steady or apart.varies else Words(near, facts),
    )
