"""A row's medians and its verdict."""

import pytest

from benchmarks.rows import Verdict, amount_row, speed_row, unmeasured_row
from tests.benchmarks.samples import rounds, speed


def test_the_ratio_is_the_median_of_the_rounds_ratios_and_not_of_unrelated_rounds() -> None:
    row = speed_row("x", "x", rounds((100, 100), (50, 100), (900, 1000)), at_least=0.8)
    assert row.ratio == pytest.approx(0.9)
    assert (row.mock, row.control) == (100, 100)


def test_a_ratio_at_its_bar_holds() -> None:
    assert speed(800, 1000, at_least=0.8).verdict is Verdict.HOLDS


def test_a_ratio_under_its_bar_is_broken() -> None:
    assert speed(799, 1000, at_least=0.8).verdict is Verdict.BROKEN


def test_a_control_that_had_too_little_work_makes_a_good_ratio_unclear() -> None:
    row = speed_row("x", "x", rounds((1000, 1000), control_busy=0.5), at_least=1.0)
    assert row.verdict is Verdict.UNCLEAR
    assert row.note == "the control had work for only 50% of the time"


def test_a_mock_that_had_too_little_work_is_judged_and_noted() -> None:
    row = speed_row("x", "x", rounds((700, 1000), mock_busy=0.6), at_least=0.8)
    assert row.verdict is Verdict.BROKEN
    assert row.note == "the mock had work for only 60% of the time"


def test_an_amount_is_judged_by_its_median() -> None:
    assert amount_row("x", "x", "s", [0.4, 0.5, 9.0], at_most=0.5).verdict is Verdict.HOLDS
    assert amount_row("x", "x", "s", [0.4, 0.6, 0.6], at_most=0.5).verdict is Verdict.BROKEN


def test_an_amount_has_no_ratio_and_needs_no_control() -> None:
    row = amount_row("x", "x", "MB", [40.0], at_most=60)
    assert (row.mock, row.control, row.ratio) == (40.0, None, None)


def test_what_was_not_measured_never_holds() -> None:
    row = unmeasured_row("status-read", "mock: expected its address, seen: nothing")
    assert row.verdict is Verdict.UNCLEAR
    assert row.mock is None
