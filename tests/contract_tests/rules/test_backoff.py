"""The rules BOF-01 to BOF-11: how long clients wait after refusals, with chance in it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import count
from random import Random
from typing import Any

import pytest

from contract_tests.finding import Finding, Verdict
from contract_tests.rules import rule_named
from contract_tests.rules.base import samples
from contract_tests.rules.base.refused_rows import (
    polls_refused,
    refused_by_processes,
    refused_row,
    refused_rows,
)
from contract_tests.trace import Exchange, Timing, Trace
from mock_server.core.contract import Backoff

PASSED, FAILED, ADVICE = Verdict.PASSED, Verdict.FAILED, Verdict.ADVICE
IDLE, OPEN, NOT_MEANT = Verdict.NOT_EXERCISED, Verdict.INCONCLUSIVE, Verdict.NOT_APPLICABLE
STEPS = (1.0, 2.0, 4.0)
QUIET = Timing(virtual=False, noise=0.01)
NOISY = Timing(virtual=False, noise=0.3)

# How a client makes its pause of the profile's step: the kinds of jitter that are in use.
JITTERS = {
    "additive": (1.0, 1.25),
    "wide additive": (1.0, 2.0),
    "around": (0.75, 1.25),
    "subtractive": (0.75, 1.0),
    "equal": (0.5, 1.0),
    "full": (0.0, 1.0),
    "full, of twice the step": (0.0, 2.0),
}


def verdict(rule: str, trace: Trace) -> Verdict:
    return found(rule, trace).verdict


def found(rule: str, trace: Trace) -> Finding:
    return rule_named(rule).check(trace)


def drawn(low: float, high: float, seed: int, steps: Sequence[float] = STEPS) -> list[float]:
    """The pauses of a client with that jitter; the seed only makes the test repeatable."""
    draw = Random(seed).uniform
    return [step * draw(low, high) for step in steps]


def runs_of(low: float, high: float, runs: int, seed: int = 1, **facts: Any) -> Trace:
    rows = [drawn(low, high, seed * 1000 + run) for run in range(runs)]
    return refused_rows(*rows, **facts)


def delayed(rows: Sequence[Sequence[float]], seed: int, timing: Timing) -> Trace:
    """These pauses as a real machine shows them: each a little late."""
    late = Random(seed).uniform
    slow = [[pause + late(0, timing.noise) for pause in row] for row in rows]
    return refused_rows(*slow, timing=timing)


# No kind of jitter is blamed: BOF-01 to BOF-03 over many runs of many clients. What chance reaches
# counts for no coverage.


@pytest.mark.proof
@pytest.mark.parametrize("kind", JITTERS)
@pytest.mark.parametrize("rule", ["backoff-floor", "backoff-growth", "backoff-jitter"])
def test_no_kind_of_jitter_is_blamed_in_sixteen_runs(rule: str, kind: str) -> None:
    verdicts = {verdict(rule, runs_of(*JITTERS[kind], 16, seed)) for seed in range(10)}
    # Full jitter may be so unlucky that its growth remains open.
    assert verdicts <= ({PASSED, OPEN} if kind.startswith("full") else {PASSED})
    assert PASSED in verdicts


@pytest.mark.proof
@pytest.mark.parametrize("kind", JITTERS)
@pytest.mark.parametrize("rule", ["backoff-floor", "backoff-growth"])
@pytest.mark.parametrize("runs", [1, 3, 5])
def test_few_runs_blame_no_kind_of_jitter_either(rule: str, kind: str, runs: int) -> None:
    traces = (runs_of(*JITTERS[kind], runs, seed) for seed in range(15))
    assert {verdict(rule, trace) for trace in traces} <= {PASSED, OPEN}


@pytest.mark.proof
@pytest.mark.parametrize("kind", JITTERS)
def test_three_runs_in_virtual_time_show_every_kind_of_jitter(kind: str) -> None:
    traces = (runs_of(*JITTERS[kind], 3, seed) for seed in range(30))
    assert {verdict("backoff-jitter", trace) for trace in traces} == {PASSED}


@pytest.mark.parametrize("timing", [QUIET, NOISY])
def test_a_real_machine_blames_no_narrow_jitter(timing: Timing) -> None:
    for seed in range(30):
        draw = Random(seed).random
        rows = [[step + 0.1 * draw() for step in STEPS] for _ in range(5)]
        assert verdict("backoff-jitter", delayed(rows, seed, timing)) in {PASSED, OPEN}


@pytest.mark.proof
def test_chance_condemns_hardly_any_client_of_many_thousands(proof_size: Any) -> None:
    condemned = 0
    clients = proof_size(20, 1_500)
    for seed in range(clients):
        for kind in JITTERS.values():
            trace = runs_of(*kind, 1 + seed % 16, seed)
            for rule in ("backoff-floor", "backoff-growth", "backoff-jitter"):
                condemned += verdict(rule, trace) is FAILED
    assert condemned <= clients * len(JITTERS) * 3 / 10_000


# BOF-01


@pytest.mark.parametrize(
    "pauses",
    [
        (0, 2, 4),
        (0, 0, 0),
        (0.001, 0.002, 0.001),
        (0, 0),
    ],
)
def test_one_run_is_enough_for_pauses_that_no_jitter_explains(pauses: Sequence[float]) -> None:
    assert verdict("backoff-floor", refused_rows(pauses)) is FAILED


@pytest.mark.parametrize(
    "pauses", [(1, 2, 4), (1.2, 2.9, 4.4), (0.75, 1.8, 3.9), (5, 5, 5), (1,), (0.5, 1, 2, 2, 2)]
)
def test_pauses_of_at_least_half_their_steps_are_kept(pauses: Sequence[float]) -> None:
    assert verdict("backoff-floor", refused_rows(pauses)) is PASSED


@pytest.mark.parametrize("pauses", [(0.3, 1.2, 0.7), (0.1, 0.1, 0.1), (0.2, 0.4, 0.8), (0,)])
def test_one_run_with_shorter_pauses_leaves_open_whether_they_are_full_jitter(
    pauses: Sequence[float],
) -> None:
    finding = found("backoff-floor", refused_rows(pauses))
    assert finding.verdict is OPEN
    assert "more runs would tell" in str(finding.seen)


@pytest.mark.parametrize(
    "pauses",
    [(0.9, 1.9, 3.9), (0.5, 1, 2), (0.1, 0.2, 0.4), (0, 2, 4), (0.5, 0.5, 0.5)],
)
def test_a_fixed_schedule_that_is_too_short_is_known_by_its_sameness(
    pauses: Sequence[float],
) -> None:
    assert verdict("backoff-floor", refused_rows(*[pauses] * 3)) is FAILED
    rows = [pauses] * 5
    assert verdict("backoff-floor", delayed(rows, 1, QUIET)) is FAILED


def test_a_fixed_schedule_of_the_steps_themselves_is_long_enough() -> None:
    assert verdict("backoff-floor", refused_rows(*[STEPS] * 5)) is PASSED


@pytest.mark.parametrize("first", [0.0, 0.004])
def test_a_first_retry_at_once_is_found_though_the_others_have_jitter(first: float) -> None:
    rows = [(first, *drawn(1, 1.5, seed, (2, 4))) for seed in range(5)]
    finding = found("backoff-floor", refused_rows(*rows))
    assert finding.verdict is FAILED
    assert "1 s were due" in str(finding.seen)


def test_jitter_up_to_half_of_the_steps_is_too_short_in_the_long_run() -> None:
    assert verdict("backoff-floor", runs_of(0, 0.5, 16)) is FAILED
    assert verdict("backoff-floor", runs_of(0.5, 0.625, 16)) is FAILED


def test_a_violation_in_another_run_names_the_run_and_no_call_of_this_one() -> None:
    trace = refused_rows(STEPS, STEPS, (1, 0.5, 4), (1, 2, 4))
    short = replace(trace, repeats=tuple(refused_rows((0.9, 1.9, 3.9)) for _ in range(3)))
    finding = found("backoff-floor", replace(short, calls=refused_rows((0.9, 1.9, 3.9)).calls))
    assert finding.evidence == (1, 2, 3, 4)
    only_repeat = replace(samples.trace(), repeats=(refused_rows((0, 2, 4)),))
    other = found("backoff-floor", only_repeat)
    assert other.verdict is FAILED
    assert other.place is None
    assert "(run 2)" in str(other.seen)


def test_real_timers_may_go_off_a_little_early() -> None:
    early = refused_rows((0.985, 1.99, 3.995), timing=Timing(virtual=False))
    assert verdict("backoff-floor", early) is PASSED


def test_noise_that_could_be_jitter_leaves_a_short_schedule_open() -> None:
    assert verdict("backoff-floor", delayed([(0.4, 0.8, 1.6)] * 5, 1, NOISY)) is OPEN


def test_later_pauses_in_a_row_are_held_to_the_last_step() -> None:
    assert verdict("backoff-floor", refused_rows(*[(1, 2, 4, 3)] * 3)) is FAILED


def test_a_retry_after_takes_the_place_of_the_step() -> None:
    asked = samples.refused(1, 0, **samples.after(1)), samples.refused(2, 1, **samples.after(1))
    assert verdict("backoff-floor", samples.trace(*asked, samples.submit(3, 2))) is IDLE
    then = samples.refused(3, 2), samples.submit(4, 3)
    assert verdict("backoff-floor", samples.trace(*asked, *then)) is PASSED


def test_an_error_that_promises_that_nothing_was_made_is_a_refusal() -> None:
    limiter = {"status": 503, "content": samples.error("limiter_unavailable")}
    assert verdict("backoff-floor", _row(limiter)) is FAILED


def _row(facts: dict[str, Any]) -> Trace:
    return samples.trace(*refused_row((0, 0, 0), **facts))


@pytest.mark.parametrize("status", [500, 503])
def test_other_errors_of_the_server_are_none(status: int) -> None:
    facts = {"status": status, "content": samples.error("overloaded")}
    assert verdict("backoff-floor", _row(facts)) is IDLE


def test_a_refusal_that_nobody_heard_is_none() -> None:
    left = samples.refused(1, 0, head_wait=5, total_wait=5, ended=samples.START + 2, aborted=True)
    assert verdict("backoff-floor", samples.trace(left, samples.submit(2, 2))) is IDLE


def test_an_attempt_that_was_begun_before_the_refusal_is_no_retry() -> None:
    slow = samples.refused(1, 0, head_wait=3, total_wait=3)
    calls = slow, samples.refused(2, 1, head_wait=3, total_wait=3), samples.submit(3, 4.5)
    assert verdict("backoff-floor", samples.trace(*calls)) is PASSED


def test_two_rows_with_an_answer_between_them_both_begin_anew() -> None:
    calls = samples.refused(1, 0), samples.submit(2, 1, status=500), samples.refused(3, 2)
    assert verdict("backoff-floor", samples.trace(*calls, samples.submit(4, 3))) is PASSED


def test_a_row_whose_beginning_was_dropped_is_left_out() -> None:
    cut = samples.trace(*refused_row((0, 0, 0)), dropped=3)
    assert verdict("backoff-floor", cut) is OPEN
    whole = samples.submit(1, 0, status=500), *_shifted(refused_row((0, 0, 0)), 1, 10)
    assert verdict("backoff-floor", samples.trace(*whole, dropped=3)) is FAILED


def _shifted(calls: Sequence[Exchange], number: int, seconds: float) -> Iterator[Exchange]:
    for one in calls:
        yield replace(one, number=one.number + number, started=one.started + seconds, ended=None)


def test_a_client_that_gives_up_at_once_has_shown_no_pause() -> None:
    assert verdict("backoff-floor", samples.trace(samples.refused(1, 0))) is IDLE


def two_jobs(*prompts: str) -> Trace:
    """Two jobs that are refused at the same moment, and return a second later."""
    numbers = count(1)
    bodies = [{"model": "sample-image", "prompt": prompt} for prompt in prompts]
    calls = [samples.refused(next(numbers), 0, body=body) for body in bodies]
    calls += [
        samples.submit(next(numbers), 1 + 0.2 * index, body=body, task=f"t{index}")
        for index, body in enumerate(bodies)
    ]
    jobs = [samples.done(None, job=samples.job(prompt=prompt)) for prompt in prompts]
    return samples.trace(*calls, jobs=tuple(jobs))


def test_two_callers_are_judged_by_their_own_orders() -> None:
    assert verdict("backoff-floor", two_jobs("a cat", "a dog")) is PASSED


def test_two_callers_with_equal_orders_cannot_be_told_apart() -> None:
    assert verdict("backoff-floor", two_jobs("a cat", "a cat")) is IDLE


def test_a_prompt_that_no_job_has_may_be_anybodys() -> None:
    trace = two_jobs("a cat", "a dog")
    jobs = tuple(replace(done, job=samples.job(prompt="A CAT")) for done in trace.jobs)
    assert verdict("backoff-floor", replace(trace, jobs=jobs)) is IDLE


def test_images_that_are_ordered_one_by_one_cannot_be_told_apart() -> None:
    trace = samples.trace(*refused_row((0, 0, 0)), jobs=(samples.done(None, job=samples.job(n=4)),))
    assert verdict("backoff-floor", trace) is IDLE
    together = [
        samples.refused(number, 0, body={"prompt": samples.PROMPT, "n": 4}) for number in (1, 2, 3)
    ]
    assert verdict("backoff-floor", replace(trace, calls=samples.trace(*together).calls)) is FAILED


def test_bodies_that_are_no_json_are_told_apart_by_their_bytes() -> None:
    calls = [samples.refused(number, 0, body=None) for number in (1, 2, 3, 4)]
    raw = [replace(one, body=b"{", digest=b"{") for one in calls]
    assert verdict("backoff-floor", samples.trace(*raw)) is FAILED


# BOF-02


@pytest.mark.parametrize("pauses", [(1, 1, 1), (5, 5, 5), (0, 0, 0)])
def test_equal_pauses_do_not_grow(pauses: Sequence[float]) -> None:
    assert verdict("backoff-growth", refused_rows(pauses)) is FAILED


def test_fixed_pauses_that_grow_too_little_are_known_by_their_sameness() -> None:
    finding = found("backoff-growth", refused_rows(*[(2, 2.2, 2.4)] * 3))
    assert finding.verdict is FAILED
    assert "1.10 times the one before over 3 rows" in str(finding.seen)
    assert verdict("backoff-growth", refused_rows(*[(4, 2, 1)] * 3)) is FAILED


@pytest.mark.parametrize(("low", "high"), [(0.75, 1.25), (0.5, 1), (1, 1.5)])
def test_pauses_that_are_drawn_about_one_length_do_not_grow(low: float, high: float) -> None:
    rows = [drawn(low, high, seed, (3, 3, 3)) for seed in range(5)]
    assert verdict("backoff-growth", refused_rows(*rows)) is FAILED
    assert verdict("backoff-growth", refused_rows(*rows[:2])) is OPEN


@pytest.mark.proof
def test_pauses_that_are_drawn_up_to_one_length_are_mostly_found_in_sixteen_runs() -> None:
    verdicts = [
        verdict(
            "backoff-growth",
            refused_rows(*(drawn(0, 1, 100 * seed + run, (4, 4, 4)) for run in range(16))),
        )
        for seed in range(20)
    ]
    assert verdicts.count(FAILED) > 15
    assert verdicts.count(PASSED) < 3


def test_growth_in_one_row_of_full_jitter_may_be_chance() -> None:
    finding = found("backoff-growth", refused_rows((0.2, 1.1, 3.1)))
    assert finding.verdict is OPEN
    assert "it may be chance" in str(finding.seen)


def test_five_rows_of_full_jitter_that_agree_show_their_growth() -> None:
    rows = (0.4, 1.1, 2.9), (0.6, 0.9, 3.1), (0.5, 1.9, 2.7), (0.7, 1.5, 3.3), (0.55, 1.3, 2.5)
    assert verdict("backoff-growth", refused_rows(*rows)) is PASSED
    assert verdict("backoff-growth", refused_rows(*rows[:4])) is OPEN


def test_a_fixed_schedule_shows_its_growth_however_short_it_is() -> None:
    assert verdict("backoff-growth", refused_rows(*[(0, 2, 4)] * 3)) is PASSED


def test_one_row_that_does_not_grow_may_be_chance() -> None:
    assert verdict("backoff-growth", refused_rows((1.9, 1.2, 2.1))) is OPEN


def test_noise_may_have_lengthened_the_first_pause() -> None:
    rows = [(1.3, 1.5, 2.2)] * 5
    assert verdict("backoff-growth", refused_rows(*rows)) is FAILED
    assert verdict("backoff-growth", refused_rows(*rows, timing=NOISY)) is OPEN


def test_only_the_documented_steps_have_to_grow() -> None:
    assert verdict("backoff-growth", refused_rows((1, 2, 4, 4, 4, 4, 4))) is PASSED


@pytest.mark.parametrize("pauses", [(1,), (1, 2)])
def test_fewer_pauses_than_steps_show_no_growth(pauses: Sequence[float]) -> None:
    assert verdict("backoff-growth", refused_rows(pauses)) is IDLE


def test_a_row_with_a_bad_retry_after_in_it_shows_no_growth() -> None:
    trace = samples.trace(*refused_row((1, 1, 1), **samples.after(0)))
    assert verdict("backoff-growth", trace) is IDLE


@pytest.mark.parametrize("steps", [(2.0,), (2.0, 2.0)])
def test_steps_that_do_not_grow_demand_no_growth(steps: tuple[float, ...]) -> None:
    trace = refused_rows((2, 2, 2))
    flat = replace(trace.calls, backoff=replace(trace.calls.backoff, steps=steps))
    assert verdict("backoff-growth", replace(trace, calls=flat)) is IDLE


def test_growth_in_another_run_alone_names_no_call() -> None:
    trace = replace(samples.trace(), repeats=(refused_rows((5, 5, 5)),))
    assert found("backoff-growth", trace).evidence == ()


# BOF-03


def test_one_run_shows_nothing_of_jitter() -> None:
    assert verdict("backoff-jitter", refused_rows(STEPS)) is IDLE


def test_the_same_pauses_in_five_real_runs_have_no_jitter() -> None:
    trace = delayed([STEPS] * 5, 3, replace(QUIET, noise=0.02))
    finding = found("backoff-jitter", trace)
    assert finding.verdict is FAILED
    assert "the same waits in all runs and jobs" in str(finding.seen)


def test_the_same_pauses_on_a_loaded_machine_remain_open() -> None:
    finding = found("backoff-jitter", delayed([STEPS] * 8, 3, NOISY))
    assert finding.verdict is OPEN
    assert "the clock is trusted to 300" in str(finding.seen)


def test_two_pauses_that_are_alike_may_be_chance() -> None:
    assert verdict("backoff-jitter", refused_rows((1,), (1,))) is OPEN


def test_a_profile_without_jitter_asks_for_none() -> None:
    trace = refused_rows(STEPS, STEPS, STEPS)
    plain = Backoff(STEPS, jitter=False, cap=60, retries_at_least=3, retries_at_most=10)
    calls = replace(trace.calls, backoff=plain)
    assert verdict("backoff-jitter", replace(trace, calls=calls)) is NOT_MEANT


# BOF-04


def test_a_client_within_the_exam_has_no_processes() -> None:
    assert verdict("jitter-per-process", refused_rows(STEPS, STEPS)) is NOT_MEANT


def test_one_process_alone_shows_nothing() -> None:
    trace = refused_by_processes(STEPS, STEPS, names=["one", "one"])
    assert verdict("jitter-per-process", trace) is IDLE


def test_processes_are_compared_from_their_starts_on() -> None:
    same = [drawn(1, 2, seed) for seed in (1, 2)] * 2
    names = ["one", "one", "two", "two"]
    assert verdict("jitter-per-process", refused_by_processes(*same, names=names)) is ADVICE
    crossed = [same[0], same[1], same[1], same[0]]
    assert verdict("jitter-per-process", refused_by_processes(*crossed, names=names)) is PASSED


def test_two_real_processes_that_are_alike_may_be_chance() -> None:
    rows = (1.02, 2.01, 4.03), (1.03, 2.02, 4.01)
    trace = refused_by_processes(*rows, timing=QUIET)
    assert verdict("jitter-per-process", trace) is OPEN


def test_pauses_of_nobody_knows_which_process_do_not_count() -> None:
    trace = refused_by_processes(STEPS, STEPS, names=["one", ""])
    assert verdict("jitter-per-process", trace) is IDLE
    bad = refused_by_processes(STEPS, STEPS)
    plain = samples.trace(*refused_row(STEPS, **samples.after(0)), jobs=bad.jobs)
    assert verdict("jitter-per-process", plain) is IDLE


# BOF-05


def herd(waits: Sequence[float], *, jobs: bool = True, body: object = None, **facts: Any) -> Trace:
    """As many equal orders, refused at once, that return after these waits."""
    size = len(waits)
    first = [samples.refused(number, 0, body=body, **facts) for number in range(1, size + 1)]
    second = [
        samples.submit(number, wait, body=body, task=f"t{number}")
        for number, wait in enumerate(sorted(waits), size + 1)
    ]
    done = tuple(samples.done(None) for _ in waits) if jobs else ()
    return samples.trace(*first, *second, jobs=done)


def test_a_herd_of_equal_orders_is_seen_as_one() -> None:
    finding = found("no-herd", herd([1.0] * 20))
    assert finding.verdict is ADVICE
    assert "20 of 20" in str(finding.seen)


@pytest.mark.parametrize(("together", "expected"), [(16, PASSED), (17, ADVICE)])
def test_up_to_four_in_five_may_come_back_together(together: int, expected: Verdict) -> None:
    waits = [1.0] * together + [1.1 + 0.1 * place for place in range(20 - together)]
    assert verdict("no-herd", herd(waits)) is expected


@pytest.mark.proof
@pytest.mark.parametrize("kind", ["additive", "equal", "full"])
def test_a_herd_with_jitter_is_none(kind: str) -> None:
    for seed in range(20):
        assert verdict("no-herd", herd(drawn(*JITTERS[kind], seed, [1.0] * 20))) is PASSED


def test_fewer_than_ten_are_no_herd() -> None:
    assert verdict("no-herd", herd([1.0] * 9)) is IDLE
    assert verdict("no-herd", herd([1.0] * 10)) is ADVICE


def test_nearly_all_of_a_few_may_come_together_by_chance() -> None:
    finding = found("no-herd", herd([1.0] * 9 + [1.09]))
    assert finding.verdict is OPEN
    assert str(finding.seen) == "9 of 10 that were refused came back within 50 ms: it may be chance"


def test_times_that_are_not_exact_enough_hide_a_herd() -> None:
    spread = herd([1 + 0.05 * place for place in range(20)])
    assert verdict("no-herd", replace(spread, timing=NOISY)) is OPEN
    assert verdict("no-herd", replace(herd([1.0] * 20), timing=NOISY)) is ADVICE


def test_who_was_told_when_to_return_returns_together() -> None:
    assert verdict("no-herd", herd([7.0] * 20, **samples.after(7))) is IDLE


def test_who_came_back_before_all_were_refused_mixes_them_up() -> None:
    assert verdict("no-herd", herd([1.0] * 20, head_wait=2, total_wait=2)) is IDLE


# BOF-06


def test_jitter_may_come_on_top_of_the_cap() -> None:
    pauses = (1, 2, 4, 8, 16, 32, 64, 74)
    assert verdict("backoff-cap", refused_rows(pauses)) is PASSED


def test_a_client_that_gave_up_early_did_not_need_the_cap() -> None:
    assert verdict("backoff-cap", refused_rows((1, 2, 4, 8, 16, 32))) is IDLE
    assert verdict("backoff-cap", samples.trace()) is IDLE


def test_a_pause_beyond_the_cap_is_one_whenever_it_comes() -> None:
    assert verdict("backoff-cap", refused_rows((1, 100))) is ADVICE
    other = replace(samples.trace(), repeats=(refused_rows((1, 100)),))
    finding = found("backoff-cap", other)
    assert finding.verdict is ADVICE
    assert finding.evidence == ()


def test_a_ceiling_is_only_judged_where_nothing_else_runs() -> None:
    busy = Timing(virtual=False, unloaded=False)
    assert verdict("backoff-cap", refused_rows((1, 100), timing=busy)) is OPEN


# BOF-07, BOF-08


def retried(value: object, wait: float, **facts: Any) -> Trace:
    """A refusal with that Retry-After, and the retry after that wait."""
    return samples.trace(
        samples.refused(1, 0, **samples.after(value), **facts), samples.submit(2, wait)
    )


@pytest.mark.parametrize(("wait", "expected"), [(20, PASSED), (19.9, ADVICE)])
def test_a_retry_after_in_seconds_is_kept_to_the_last(wait: float, expected: Verdict) -> None:
    assert verdict("retry-after-seconds", retried(20, wait)) is expected
    assert verdict("retry-after-date", retried(20, wait)) is IDLE


def test_real_timers_may_return_a_little_early() -> None:
    trace = replace(retried(7, 6.99), timing=Timing(virtual=False))
    assert verdict("retry-after-seconds", trace) is PASSED


@pytest.mark.parametrize("value", [0, -5, "soon", 10**35, "Fri, 15 Jan 2027 07:59:00 GMT", 121])
def test_a_retry_after_that_nobody_can_keep_is_not_asked_for(value: object) -> None:
    assert verdict("retry-after-seconds", retried(value, 1)) is IDLE
    assert verdict("retry-after-date", retried(value, 1)) is IDLE


@pytest.mark.parametrize(("wait", "expected"), [(6.1, PASSED), (5.9, ADVICE)])
def test_a_date_is_kept_to_within_its_second(wait: float, expected: Verdict) -> None:
    trace = retried("Friday, 15-Jan-27 08:00:07 GMT", wait)
    assert verdict("retry-after-date", trace) is expected
    assert verdict("retry-after-seconds", trace) is IDLE


def test_a_date_within_a_second_asks_for_nothing() -> None:
    assert verdict("retry-after-date", retried("Fri, 15 Jan 2027 08:00:01 GMT", 0)) is IDLE


def test_a_retry_after_on_a_success_asks_for_nothing() -> None:
    calls = samples.submit(1, 0, **samples.after(60)), samples.poll(2, 5)
    assert verdict("retry-after-seconds", samples.trace(*calls)) is IDLE


def test_who_gives_up_after_a_retry_after_has_not_come_back_early() -> None:
    assert verdict("retry-after-seconds", samples.trace(retried(7, 1).exchanges[0])) is IDLE


def test_a_retry_after_on_a_poll_is_meant_for_that_task() -> None:
    polls = samples.poll(2, 5, status=429, **samples.after(7)), samples.poll(3, 6, task="t2")
    made = samples.submit(1, 0)
    assert verdict("retry-after-seconds", samples.trace(made, *polls)) is IDLE
    early = samples.poll(4, 10)
    assert verdict("retry-after-seconds", samples.trace(made, *polls, early)) is ADVICE


def test_an_attempt_that_was_under_way_is_no_return() -> None:
    slow = samples.refused(1, 0, head_wait=3, total_wait=3, **samples.after(7))
    calls = slow, samples.refused(2, 1), samples.submit(3, 10)
    assert verdict("retry-after-seconds", samples.trace(*calls)) is PASSED


# BOF-09


@pytest.mark.parametrize("value", [0, -5, "soon", "", 10**35, "Fri, 15 Jan 2027 07:59:00 GMT"])
def test_a_retry_after_that_nobody_can_keep_leads_to_the_usual_backoff(value: object) -> None:
    facts = samples.after(value)
    assert verdict("bad-retry-after", samples.trace(*refused_row((1.1, 2.1), **facts))) is PASSED
    assert verdict("bad-retry-after", samples.trace(*refused_row((0, 0, 0), **facts))) is FAILED
    assert verdict("bad-retry-after", samples.trace(*refused_row((0,), **facts))) is OPEN


def test_a_refusal_without_a_retry_after_has_none_that_is_bad() -> None:
    assert verdict("bad-retry-after", refused_rows(STEPS)) is IDLE


def test_polls_with_a_bad_retry_after_are_judged_as_well() -> None:
    polls = [samples.poll(number, 5, status=429, **samples.after(0)) for number in (2, 3, 4)]
    trace = samples.trace(samples.submit(1, 0), *polls, samples.poll(5, 5))
    assert verdict("bad-retry-after", trace) is FAILED


def ended(outcome: Any, until: float, value: object = "soon", **facts: Any) -> Trace:
    """A bad Retry-After, and a job that makes no further call."""
    done = samples.done(outcome, until, **facts)
    return samples.trace(samples.refused(1, 0, **samples.after(value)), jobs=(done,), taken=until)


def test_giving_up_is_no_crash() -> None:
    assert verdict("bad-retry-after", ended(samples.failed("e429"), 0)) is PASSED
    typed = ended(samples.failed(), 0, raised="requests.HTTPError")
    assert verdict("bad-retry-after", typed) is PASSED


def test_a_client_that_sleeps_for_years_hangs() -> None:
    finding = found("bad-retry-after", ended(None, 360, 10**35))
    assert finding.verdict is FAILED
    assert "nothing for 360 s after call 1" in str(finding.seen)


def test_a_client_that_was_stopped_early_does_not() -> None:
    assert verdict("bad-retry-after", ended(None, 60, 10**35)) is PASSED
    stopped = ended(None, 360, 10**35, stopped=samples.START + 1)
    assert verdict("bad-retry-after", stopped) is PASSED


def test_a_success_with_a_retry_after_must_not_stop_the_client() -> None:
    absurd = samples.submit(1, 0, **samples.after(3600))
    slept = samples.trace(absurd, jobs=(samples.done(None, 360),))
    assert verdict("bad-retry-after", slept) is FAILED
    assert verdict("bad-retry-after", samples.trace(absurd, samples.poll(2, 5))) is PASSED


def test_a_crash_of_nobody_knows_whose_job_is_not_counted() -> None:
    crash = samples.done(samples.failed(), 0, raised="ValueError", typed=False)
    calls = samples.submit(1, 0), samples.poll(2, 5, status=429, **samples.after("soon"))
    assert verdict("bad-retry-after", samples.trace(*calls, jobs=(crash, crash))) is PASSED
    upload = samples.download(1, 0, status=429, task=None, path="/x", **samples.after("soon"))
    assert verdict("bad-retry-after", samples.trace(upload, jobs=(crash, crash))) is PASSED


def test_a_crash_after_a_poll_is_that_of_the_job_with_the_task() -> None:
    crash = samples.done(samples.failed(), 5, raised="ValueError", typed=False)
    other = samples.done(samples.failed(), 5, job=samples.job(prompt="a dog"))
    dog = samples.submit(1, 0, {"prompt": "a dog"}, task="t2")
    calls = samples.submit(2, 0), samples.poll(3, 5, status=429, **samples.after("soon"))
    assert verdict("bad-retry-after", samples.trace(dog, *calls, jobs=(crash, other))) is FAILED


# BOF-10


def kept(asked: object, wait: float, **facts: Any) -> Trace:
    """A refusal with that Retry-After, one without, and the retry after that wait."""
    calls = samples.refused(1, 0, **samples.after(asked)), samples.refused(2, 10, **facts)
    return samples.trace(*calls, samples.submit(3, 10 + wait))


@pytest.mark.parametrize(
    ("wait", "expected"), [(2, PASSED), (6.9, PASSED), (7, ADVICE), (7.6, ADVICE), (10, PASSED)]
)
def test_a_pause_as_the_one_asked_for_before_is_taken_for_it(
    wait: float, expected: Verdict
) -> None:
    assert verdict("retry-after-once", kept(7, wait)) is expected


def test_a_number_that_usual_backoff_would_lead_to_shows_nothing() -> None:
    assert verdict("retry-after-once", kept(4, 4)) is IDLE
    assert verdict("retry-after-once", kept("soon", 7)) is IDLE


def test_a_second_retry_after_is_its_own() -> None:
    assert verdict("retry-after-once", kept(7, 7, **samples.after(7))) is IDLE
    assert verdict("retry-after-once", kept(7, 7, status=200)) is IDLE


def test_who_gives_up_after_either_refusal_keeps_nothing() -> None:
    calls = kept(7, 7).exchanges
    assert verdict("retry-after-once", samples.trace(*calls[:2])) is IDLE
    assert verdict("retry-after-once", samples.trace(*calls[:1])) is IDLE


def test_a_retry_after_on_a_success_is_none_to_be_kept() -> None:
    calls = samples.submit(1, 0, **samples.after(7)), samples.refused(2, 10)
    assert verdict("retry-after-once", samples.trace(*calls, samples.submit(3, 17))) is IDLE


# BOF-11


def test_polls_are_held_to_the_same_steps() -> None:
    assert verdict("backoff-on-polls", polls_refused((1.1, 2.1, 4.1))) is PASSED
    assert verdict("backoff-on-polls", polls_refused((5, 5, 5))) is PASSED
    assert verdict("backoff-on-polls", polls_refused((0, 2, 4))) is ADVICE
    assert verdict("backoff-on-polls", polls_refused((0.4, 0.4))) is OPEN


def test_refused_submits_say_nothing_of_polls() -> None:
    assert verdict("backoff-on-polls", refused_rows((0, 0, 0))) is IDLE
