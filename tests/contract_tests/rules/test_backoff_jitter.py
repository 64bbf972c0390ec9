"""The rules BOF-03 to BOF-05: pauses differ; and no kind of jitter is blamed by chance."""

from collections.abc import Sequence
from dataclasses import replace
from random import Random
from typing import Any

import pytest

from contract_tests.finding import Verdict
from contract_tests.rules.base import samples
from contract_tests.rules.base.refused_rows import (
    refused_by_processes,
    refused_row,
    refused_rows,
)
from contract_tests.trace import Timing, Trace
from mock_server.core.contract import Backoff
from tests.contract_tests.rules.judged import (
    ADVICE,
    FAILED,
    IDLE,
    JITTERS,
    NOISY,
    NOT_MEANT,
    OPEN,
    PASSED,
    QUIET,
    STEPS,
    delayed,
    drawn,
    found,
    runs_of,
    verdict,
)

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
