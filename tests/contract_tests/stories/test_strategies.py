"""Stories drawn at random: legal, different, the same again for the same number."""

from collections import Counter

import pytest
from hypothesis import given

from contract_tests.stories.drawing import drawn
from contract_tests.stories.schedules import lives
from contract_tests.stories.searching import search
from contract_tests.stories.strategies import drawn_stories, orders
from contract_tests.stories.weight import count_faults
from mock_server.core.client_plan import ClientPlan, JobPlan
from mock_server.core.explain import play
from mock_server.core.scenario import USUAL, Scenario, TimelinePlan
from mock_server.loading.scenarios import read_scenario, rule_ids, write_scenario
from tests.contract_tests.stories.telling import PROFILES, contract

MANY = 80


@given(story=drawn_stories(contract()))
def test_a_drawn_story_can_be_written_and_plays_to_its_end(story: Scenario) -> None:
    assert read_scenario(write_scenario(story), contract(), name=story.name) == story
    assert set(story.expect) <= set(rule_ids())
    assert count_faults(story) <= 3
    assert len(play(story, contract(), 5.0).rows) < 1_000


@given(job=orders(contract("reference")))
def test_orders_lie_within_what_a_file_can_ask_for(job: JobPlan) -> None:
    assert 0 <= job.n <= 5
    assert 0 <= job.references <= 6
    assert len(job.prompt) <= 1_001
    assert job.size in (None, "1:1", "2:3", "3:2")


@given(life=lives())
def test_a_drawn_life_ends(life: TimelinePlan) -> None:
    last = life.stages[-1].stage
    assert last.phase.is_terminal
    assert last.seconds <= 40


@pytest.mark.parametrize("profile", PROFILES)
def test_as_many_stories_are_drawn_as_are_wanted(profile: str) -> None:
    stories = drawn(contract(profile), 20, 5)
    assert [story.name for story in stories] == [f"drawn/5-{index}" for index in range(20)]


def test_none_are_drawn_where_none_are_wanted() -> None:
    assert drawn(contract(), 0, 5) == ()


def test_the_same_number_draws_the_same_stories_and_another_one_others() -> None:
    assert drawn(contract(), 20, 5) == drawn(contract(), 20, 5)
    plots = [{story.title for story in drawn(contract(), 20, number)} for number in (5, 6)]
    assert plots[0] != plots[1]


def test_all_sorts_of_stories_are_drawn() -> None:
    stories = drawn(contract(), MANY, 1)
    sorts = Counter(
        (
            bool(story.plan.queues),
            story.client.jobs > 1,
            story.client.job != JobPlan(),
            story.timelines != (USUAL,),
        )
        for story in stories
    )
    assert sorts[True, False, False, True] > 2
    assert sorts[False, False, True, False] > 2
    assert sorts[False, False, False, True] > 2
    assert sorts[True, True, False, True] > 2
    assert {count_faults(story) for story in stories} == {0, 1, 2, 3}


def strikes_often(story: Scenario) -> bool:
    """A cause that takes a fault that strikes twice, and a late end."""
    polls = story.plan.queues.get("status", ())
    is_late = story.timelines[0].stages[-1].stage.seconds >= 6
    return is_late and any(one.fault and one.times == 2 for one in polls)


def test_a_search_ends_with_the_smallest_story_that_breaks_it() -> None:
    found = search(contract(), strikes_often, examples=100, number=2)
    assert found is not None
    assert strikes_often(found)
    assert count_faults(found) == 1
    assert found.client == ClientPlan()
    assert found.timelines[0].stages[-1].stage.seconds == 6


def test_a_search_finds_nothing_where_nothing_breaks() -> None:
    assert search(contract(), lambda story: False, examples=20) is None
