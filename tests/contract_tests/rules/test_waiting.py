"""The rules POL-10 to POL-12: how long clients wait for their tasks, and in step with whom."""

from dataclasses import replace
from typing import Any

import pytest

from contract_tests.finding import Verdict
from contract_tests.outcome import Outcome
from contract_tests.rules.base import samples
from contract_tests.trace import Exchange, Timing, Trace
from mock_server.core.lifecycle import Phase
from tests.contract_tests.rules.judged import (
    ADVICE,
    FAILED,
    IDLE,
    OPEN,
    PASSED,
    found,
    verdict,
)

SUBMIT = samples.submit(1, 0)


def polled(*times: float, **facts: Any) -> Trace:
    """A task that is made at once and polled at these times."""
    polls = [samples.poll(number, at) for number, at in enumerate(times, 2)]
    return samples.trace(SUBMIT, *polls, **facts)


def held(number: int, at: float, seconds: float, **facts: Any) -> Exchange:
    return samples.poll(number, at, head_wait=seconds, total_wait=seconds, **facts)


# POL-10


def two_tasks(first: tuple[float, ...], second: tuple[float, ...]) -> Trace:
    """Two tasks in one run, polled at these times."""
    calls = [SUBMIT, samples.submit(2, 0, {"prompt": "a dog"}, task="t2")]
    for task, times in (("t1", first), ("t2", second)):
        calls += [samples.poll(len(calls) + 1, at, task=task) for at in times]
    return samples.trace(*calls)


def test_clients_that_poll_in_step_have_no_jitter() -> None:
    times = (5, 10, 15, 20)
    assert verdict("poll-jitter", two_tasks(times, times)) is ADVICE
    assert verdict("poll-jitter", two_tasks(times, (5, 11, 16, 21))) is PASSED
    assert verdict("poll-jitter", two_tasks((5, 10), (5, 10))) is OPEN
    assert verdict("poll-jitter", polled(5, 10, 15)) is IDLE


# POL-11


def waited(until: float, outcome: Outcome | None = None, **facts: Any) -> Trace:
    """A task that goes on and on, and a job that ends then."""
    polls = [samples.poll(number, number * 5 - 5) for number in range(2, 20)]
    calls = facts.pop("calls", (SUBMIT, *polls))
    known = {name: facts.pop(name) for name in ("gives_up_after", "timing") if name in facts}
    done = samples.done(outcome, until, **facts)
    return samples.trace(*calls, jobs=(done,), **known)


def test_one_interval_more_than_the_deadline_is_allowed() -> None:
    assert verdict("deadline", waited(130, samples.failed())) is PASSED
    assert verdict("deadline", waited(131, samples.failed())) is FAILED
    assert verdict("deadline", waited(131, samples.failed(), gives_up_after=300.0)) is PASSED
    assert verdict("deadline", waited(60, samples.failed(), gives_up_after=30.0)) is FAILED
    late = Timing(virtual=False, noise=2.0)
    assert verdict("deadline", waited(131, samples.failed(), timing=late)) is PASSED


def test_a_wait_that_was_ended_by_force_in_time_shows_nothing() -> None:
    assert verdict("deadline", waited(100)) is IDLE
    assert verdict("deadline", waited(300, stopped=samples.START + 10)) is IDLE


def test_a_wait_that_ends_in_a_crash_or_a_success_has_no_deadline() -> None:
    crash = waited(90, raised="builtins.RecursionError", typed=False)
    assert "a raw builtins.RecursionError" in str(found("deadline", crash).seen)
    assert verdict("deadline", waited(90, raised="requests.Timeout")) is PASSED
    claim = found("deadline", waited(90, samples.succeeded()))
    assert claim.verdict is FAILED
    assert "ended in a success" in str(claim.seen)


def test_a_task_that_ended_or_was_never_known_needs_no_deadline() -> None:
    over = SUBMIT, samples.poll(2, 300, Phase.SUCCEEDED)
    assert verdict("deadline", waited(300, samples.succeeded(), calls=over)) is IDLE
    untold = replace(SUBMIT, told=False), samples.poll(2, 5)
    assert verdict("deadline", waited(300, calls=untold)) is IDLE
    assert verdict("deadline", waited(300, calls=(samples.refused(1, 0),))) is IDLE
    assert verdict("deadline", samples.trace(SUBMIT)) is IDLE


def test_a_poll_that_is_never_answered_has_its_timeout_and_one_pause() -> None:
    stalled = held(2, 5, 1e9, aborted=True, ended=samples.START + 65)
    calls = SUBMIT, stalled
    assert verdict("deadline", waited(65, samples.failed(), calls=calls)) is PASSED
    assert verdict("deadline", waited(175, samples.failed(), calls=calls)) is PASSED
    assert verdict("deadline", waited(181, calls=calls)) is FAILED


def test_who_gives_up_after_an_error_did_not_wait_for_the_end() -> None:
    calls = SUBMIT, samples.poll(2, 5, status=401)
    assert verdict("deadline", waited(5, samples.failed(), calls=calls)) is IDLE


# POL-12


@pytest.mark.parametrize(
    ("calls", "expected"),
    [
        ((SUBMIT, samples.poll(2, 5), samples.poll(3, 10, status=404)), IDLE),
        ((samples.poll(1, 5, status=404),), IDLE),
        ((SUBMIT, samples.poll(2, 5, status=404)), ADVICE),
        ((SUBMIT, samples.poll(2, 5, status=404), samples.poll(3, 6, status=404)), PASSED),
    ],
)
def test_only_the_first_poll_of_a_new_task_may_find_nothing(
    calls: tuple[Exchange, ...], expected: Verdict
) -> None:
    trace = samples.trace(*calls, outcome=samples.failed("not_found"))
    assert verdict("early-404", trace) is expected


def test_who_was_told_to_stop_did_not_give_up() -> None:
    done = samples.done(samples.failed(), 5, stopped=samples.START + 5)
    trace = samples.trace(SUBMIT, samples.poll(2, 5, status=404), jobs=(done,))
    assert verdict("early-404", trace) is IDLE
