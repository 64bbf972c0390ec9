"""The rules CON-01 to CON-05: many jobs at once, jobs that are stopped, and what stays open."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from contract_tests.finding import Verdict
from contract_tests.outcome import Outcome, OutcomeStatus
from contract_tests.rules import rule_named
from contract_tests.rules.base import samples
from contract_tests.trace import Done, Exchange, Timing, Trace
from mock_server.core.client_plan import ClientPlan, Stop, StopBy
from mock_server.core.lifecycle import Phase
from mock_server.core.scenario import Scenario

PASSED, FAILED, ADVICE = Verdict.PASSED, Verdict.FAILED, Verdict.ADVICE
IDLE = Verdict.NOT_EXERCISED
CANCELLED = Outcome(OutcomeStatus.CANCELLED)


def verdict(rule: str, trace: Trace) -> Verdict:
    return rule_named(rule).check(trace).verdict


def seen(rule: str, trace: Trace) -> str:
    return str(rule_named(rule).check(trace).seen)


def order(number: int, at: float, name: str, **facts: Any) -> Exchange:
    return samples.submit(number, at, {"prompt": f"cat {name}"}, task=f"t{name}", **facts)


def end(number: int, at: float, name: str, **facts: Any) -> Exchange:
    return samples.poll(number, at, Phase.SUCCEEDED, task=f"t{name}", **facts)


def jobs(names: Sequence[str]) -> tuple[Done, ...]:
    return tuple(
        samples.done(samples.succeeded(), job=samples.job(prompt=f"cat {name}")) for name in names
    )


# CON-01


@pytest.mark.parametrize(
    ("calls", "expected"),
    [
        ((order(1, 0, "a"), end(2, 5, "a"), order(3, 5, "b"), end(4, 10, "b")), PASSED),
        ((order(1, 0, "a"), order(2, 4, "b"), end(3, 5, "a"), end(4, 10, "b")), ADVICE),
        ((order(1, 0, "a"), samples.poll(2, 5, task="ta"), order(3, 6, "b")), PASSED),
        ((order(1, 0, "a"), order(2, 4, "b")), PASSED),
        ((samples.refused(1, 0, body={"prompt": "cat a"}), order(2, 1, "b")), PASSED),
        (
            (
                samples.refused(1, 0, body={"prompt": "cat a"}),
                order(2, 1, "b"),
                order(3, 2, "a"),
                end(4, 6, "b"),
            ),
            ADVICE,
        ),
    ],
)
def test_jobs_are_under_way_from_their_first_call_until_their_end_is_told(
    calls: tuple[Exchange, ...], expected: Verdict
) -> None:
    trace = samples.trace(*calls, jobs=jobs("ab"), most_at_once=1)
    assert verdict("concurrency-limit", trace) is expected


def test_jobs_with_one_prompt_are_counted_by_their_tasks() -> None:
    same = [samples.done(samples.succeeded())] * 2
    calls = (
        samples.submit(1, 0, task="ta"),
        samples.refused(2, 0),
        samples.submit(3, 1, task="tb"),
        end(4, 5, "a"),
        end(5, 6, "b"),
    )
    trace = samples.trace(*calls, jobs=tuple(same), most_at_once=1)
    assert seen("concurrency-limit", trace) == "2 jobs were under way when call 3 began"


def test_without_a_limit_or_with_fewer_jobs_nothing_can_be_exceeded() -> None:
    calls = order(1, 0, "a"), order(2, 0, "b"), end(3, 5, "a"), end(4, 5, "b")
    free = samples.trace(*calls, jobs=jobs("ab"))
    assert verdict("concurrency-limit", free) is Verdict.NOT_APPLICABLE
    few = samples.trace(*calls, jobs=jobs("ab"), most_at_once=2)
    assert verdict("concurrency-limit", few) is IDLE


# CON-02


def url(name: str) -> str:
    return f"{samples.ORIGIN}/generated/{name}.png"


def shown(number: int, name: str) -> Exchange:
    data = [{"url": url(name)}]
    content = samples.task_text(Phase.SUCCEEDED, f"t{name}", result={"data": data})
    return end(number, 5, name, content=content)


def pair(first: Outcome, second: Outcome, *, prompts: str = "ab") -> Trace:
    """Two jobs beside each other that report so."""
    calls = (
        order(1, 0, prompts[0]),
        replace(order(2, 0, prompts[1]), task="tb"),
        shown(3, "b"),
        shown(4, "a"),
    )
    told = zip(jobs(prompts), (first, second), strict=True)
    return samples.trace(*calls, jobs=tuple(replace(job, outcome=one) for job, one in told))


def got(name: str, task: str | None = None) -> Outcome:
    return Outcome(OutcomeStatus.SUCCEEDED, task, (url(name),))


def test_results_and_tasks_of_another_prompt_are_found() -> None:
    assert verdict("results-not-mixed", pair(got("a", "ta"), got("b", "tb"))) is PASSED
    assert verdict("results-not-mixed", pair(got("a"), samples.failed())) is PASSED
    assert verdict("results-not-mixed", pair(got("b"), got("a"))) is FAILED
    assert verdict("results-not-mixed", pair(got("b"), samples.failed())) is FAILED
    assert seen("results-not-mixed", pair(got("a", "tb"), got("b"))) == (
        "job 1 got what belongs to task tb"
    )


def test_jobs_with_one_prompt_may_get_either_result_but_not_the_same() -> None:
    assert verdict("results-not-mixed", pair(got("b"), got("a"), prompts="aa")) is PASSED
    trace = pair(got("a"), got("a"), prompts="aa")
    assert verdict("results-not-mixed", trace) is FAILED
    assert seen("results-not-mixed", trace) == f"2 jobs got {url('a')}"


def test_a_job_alone_and_jobs_that_all_failed_cannot_mix_anything() -> None:
    alone = samples.trace(order(1, 0, "a"), shown(2, "a"), outcome=got("a"))
    assert verdict("results-not-mixed", alone) is IDLE
    assert verdict("results-not-mixed", pair(samples.failed(), samples.failed())) is IDLE
    unserved = samples.trace(order(1, 0, "a"), order(2, 0, "b"), jobs=jobs("ab"))
    assert verdict("results-not-mixed", unserved) is IDLE


# CON-03


def stopped(*calls: Exchange, by: StopBy = StopBy.CANCEL, at: float = 7, **facts: Any) -> Trace:
    """A job that was told to stop seven seconds after it began, unless the facts say otherwise."""
    plan = ClientPlan(stop=Stop(by, at))
    usual: dict[str, Any] = {"outcome": CANCELLED, "until": at, "stopped": samples.START + at}
    around = {name: facts.pop(name) for name in ("taken", "timing") if name in facts}
    job = samples.done(**{**usual, **facts})
    scenario = Scenario(client=plan)
    return samples.trace(*calls, jobs=(job,), scenario=scenario, **{"taken": 30, **around})


BEGUN = samples.submit(1, 0), samples.poll(2, 5)


@pytest.mark.parametrize(
    ("calls", "facts", "expected"),
    [
        ((), {}, PASSED),
        ((samples.poll(3, 12),), {}, PASSED),
        ((samples.poll(3, 12.1),), {}, FAILED),
        ((samples.poll(3, 12.1),), {"timing": Timing(virtual=False, noise=0.2)}, PASSED),
        ((samples.poll(3, 12.1),), {"taken": 13}, FAILED),
        ((), {"taken": 21}, Verdict.INCONCLUSIVE),
        ((), {"stopped": None}, IDLE),
        ((samples.poll(3, 6, total_wait=20.0, ended=samples.START + 7),), {}, PASSED),
        ((samples.poll(3, 6, total_wait=20.0),), {}, FAILED),
        ((samples.poll(3, 6, total_wait=1e9, ended=None),), {}, FAILED),
        ((samples.poll(3, 6, total_wait=1.0, ended=None),), {}, PASSED),
    ],
)
def test_after_a_cancellation_there_is_silence(
    calls: tuple[Exchange, ...], facts: dict[str, Any], expected: Verdict
) -> None:
    assert verdict("cancel-stops", stopped(*BEGUN, *calls, **facts)) is expected


def test_calls_after_a_cancellation_are_named() -> None:
    late = stopped(*BEGUN, samples.poll(3, 13))
    assert seen("cancel-stops", late) == "call 3 came 6.000 s after the job was cancelled"
    held = stopped(*BEGUN, samples.poll(3, 6, total_wait=20.0))
    assert seen("cancel-stops", held) == (
        "call 3 was still under way 19.000 s after the job was cancelled"
    )


@pytest.mark.parametrize("rule", ["cancel-stops", "signal-stops"])
def test_who_is_told_nothing_or_otherwise_has_nothing_to_obey(rule: str) -> None:
    assert verdict(rule, samples.trace(*BEGUN, outcome=samples.succeeded())) is IDLE
    other = StopBy.SIGNAL if rule == "cancel-stops" else StopBy.CANCEL
    assert verdict(rule, stopped(*BEGUN, by=other)) is IDLE


# CON-04


@pytest.mark.parametrize(
    ("calls", "facts", "expected"),
    [
        ((), {"until": 12}, PASSED),
        ((), {"until": 12.1}, ADVICE),
        ((), {"until": 12.1, "timing": Timing(virtual=False, noise=0.2)}, PASSED),
        ((), {"outcome": None}, ADVICE),
        ((samples.poll(2, 8),), {}, PASSED),
        ((samples.submit(2, 6.9),), {}, PASSED),
        ((samples.submit(2, 7.1),), {}, ADVICE),
    ],
)
def test_after_the_signal_a_client_ends_and_orders_nothing(
    calls: tuple[Exchange, ...], facts: dict[str, Any], expected: Verdict
) -> None:
    trace = stopped(samples.refused(1, 0), *calls, by=StopBy.SIGNAL, **facts)
    assert verdict("signal-stops", trace) is expected


# CON-05


@pytest.mark.parametrize(
    ("left", "jobs", "expected"),
    [
        ((1, 2, 3), 1, ADVICE),
        ((20, 40, 59), 20, ADVICE),
        ((20, 29, 38), 20, PASSED),
        ((0, 1, 1, 1), 1, PASSED),
        ((3, 3, 3), 1, PASSED),
        ((1, 2), 1, IDLE),
        ((), 1, IDLE),
    ],
)
def test_connections_that_grow_with_each_run_are_a_leak(
    left: tuple[int, ...], jobs: int, expected: Verdict
) -> None:
    runs = [
        samples.trace(jobs=tuple(samples.done(CANCELLED, n, leftovers=one) for n in range(jobs)))
        for one in left
    ]
    first = runs[0] if runs else samples.trace()
    assert verdict("no-leaks", replace(first, repeats=tuple(runs[1:]))) is expected


def test_what_was_open_after_the_last_job_of_a_run_counts() -> None:
    jobs = samples.done(CANCELLED, 9, leftovers=1), samples.done(CANCELLED, 5, leftovers=7)
    runs = (samples.trace(jobs=jobs), *(samples.trace(jobs=jobs[:1]) for _ in range(2)))
    assert verdict("no-leaks", replace(runs[0], repeats=runs[1:])) is PASSED


def test_a_leak_is_told_in_numbers() -> None:
    words = "1 connections were open after the first run, 4 after 4 runs"
    assert seen("no-leaks", rule_named("no-leaks").guilty) == words
