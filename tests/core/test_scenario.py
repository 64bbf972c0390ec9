"""Stories as values: drawn times, and which task lives which life."""

import pytest

from mock_server.core.lifecycle import Phase, Stage
from mock_server.core.scenario import (
    USUAL,
    Lognormal,
    Scenario,
    StagePlan,
    TimelinePlan,
    Uniform,
    fixed,
)

QUEUED = Stage(Phase.QUEUED)
SLOW = fixed(QUEUED, Stage(Phase.SUCCEEDED, seconds=100.0))
QUICK = fixed(QUEUED, Stage(Phase.SUCCEEDED, seconds=1.0))


def end_of(scenario: Scenario, number: int) -> float:
    return scenario.timeline_of(number, scenario.seed, "session").stages[-1].seconds


def test_uniform_seconds_go_from_the_low_to_the_high_number() -> None:
    assert [Uniform(2.0, 6.0).at(share) for share in (0.0, 0.25, 1.0)] == [2.0, 3.0, 6.0]


def test_half_of_the_lognormal_seconds_are_below_the_median() -> None:
    spread = Lognormal(30.0, 0.5)
    assert spread.at(0.5) == pytest.approx(30.0)
    assert spread.at(0.1) < 30.0 < spread.at(0.9)


def test_lognormal_seconds_stop_at_their_ceiling() -> None:
    assert Lognormal(30.0, 2.0, ceiling=60.0).at(1.0) == 60.0


def test_lognormal_seconds_can_be_drawn_at_the_very_ends() -> None:
    assert 0.0 <= Lognormal(30.0, 1.0).at(0.0) < Lognormal(30.0, 1.0).at(1.0)


def test_a_stage_with_fixed_seconds_is_never_drawn() -> None:
    plan = StagePlan(Stage(Phase.RUNNING, seconds=5.0), 5.0)
    assert plan.drawn("a").seconds == plan.drawn("b").seconds == 5.0


def test_a_stage_with_spread_seconds_is_decided_by_the_parts() -> None:
    plan = StagePlan(Stage(Phase.RUNNING), Uniform(1.0, 9.0))
    assert plan.drawn("a") == plan.drawn("a")
    assert plan.drawn("a") != plan.drawn("b")
    assert 1.0 <= plan.drawn("a").seconds <= 9.0


def test_a_timeline_without_spread_seconds_is_the_same_for_every_task() -> None:
    assert SLOW.timeline(1) is SLOW.timeline(2)


def test_drawn_seconds_never_run_backwards() -> None:
    spread = Uniform(0.0, 100.0)
    running = StagePlan(Stage(Phase.RUNNING), spread)
    ending = StagePlan(Stage(Phase.SUCCEEDED), spread)
    plan = TimelinePlan((StagePlan(QUEUED, 0.0), running, running, ending), None)
    for number in range(50):
        seconds = plan.timeline(number).seconds
        assert list(seconds) == sorted(seconds)


def test_drawn_times_differ_from_task_to_task() -> None:
    plans = (StagePlan(QUEUED, 0.0), StagePlan(Stage(Phase.SUCCEEDED), Uniform(1.0, 99.0)))
    scenario = Scenario(timelines=(TimelinePlan(plans, None),))
    assert len({end_of(scenario, number) for number in range(1, 20)}) == 19


def test_the_one_timeline_is_that_of_every_task() -> None:
    scenario = Scenario()
    assert end_of(scenario, 1) == end_of(scenario, 1_000) == 4.0


def test_tasks_take_the_timelines_in_order_and_the_last_one_stays() -> None:
    twice = TimelinePlan(SLOW.stages, SLOW.fixed, times=2)
    scenario = Scenario(timelines=(twice, QUICK))
    assert [end_of(scenario, number) for number in (1, 2, 3, 4)] == [100.0, 100.0, 1.0, 1.0]


def test_after_the_last_counted_timeline_it_is_told_again() -> None:
    once = TimelinePlan(SLOW.stages, SLOW.fixed, times=1)
    last = TimelinePlan(QUICK.stages, QUICK.fixed, times=1)
    scenario = Scenario(timelines=(once, last))
    assert [end_of(scenario, number) for number in (1, 2, 3)] == [100.0, 1.0, 1.0]


def test_the_usual_story_takes_four_seconds_and_always_moves_on() -> None:
    assert USUAL.fixed is not None
    progress = [stage.progress for stage in USUAL.fixed.stages]
    assert progress == sorted(progress, key=lambda value: value or 0)
    assert USUAL.fixed.stages[-1].seconds == 4.0
