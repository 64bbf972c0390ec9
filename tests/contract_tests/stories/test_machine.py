"""Tasks side by side are drawn step by step: who is in work, who ends when, what goes wrong."""

import pytest
from hypothesis import settings

from contract_tests.stories.drawing import QUIET
from contract_tests.stories.machine import interleave
from contract_tests.stories.searching import search
from contract_tests.stories.weight import count_faults
from mock_server.core.explain import play
from mock_server.core.lifecycle import Phase
from mock_server.core.scenario import Scenario
from mock_server.loading.scenarios import read_scenario, write_scenario
from tests.contract_tests.stories.telling import PROFILES, contract


def drawn_by(profile: str = "guide", number: int = 3, most: int = 60) -> list[Scenario]:
    heard: list[Scenario] = []
    interleave(contract(profile), heard.append, settings(QUIET, max_examples=most), number)
    return heard


def ends_of(story: Scenario) -> list[float]:
    lasts = [life.stages[-1].stage for life in story.timelines]
    return [last.seconds for last in lasts if last.phase is Phase.SUCCEEDED]


@pytest.mark.parametrize("profile", PROFILES)
def test_each_story_can_be_written_and_plays_to_its_end(profile: str) -> None:
    for story in drawn_by(profile):
        text = write_scenario(story)
        assert read_scenario(text, contract(profile), name=story.name) == story
        assert len(play(story, contract(profile), 5.0).rows) < 1_000


def test_there_is_a_life_for_each_job_and_all_of_them_end() -> None:
    stories = drawn_by()
    assert {story.client.jobs for story in stories} >= {2, 3, 4, 5}
    for story in stories:
        assert len(story.timelines) == story.client.jobs
        assert all(life.stages[-1].stage.phase.is_terminal for life in story.timelines)
        assert {"results-not-mixed", "own-tasks-only"} <= set(story.expect)


def test_tasks_end_in_all_orders_well_and_badly_and_with_faults_between() -> None:
    stories = drawn_by()
    assert any(ends_of(story) != sorted(ends_of(story)) for story in stories)
    assert any(ends_of(story) == sorted(ends_of(story)) for story in stories)
    assert any(len(ends_of(story)) < story.client.jobs for story in stories)
    assert {count_faults(story) for story in stories} == {0, 1, 2, 3}


def test_the_same_number_draws_the_same_stories() -> None:
    once, again = (drawn_by(number=5, most=15) for _ in range(2))
    assert once == again != drawn_by(number=6, most=15)


def test_no_more_stories_are_told_than_are_asked_for() -> None:
    for number in range(4):
        assert 0 < len(drawn_by(number=number, most=15)) <= 15


def ends_out_of_order(story: Scenario) -> bool:
    """A cause that takes two tasks, of which the second ends first."""
    ends = ends_of(story)
    return story.client.jobs > 1 and ends != sorted(ends)


def test_a_search_finds_what_only_tasks_side_by_side_can_show() -> None:
    found = search(contract(), ends_out_of_order, examples=60, number=1)
    assert found is not None
    assert ends_out_of_order(found)
    assert count_faults(found) == 0
    assert found.client.jobs == 2
    assert len(found.timelines) == 2
