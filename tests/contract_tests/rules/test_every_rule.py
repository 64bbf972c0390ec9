"""Every rule carries its own proof, and says what it is, why, from where, and how to mend."""

import pytest

from contract_tests.finding import Verdict
from contract_tests.rules import Rule, all_rules
from contract_tests.rules.base.rule import Grade

RULES = {rule.id: rule for rule in all_rules()}


@pytest.fixture(params=RULES)
def rule(request: pytest.FixtureRequest) -> Rule:
    return RULES[request.param]


def test_an_innocent_trace_passes(rule: Rule) -> None:
    assert rule.check(rule.innocent).verdict is Verdict.PASSED


def test_a_guilty_trace_is_caught_as_the_grade_has_it(rule: Rule) -> None:
    found = rule.check(rule.guilty)
    assert found.verdict is (Verdict.FAILED if rule.grade is Grade.MUST else Verdict.ADVICE)
    assert found.rule == rule.id
    assert str(found.expected)
    assert str(found.seen)


def test_it_says_why_from_where_and_how_to_mend(rule: Rule) -> None:
    assert rule.title
    assert rule.why
    assert rule.source
    assert len(rule.mend) == 2
    assert all(rule.mend)
