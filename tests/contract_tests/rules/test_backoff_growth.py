"""The rule BOF-02: pauses in a row get longer."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from contract_tests.rules.base import samples
from contract_tests.rules.base.refused_rows import (
    refused_row,
    refused_rows,
)
from tests.contract_tests.rules.judged import (
    FAILED,
    IDLE,
    NOISY,
    OPEN,
    PASSED,
    drawn,
    found,
    verdict,
)

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
