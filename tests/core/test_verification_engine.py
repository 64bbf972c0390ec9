"""Every check once through the real engine: a client that behaves, and one that does not."""

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from mock_server.core.finding import Verdict
from mock_server.core.verification import CHECKS
from tests.core.engine_runs import Run, run

Client = Callable[[Run], Run]


class Case(NamedTuple):
    """An expectation, a client that keeps it and one that does not."""

    expectation: dict[str, Any]
    good: Client
    bad: Client


def good(told: Run) -> Run:
    """A client as the guide wants it: backs off, waits, polls gently, stops at the end."""
    told.submit(0, fault="429").submit(1.1, fault="429(retry_after=3)").submit(4.2)
    told.poll(9.3, fault="delay(1)").delivered(10.3)
    return told.poll(14.4).poll(19.5)


def impatient(told: Run) -> Run:
    """Retries, polls and polls again without any pause, and never comes to an end."""
    told.submit(0, fault="429(retry_after=3)").submit(0.1).poll(0.2)
    return told.poll(0.3).poll(20).poll(20.1)


def crowding(told: Run) -> Run:
    return told.submit(0).poll(5, fault="delay(2)").poll(6)


def dawdling(told: Run) -> Run:
    return told.submit(0).poll(5).poll(65)


def guessing(told: Run) -> Run:
    return told.submit(0).poll(5, "task_img_guessed")


def paying_twice(told: Run) -> Run:
    return told.submit(0, fault="lost_reply").submit(1)


def insisting(told: Run) -> Run:
    for n in range(12):
        told.submit(2.0**n, fault="429")
    return told


def giving_up(told: Run) -> Run:
    return told.submit(0, fault="429").submit(1, fault="429")


def knocking(told: Run) -> Run:
    return told.submit(0).poll(5, fault="401").poll(10)


def refused_for_good(told: Run) -> Run:
    return told.submit(0).poll(5, fault="401")


STEPS = [
    {"operation": "submit", "where": {"fault": {"contains": "429"}}},
    {"operation": "submit", "where": {"created": True}},
    {"operation": "status", "where": {"phase": "succeeded"}},
]
CASES = {
    "backoff": Case({"check": "backoff"}, good, impatient),
    "count": Case(
        {"check": "count", "operation": "submit", "where": {"created": True}, "equals": 1},
        good,
        paying_twice,
    ),
    "first-poll": Case({"check": "first-poll"}, good, impatient),
    "in-flight": Case({"check": "in-flight"}, good, crowding),
    "order": Case({"check": "order", "steps": STEPS}, good, dawdling),
    "own-tasks": Case({"check": "own-tasks"}, good, guessing),
    "poll-gaps": Case({"check": "poll-gaps"}, good, impatient),
    "poll-promptly": Case({"check": "poll-promptly"}, good, dawdling),
    "quiet-after-end": Case({"check": "quiet-after-end"}, good, impatient),
    "retries-bounded": Case({"check": "retries-bounded"}, good, insisting),
    "retries-enough": Case({"check": "retries-enough"}, good, giving_up),
    "retry-after": Case({"check": "retry-after"}, good, impatient),
    "stop-after": Case({"check": "stop-after"}, refused_for_good, knocking),
    "submit-once": Case({"check": "submit-once"}, good, paying_twice),
}


def test_every_check_meets_the_engine() -> None:
    assert set(CASES) == set(CHECKS)


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_client_that_behaves_passes(case: Case) -> None:
    finding = case.good(run()).judged(case.expectation)
    assert finding.verdict is Verdict.PASSED, str(finding.seen)


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_client_that_does_not_is_caught(case: Case) -> None:
    finding = case.bad(run()).judged(case.expectation)
    assert finding.verdict is Verdict.FAILED, str(finding.seen)
    assert finding.evidence or case.expectation["check"] == "order"


def test_a_client_that_is_never_tried_shows_nothing() -> None:
    told = run().submit(0)
    for name in sorted(set(CHECKS) - {"count", "order", "submit-once"}):
        assert told.judged({"check": name}).verdict is Verdict.NOT_EXERCISED, name


def test_an_end_that_was_lost_on_the_way_may_be_asked_for_again() -> None:
    told = run().submit(0).poll(20, fault="lost_reply").poll(25)
    assert told.judged({"check": "quiet-after-end"}).verdict is Verdict.PASSED


def test_the_backoff_of_urllib3_is_too_fast() -> None:
    told = run().submit(0, fault="429").submit(0, fault="429").submit(2, fault="429").submit(6)
    finding = told.judged({"check": "backoff"})
    assert finding.verdict is Verdict.FAILED
    assert str(finding.seen) == "0.000 s from call 1 to call 2, 1 s were due"
