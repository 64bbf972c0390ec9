"""A task's lifecycle is computed, follows its timeline, and never goes back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.core.lifecycle import (
    IllegalTimelineError,
    Phase,
    Stage,
    TaskError,
    Timeline,
    stage_at,
    stage_index,
    timeline_of,
)
from tests.core.timelines import moments, polls, releases, timelines

QUEUED = Stage(Phase.QUEUED)
RUNNING = Stage(Phase.RUNNING, progress=50, seconds=2)
DONE = Stage(Phase.SUCCEEDED, progress=100, seconds=4)


def reached(timeline: Timeline, elapsed: float, polls: int, released: int) -> int:
    """The slow model: the last stage that is open and has only open stages before it."""
    stages = timeline.stages
    opened = [
        stage.seconds <= elapsed
        and stage.polls <= max(1, polls)
        and sum(earlier.held for earlier in stages[: index + 1]) <= released
        for index, stage in enumerate(stages)
    ]
    return max(index for index in range(len(stages)) if index == 0 or all(opened[: index + 1]))


@given(timelines(), moments, polls, releases)
def test_the_stage_is_the_last_one_that_time_polls_and_releases_have_opened(
    timeline: Timeline, elapsed: float, polls: int, released: int
) -> None:
    assert stage_index(timeline, elapsed, polls, released) == reached(
        timeline, elapsed, polls, released
    )


@given(timelines(by_time=True), moments, polls, releases)
def test_a_timeline_that_follows_time_alone_asks_neither_polls_nor_releases(
    timeline: Timeline, elapsed: float, polls: int, released: int
) -> None:
    assert timeline.follows_time_alone == all(stage.polls <= 1 for stage in timeline.stages)
    assert stage_index(timeline, elapsed, polls, released) == reached(
        timeline, elapsed, polls, released
    )


@given(timelines(), st.tuples(moments, polls, releases), st.tuples(moments, polls, releases))
def test_more_time_polls_or_releases_never_lead_to_an_earlier_stage(
    timeline: Timeline, less: tuple[float, int, int], more: tuple[float, int, int]
) -> None:
    later = (less[0] + more[0], less[1] + more[1], less[2] + more[2])
    assert stage_index(timeline, *less) <= stage_index(timeline, *later)


@given(timelines(), st.lists(st.tuples(moments, polls, releases), max_size=8))
def test_the_phase_of_a_task_never_goes_back_and_its_end_never_changes(
    timeline: Timeline, steps: list[tuple[float, int, int]]
) -> None:
    seen = [stage_at(timeline, 0, 0, 0).phase]
    elapsed, polls, released = 0.0, 0, 0
    for seconds, more_polls, more_releases in steps:
        elapsed, polls = elapsed + seconds, polls + more_polls
        released += more_releases
        seen.append(stage_at(timeline, elapsed, polls, released).phase)
    assert [phase.rank for phase in seen] == sorted(phase.rank for phase in seen)
    assert len({phase for phase in seen if phase.is_terminal}) <= 1


def test_a_stage_is_reached_at_its_second_and_not_before() -> None:
    timeline = Timeline((QUEUED, RUNNING, DONE))
    at = {seconds: stage_at(timeline, seconds, 0, 0).phase for seconds in (1.99, 2, 3.99, 4, 900)}
    assert list(at.values()) == [
        Phase.QUEUED,
        Phase.RUNNING,
        Phase.RUNNING,
        Phase.SUCCEEDED,
        Phase.SUCCEEDED,
    ]


def test_a_clock_behind_the_creation_of_a_task_shows_its_first_stage() -> None:
    assert stage_at(Timeline((QUEUED, RUNNING)), -5, 0, 0) is QUEUED


def test_the_poll_being_answered_counts() -> None:
    timeline = Timeline((QUEUED, Stage(Phase.RUNNING, polls=2), Stage(Phase.SUCCEEDED, polls=3)))
    assert [stage_index(timeline, 0, polls, 0) for polls in (0, 1, 2, 3)] == [0, 0, 1, 2]


def test_each_release_opens_one_held_stage() -> None:
    held = (Stage(Phase.RUNNING, held=True), Stage(Phase.SUCCEEDED, held=True))
    timeline = Timeline((QUEUED, *held))
    assert timeline.holds == 2
    assert [stage_index(timeline, 9, 9, released) for released in (0, 1, 2, 3)] == [0, 1, 2, 2]


def test_a_held_stage_waits_for_its_seconds_too() -> None:
    timeline = Timeline((QUEUED, Stage(Phase.RUNNING, seconds=5, held=True)))
    assert stage_index(timeline, 4, 0, 1) == 0
    assert stage_index(timeline, 5, 0, 1) == 1


def test_the_phases_that_end_a_task_are_terminal_and_rank_highest() -> None:
    assert [phase.is_terminal for phase in Phase] == [False, False, True, True]
    assert [phase.rank for phase in Phase] == [0, 1, 2, 2]


def test_a_timeline_is_made_of_any_sequence_of_stages() -> None:
    assert timeline_of([QUEUED, DONE]) == Timeline((QUEUED, DONE))


@pytest.mark.parametrize(
    ("stages", "index", "expected", "seen"),
    [
        ((), 0, "at least one stage", "none"),
        ((RUNNING,), 0, "a first stage reached at once", "seconds=2"),
        ((Stage(Phase.QUEUED, held=True),), 0, "a first stage reached at once", "held=True"),
        ((Stage(Phase.QUEUED, polls=2),), 0, "a first stage reached at once", "polls=2"),
        ((QUEUED, Stage(Phase.RUNNING, seconds=-1)), 1, "seconds from 0 on", "-1"),
        ((QUEUED, Stage(Phase.RUNNING, seconds=float("nan"))), 1, "seconds from 0 on", "nan"),
        ((QUEUED, Stage(Phase.RUNNING, seconds=float("inf"))), 1, "seconds from 0 on", "inf"),
        ((QUEUED, Stage(Phase.RUNNING, polls=-1)), 1, "polls from 0 on", "-1"),
        (
            (Stage(Phase.QUEUED, error=TaskError("a", "b")),),
            0,
            "an error only on a failed stage",
            "queued",
        ),
        ((QUEUED, DONE, Stage(Phase.RUNNING, seconds=5)), 2, "nothing after the end", "running"),
        ((QUEUED, DONE, Stage(Phase.SUCCEEDED, seconds=5)), 2, "nothing after the end", "succeed"),
        (
            (Stage(Phase.QUEUED, gone=True), Stage(Phase.QUEUED, gone=True)),
            1,
            "nothing after the end",
            "queued",
        ),
        ((Stage(Phase.RUNNING), Stage(Phase.QUEUED)), 1, "a phase from running on", "queued"),
        (
            (QUEUED, DONE, Stage(Phase.FAILED, seconds=5, gone=True)),
            2,
            "succeeded",
            "failed",
        ),
        ((QUEUED, RUNNING, Stage(Phase.RUNNING, seconds=1)), 2, "seconds from 2 on", "1"),
        (
            (QUEUED, Stage(Phase.RUNNING, polls=3), Stage(Phase.RUNNING, polls=2)),
            2,
            "polls from 3 on",
            "2",
        ),
    ],
)
def test_a_timeline_that_no_task_could_follow_is_refused_with_the_stage_at_fault(
    stages: tuple[Stage, ...], index: int, expected: str, seen: str
) -> None:
    with pytest.raises(IllegalTimelineError) as refused:
        Timeline(stages)
    error = refused.value
    assert (error.stage, error.expected) == (index, expected)
    assert seen in error.seen
    assert str(error) == f"stage {index}: expected {expected}, seen {error.seen}"


def test_a_task_may_disappear_after_its_end() -> None:
    gone = Stage(Phase.SUCCEEDED, seconds=9, gone=True)
    assert stage_at(Timeline((QUEUED, DONE, gone)), 9, 0, 0) is gone
