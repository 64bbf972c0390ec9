"""What is told at each level: legal stories with names of their own, for every rule and fault."""

import re
from collections import Counter
from dataclasses import replace

import pytest

from contract_tests.stories import Level, stories
from mock_server.core.lifecycle import Phase
from mock_server.core.scenario import Scenario
from mock_server.faults import fault_types
from mock_server.faults.parts.notation import read_phrase
from mock_server.loading.scenarios import read_scenario, rule_ids, scenario_names, write_scenario
from tests.contract_tests.stories.telling import PROFILES, contract, named, told

QUICK, DEFAULT, THOROUGH = Level
SHIPPED = set(scenario_names())
every_profile = pytest.mark.parametrize("profile", PROFILES)


def faults_of(story: Scenario, operation: str) -> set[str]:
    """The names of the faults that are planned for an operation."""
    queue = story.plan.queues.get(operation, ())
    links = (link for one in queue if one.fault for link in read_phrase(one.text).links)
    return {"status" if link.name.isdigit() else link.name for link in links}


@every_profile
def test_a_story_written_as_a_file_is_the_same_story(profile: str) -> None:
    # Most stories are the same for all profiles.
    level = DEFAULT if profile == "guide" else QUICK
    for story in told(level, profile):
        text = write_scenario(story)
        assert read_scenario(text, contract(profile), name=story.name) == story


@every_profile
def test_each_story_has_a_name_that_can_be_said_and_is_its_own(profile: str) -> None:
    names = [story.name for story in told(profile=profile)]
    assert [name for name, count in Counter(names).items() if count > 1] == []
    assert [
        name for name in names if not re.fullmatch(r"[a-z0-9]+-?[a-z0-9]*/[a-z0-9-]+", name)
    ] == []
    assert max(map(len, names)) <= 80


@every_profile
def test_each_generated_story_has_a_title_of_its_own_and_a_reason(profile: str) -> None:
    generated = [one for one in told(profile=profile) if one.name not in SHIPPED]
    titles = Counter(story.title for story in generated)
    assert [title for title, count in titles.items() if count > 1] == []
    assert [story.name for story in generated if story.title.endswith((".", "..."))] == []
    assert [story.name for story in generated if len(story.why.split()) < 8] == []
    assert [story.name for story in generated if not story.why.endswith(".")] == []


@every_profile
def test_no_story_is_told_twice(profile: str) -> None:
    plots = Counter(
        repr(replace(story, name="", title="", why="", expect=(), profile=None))
        for story in told(profile=profile)
    )
    assert max(plots.values()) == 1


@every_profile
def test_every_rule_has_a_story_that_is_meant_for_it(profile: str) -> None:
    meant = {rule for story in told(profile=profile) for rule in story.expect}
    assert meant == set(rule_ids())


@every_profile
def test_every_story_is_meant_for_some_rule(profile: str) -> None:
    idle = [story.name for story in told(profile=profile) if not story.expect]
    assert all(name.startswith(("submit/", "poll-")) for name in idle)
    assert len(idle) < 10


def test_a_quick_exam_leaves_out_only_rules_that_take_crowds_or_long_days() -> None:
    meant = {rule for story in told(QUICK) for rule in story.expect}
    assert set(rule_ids()) - meant == {"no-herd", "no-leaks", "poll-jitter", "retry-count-resets"}


@every_profile
def test_a_quick_exam_is_short_and_the_beginning_of_the_default_one(profile: str) -> None:
    quick = told(QUICK, profile)
    assert 60 <= len(quick) <= 90
    assert told(DEFAULT, profile)[: len(quick)] == quick
    assert 300 <= len(told(DEFAULT, profile)) <= 550


def test_the_same_stories_are_told_each_time() -> None:
    assert stories(contract(), QUICK) == stories(contract(), QUICK)
    assert stories(contract()) == told()


def test_a_thorough_exam_draws_as_many_more_as_are_asked_for() -> None:
    thorough = stories(contract(), THOROUGH, more=7, seed=3)
    assert thorough[:-7] == told(DEFAULT)
    assert [story.name for story in thorough[-7:]] == [f"drawn/3-{index}" for index in range(7)]


