"""Rounds are cut into slices that alternate, and added up."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from benchmarks.load import Sample
from benchmarks.rounds import SLICE_SECONDS, WARM_UP_SECONDS, Effort, Round, interleaved
from tests.benchmarks.samples import sample

Shot = Callable[[float], Awaitable[Sample]]


def recorded(name: str, log: list[tuple[str, float]]) -> Shot:
    """A shot that takes no time and is written down; its replies are its number in the log."""

    async def shoot(seconds: float) -> Sample:
        log.append((name, seconds))
        return Sample(len(log), seconds, seconds)

    return shoot


def shots_of(effort: Effort) -> tuple[list[tuple[str, float]], list[Round]]:
    """What is shot at, in order, and the rounds that come of it."""
    log: list[tuple[str, float]] = []
    rounds = asyncio.run(interleaved(recorded("A", log), recorded("B", log), effort))
    return log, rounds


def test_slices_alternate_and_so_does_the_one_that_comes_first() -> None:
    log, _ = shots_of(Effort(rounds=2, seconds=4 * SLICE_SECONDS))
    counted = "".join(name for name, _ in log[2:])
    assert counted == "ABBAABBA" * 2


def test_each_side_is_warmed_up_once_before_anything_counts() -> None:
    log, rounds = shots_of(Effort(rounds=1, seconds=SLICE_SECONDS))
    assert log[:2] == [("A", WARM_UP_SECONDS), ("B", WARM_UP_SECONDS)]
    assert rounds == [
        Round(Sample(3, SLICE_SECONDS, SLICE_SECONDS), Sample(4, SLICE_SECONDS, SLICE_SECONDS))
    ]


def test_a_round_adds_up_its_slices() -> None:
    _, rounds = shots_of(Effort(rounds=1, seconds=2 * SLICE_SECONDS))
    assert rounds[0].subject.replies == 3 + 6
    assert rounds[0].control.replies == 4 + 5
    assert rounds[0].subject.seconds == pytest.approx(2 * SLICE_SECONDS)


def test_a_round_shorter_than_a_slice_has_one_slice() -> None:
    log, _ = shots_of(Effort(rounds=1, seconds=SLICE_SECONDS / 4))
    assert [name for name, _ in log[2:]] == ["A", "B"]


def test_the_ratio_of_a_round_is_subject_by_control() -> None:
    assert Round(sample(800), sample(1000)).ratio == pytest.approx(0.8)


def test_rates_of_added_samples_weigh_their_seconds() -> None:
    total = Sample(100, 1.0, 1.0) + Sample(100, 3.0, 1.0)
    assert total.rate == 50
    assert total.busy == 0.5
