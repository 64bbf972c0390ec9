"""Measures are found by their files, chosen by name, and never lost."""

from collections.abc import Iterator

import pytest

from benchmarks import measures
from benchmarks.errors import CannotMeasure
from benchmarks.rounds import Effort
from benchmarks.rows import Row, Verdict
from tests.benchmarks.samples import speed

EFFORT = Effort(1, 0.05)


def test_each_measure_has_a_function_that_takes_it() -> None:
    assert "status-read" in measures.names()
    assert all(callable(measures.load(name)) for name in measures.names())


def test_all_measures_are_taken_if_none_is_named() -> None:
    assert measures.chosen([]) == measures.names()


def test_named_measures_are_taken_alone() -> None:
    assert measures.chosen(["submit", "memory"]) == ["memory", "submit"]


def test_an_unknown_measure_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(ValueError, match="no measure 'status-reed'; the nearest is 'status-read'"):
        measures.chosen(["status-reed"])


def test_a_measure_that_breaks_off_keeps_its_rows_and_tells_why(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def measure(effort: Effort) -> Iterator[Row]:
        yield speed(1000, 1000)
        raise CannotMeasure("mock: expected HTTP/1.1 200, seen: HTTP/1.1 500")

    monkeypatch.setattr(measures, "load", lambda name: measure)
    good, broken_off = measures.taken("status-read", EFFORT)
    assert good.verdict is Verdict.HOLDS
    assert (broken_off.measure, broken_off.verdict) == ("status-read", Verdict.UNCLEAR)
    assert broken_off.note.endswith("HTTP/1.1 500")