@pytest.mark.parametrize("operation", ["submit", "status"])
def test_every_fault_strikes_submits_and_polls(operation: str) -> None:
    struck = {name for story in told() for name in faults_of(story, operation)}
    assert set(fault_types()) - struck == {"image"}


@pytest.mark.parametrize(
    ("place", "missing"), [("poll-2", {"image", "headers"}), ("poll-1", {"image"})]
)
def test_every_fault_strikes_the_first_and_the_second_poll(place: str, missing: set[str]) -> None:
    singles = [story for story in told() if story.name.startswith(f"{place}/")]
    struck = {name for story in singles for name in faults_of(story, "status")}
    assert set(fault_types()) - struck <= missing


def test_every_fault_that_can_hurt_a_file_strikes_results() -> None:
    struck = {name for story in told() for name in faults_of(story, "result")}
    assert struck >= {"status", "html", "reset", "close", "cut", "broken_chunk", "wrong_length"}
    assert struck >= {"image", "redirect", "not_http", "delay"}


def test_faults_strike_before_and_after_the_work() -> None:
    singles = [story for story in told() if story.name.startswith("submit/")]
    planned = [one.fault for story in singles for one in story.plan.queues["submit"]]
    moments = Counter(fault.moment for fault in planned if fault)
    assert moments["before"] > 15
    assert moments["after"] > 15


def test_retry_after_is_tried_with_sixteen_values() -> None:
    waits = [story for story in told() if story.name.startswith("waits/")]
    values = {one.text for story in waits for one in story.plan.queues.get("submit", ())}
    assert len({value for value in values if "retry_after" in value}) == 16


def test_redirects_lead_to_the_same_host_and_to_another_one() -> None:
    texts = {one.text for story in told() for row in story.plan.queues.values() for one in row}
    assert {"redirect(307)", "redirect", 'redirect(307, host="127.0.0.2")'} <= texts
    assert [text for text in texts if "localhost" in text] == []
    assert named("hosts/results-elsewhere").results_host == "127.0.0.2"


@every_profile
def test_orders_are_given_at_and_beyond_the_bounds_of_the_profile(profile: str) -> None:
    model = contract(profile).models[contract(profile).default_model]
    fields = contract(profile).fields
    orders = [one.client.job for one in told(profile=profile) if one.name.startswith("orders/")]

    def allows(**members: object) -> bool:
        return model.accepts({"model": model.id, fields.prompt[0]: "a", **members})

    assert {0, 5} <= {job.n for job in orders if not allows(**{fields.count[0]: job.n})}
    assert {0, 1_000, 1_001} <= {len(job.prompt) for job in orders}
    assert {1, 5, 6} <= {job.references for job in orders}
    assert any(job.mask for job in orders)
    sizes = {job.size for job in orders if job.size}
    assert {allows(**{model.aspect.field: size}) for size in sizes} == {True, False}


def test_a_bound_of_the_profile_is_met_to_the_letter() -> None:
    names = {story.name for story in told(profile="reference")}
    assert {"orders/1000-letters", "orders/1001-letters", "orders/3-images"} <= names
    assert "no-silent-clamp" in named("orders/1001-letters", "reference").expect
    assert "valid-request" in named("orders/1001-letters", "guide").expect


def test_crowds_end_in_another_order_than_they_began() -> None:
    for jobs in (6, 20):
        story = named(f"crowds/{jobs}-jobs")
        ends = [life.stages[-1].stage.seconds for life in story.timelines]
        assert len(ends) == story.client.jobs == jobs
        assert len(set(ends)) == jobs
        assert ends != sorted(ends)
        assert all(life.stages[-1].stage.phase is Phase.SUCCEEDED for life in story.timelines)


@every_profile
def test_stories_that_come_with_the_server_are_told_if_nobody_else_is_needed(profile: str) -> None:
    shipped = {one.name: one for one in told(profile=profile) if one.name in SHIPPED}
    assert len(shipped) >= 60
    assert {"lifecycle/held", "limits/out-of-credit", "faults/upload-refused"}.isdisjoint(shipped)
    assert "faults/redirect-elsewhere" not in shipped
    assert {story.profile for story in shipped.values()} <= {None, profile}
    assert ("limits/documented" in shipped) == (profile == "reference")
