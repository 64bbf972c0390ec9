"""Every story that comes with the server loads, plays to its end, and says why it is told."""

from collections.abc import Iterator

import pytest

from mock_server.core.contract import Contract
from mock_server.core.explain import explain, play
from mock_server.core.scenario import USUAL, Scenario
from mock_server.faults import fault_types
from mock_server.faults.parts.notation import read_phrase
from mock_server.loading.folders import scenarios_folder
from mock_server.loading.profiles import load_profile, profile_names
from mock_server.loading.scenarios import (
    load_scenario,
    profile_of,
    read_scenario,
    rule_ids,
    scenario_names,
    write_scenario,
)

CONTRACTS = {name: load_profile(name) for name in profile_names()}
STORIES = scenario_names()
HEADER = "# yaml-language-server: $schema=../../schemas/scenario.schema.json\n"


def castings() -> Iterator[tuple[str, str]]:
    """Each story with each profile that it can be told in."""
    for story in STORIES:
        own = profile_of(story)
        yield from ((story, name) for name in CONTRACTS if own in (None, name))


every_story = pytest.mark.parametrize("story", STORIES)
every_casting = pytest.mark.parametrize(("story", "profile"), list(castings()))


def told(story: str) -> tuple[Scenario, Contract]:
    """A story in its own profile, else in the default one."""
    contract = CONTRACTS[profile_of(story) or "guide"]
    return load_scenario(story, contract), contract


@every_casting
def test_a_story_plays_to_its_end_and_spends_every_fault(story: str, profile: str) -> None:
    contract = CONTRACTS[profile]
    client = play(load_scenario(story, contract), contract)
    assert client.world.plan.unspent == ()
    assert len(client.rows) < 1_000


@every_casting
def test_a_story_is_explained_the_same_way_each_time(story: str, profile: str) -> None:
    contract = CONTRACTS[profile]
    scenario = load_scenario(story, contract)
    assert explain(scenario, contract) == explain(scenario, contract)


@every_casting
def test_a_story_written_as_a_file_is_the_same_story(story: str, profile: str) -> None:
    contract = CONTRACTS[profile]
    scenario = load_scenario(story, contract)
    assert read_scenario(write_scenario(scenario), contract, name=story) == scenario


@every_story
def test_a_story_has_faults_only_if_it_plans_them(story: str) -> None:
    scenario, contract = told(story)
    planned = [one.fault for queue in scenario.plan.queues.values() for one in queue]
    struck = any(row.fault for row in explain(scenario, contract))
    assert struck == (any(planned) or bool(scenario.chaos))


@every_story
def test_a_story_has_a_title_and_a_why_of_its_own(story: str) -> None:
    scenario, _ = told(story)
    usual = Scenario()
    assert scenario.title != usual.title or story == "lifecycle/happy-path"
    assert not scenario.title.endswith(".")
    assert scenario.why != usual.why
    assert scenario.why.endswith(".")
    assert len(scenario.why.split()) >= 10


@every_story
def test_a_story_expects_something_of_its_client(story: str) -> None:
    scenario, _ = told(story)
    assert scenario.expect
    assert set(scenario.expect) <= set(rule_ids())


@every_story
def test_a_story_tells_editors_where_its_schema_is(story: str) -> None:
    file = scenarios_folder() / f"{story}.yaml"
    assert file.read_text("utf-8").startswith(HEADER)
    assert (file.parent / "../../schemas/scenario.schema.json").resolve().is_file()


@every_story
def test_the_lines_of_a_story_fit_on_a_screen(story: str) -> None:
    lines = (scenarios_folder() / f"{story}.yaml").read_text("utf-8").splitlines()
    assert [line for line in lines if len(line) > 100] == []


def test_no_two_stories_have_the_same_title() -> None:
    titles = [told(story)[0].title for story in STORIES]
    assert sorted(set(titles)) == sorted(titles)


def test_no_two_stories_have_the_same_name_case_apart() -> None:
    assert len({story.casefold() for story in STORIES}) == len(STORIES)


def test_stories_are_told_of_lifecycles_faults_and_limits() -> None:
    folders = {story.partition("/")[0] for story in STORIES}
    assert folders >= {"lifecycle", "faults", "limits"}
    assert len(STORIES) >= 36


def test_every_file_in_the_folder_is_a_story() -> None:
    files = [file for file in scenarios_folder().rglob("*") if file.is_file()]
    assert {file.suffix for file in files} == {".yaml"}
    assert len(files) == len(STORIES)


def test_every_fault_has_a_story() -> None:
    texts = {
        planned.text
        for story in STORIES
        for queue in told(story)[0].plan.queues.values()
        for planned in queue
    }
    used = {link.name for text in texts for link in read_phrase(text).links}
    assert set(fault_types()) <= used


def test_the_happy_path_is_the_story_of_a_server_without_one() -> None:
    assert told("lifecycle/happy-path")[0].timelines == (USUAL,)
