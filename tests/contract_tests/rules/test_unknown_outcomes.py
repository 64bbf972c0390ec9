"""The rule DUP-06: a caller is told when nobody knows whether there is a task."""

from dataclasses import replace
from typing import Any

import pytest

from contract_tests.finding import Verdict
from contract_tests.outcome import Outcome
from contract_tests.rules import rule_named
from contract_tests.rules.base import samples
from contract_tests.rules.base.lost_calls import (
    reset_after,
    reset_before,
    unanswered,
)
from contract_tests.trace import Ability, Exchange
from tests.contract_tests.rules.judged import (
    ADVICE,
    IDLE,
    NOT_MEANT,
    PASSED,
    verdict,
)

LIMITER = {"content": samples.error("limiter_unavailable")}


def made(number: int = 1, at: float = 0, **facts: Any) -> Exchange:
    """A submit that made a task of its own, whatever was replied."""
    return samples.submit(number, at, **{"task": f"t{number}", "created": True, **facts})


# DUP-06


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        (samples.unknown(), PASSED),
        (samples.failed("e"), ADVICE),
        (samples.succeeded(), IDLE),
        (None, IDLE),
    ],
)
@pytest.mark.parametrize(
    "call",
    [
        unanswered(1, 0),
        reset_after(1, 0),
        samples.refused(1, 0, 500),
        made(content=b'{"status": "queued"}', told=False),
        samples.submit(1, 0, task=None, phase=None, created=False, content=b"<html>"),
    ],
)
def test_a_caller_is_told_that_nobody_knows(
    call: Exchange, outcome: Outcome | None, expected: Verdict
) -> None:
    trace = samples.trace(call, jobs=(samples.done(outcome),))
    assert verdict("unknown-outcome-told", trace) is expected


@pytest.mark.parametrize(
    "calls",
    [
        (samples.refused(1, 0),),
        (samples.refused(1, 0, 503, **LIMITER),),
        (reset_before(1, 0),),
        (made(),),
        (reset_after(1, 0), made(2, 1)),
        (reset_after(1, 0), samples.poll(2, 5)),
    ],
)
def test_where_it_is_known_a_failure_is_one(calls: tuple[Exchange, ...]) -> None:
    trace = samples.trace(*calls, outcome=samples.failed("e"))
    assert verdict("unknown-outcome-told", trace) is IDLE


def test_an_exception_speaks_for_itself() -> None:
    done = samples.done(samples.failed(), raised="requests.ReadTimeout")
    assert verdict("unknown-outcome-told", samples.trace(unanswered(1, 0), jobs=(done,))) is IDLE


def test_whose_job_it_was_must_be_known() -> None:
    done = samples.done(samples.failed("e"))
    trace = samples.trace(unanswered(1, 0), jobs=(done, done))
    assert verdict("unknown-outcome-told", trace) is IDLE


def test_without_reports_nobody_is_told_anything() -> None:
    trace = replace(
        rule_named("unknown-outcome-told").guilty, abilities=frozenset({Ability.SIGNALLED})
    )
    assert verdict("unknown-outcome-told", trace) is NOT_MEANT
