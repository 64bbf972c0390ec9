"""Every check tells an innocent trace from a guilty one, and knows what it cannot know."""

import pytest

from mock_server.core.finding import Finding, Verdict, Words
from mock_server.core.verification import CHECKS, is_decided, read_check, verify
from mock_server.core.verification.check import Judgement, Violation
from tests.core.verification_cases import CASES, EVERY, KNOWS_ALL, NEEDS_ALL, NEVER_IDLE, Case
from tests.core.verification_samples import judged, trace


def texts(finding: Finding) -> tuple[str, ...]:
    near = (str(finding.near.words),) if finding.near else ()
    return (str(finding.expected), str(finding.seen), *near)


def test_every_check_has_its_case() -> None:
    assert set(CASES) == set(CHECKS)


@EVERY
def test_an_innocent_trace_passes(case: Case) -> None:
    finding = judged(case.expectation, *case.innocent)
    assert finding.verdict is Verdict.PASSED
    assert finding.rule == case.expectation["check"]
    assert all(texts(finding))


@EVERY
def test_a_guilty_trace_fails_and_names_the_calls_that_show_it(case: Case) -> None:
    finding = judged(case.expectation, *case.guilty)
    assert finding.verdict is Verdict.FAILED
    assert finding.evidence == case.evidence
    assert finding.place is not None
    assert all(texts(finding))


def test_what_was_broken_without_a_call_has_no_place() -> None:
    broken = Violation((), Words("said the key aloud"))
    finding = Judgement("quiet", Words("quiet"), Words("idle"), 1, [broken]).finding(trace())
    assert finding.verdict is Verdict.FAILED
    assert finding.place is None
    assert finding.evidence == ()


@pytest.mark.parametrize("name", sorted(set(CHECKS) - NEVER_IDLE))
def test_what_nothing_provoked_is_not_exercised(name: str) -> None:
    finding = judged(CASES[name].expectation)
    assert finding.verdict is Verdict.NOT_EXERCISED
    assert all(texts(finding))


@EVERY
def test_calls_that_were_dropped_leave_a_pass_open(case: Case) -> None:
    finding = judged(case.expectation, *case.innocent, dropped=3)
    if case.expectation["check"] in KNOWS_ALL:
        assert finding.verdict is Verdict.PASSED
    else:
        assert finding.verdict is Verdict.INCONCLUSIVE
        assert str(finding.seen) == "3 earlier calls are no longer in the journal"


@EVERY
def test_calls_that_were_dropped_excuse_only_what_they_could_have_mended(case: Case) -> None:
    finding = judged(case.expectation, *case.guilty, dropped=3)
    needs_all = case.expectation["check"] in NEEDS_ALL
    assert finding.verdict is (Verdict.INCONCLUSIVE if needs_all else Verdict.FAILED)


@EVERY
def test_only_failures_that_time_cannot_mend_are_settled(case: Case) -> None:
    check = read_check(case.expectation)
    findings = verify(trace(*case.guilty), [check])
    assert is_decided([check], findings) is (check.id not in {"order", "retries-enough"})
    assert not is_decided([check], verify(trace(*case.innocent), [check]))


@EVERY
def test_the_same_trace_gives_the_same_finding(case: Case) -> None:
    assert judged(case.expectation, *case.guilty) == judged(case.expectation, *case.guilty)
