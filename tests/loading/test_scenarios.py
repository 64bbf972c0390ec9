"""Loading a story: what a file says becomes what the engine plays."""

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from mock_server.core.lifecycle import Phase, Stage, TaskError
from mock_server.core.plan import Planned
from mock_server.core.scenario import USUAL, Chance, Lognormal, Scenario, Uniform
from mock_server.loading import yaml_reading
from mock_server.loading.data_error import DataError
from mock_server.loading.faults import read_fault
from mock_server.loading.profiles import load_profile
from mock_server.loading.scenario_files import find_scenario, read_scenario_file
from mock_server.loading.scenarios import (
    load_scenario,
    profile_of,
    read_scenario,
    scenario_from,
    scenario_names,
)

Write = Callable[[str, str], None]

GUIDE = load_profile("guide")
REFERENCE = load_profile("reference")
OPENING = "title: A story\nwhy: To see it told.\n"


def read(text: str) -> Scenario:
    """The story in a text that opens with a title and a why."""
    return read_scenario(OPENING + text, GUIDE)


def stages(text: str) -> tuple[Stage, ...]:
    plan = read(text).timelines[0]
    return tuple(one.stage for one in plan.stages)


def test_a_story_needs_a_title_and_a_why_and_nothing_else() -> None:
    assert read("") == Scenario(name="inline", title="A story", why="To see it told.")


def test_a_timeline_is_the_life_of_every_task() -> None:
    scenario = read("timeline: [{phase: queued}, {phase: succeeded, seconds: 10}]")
    ending = Stage(Phase.SUCCEEDED, progress=100, seconds=10.0)
    assert scenario.timelines[0].times is None
    assert scenario.timeline_of(7).stages == (Stage(Phase.QUEUED), ending)


def test_a_stage_takes_over_the_progress_of_the_one_before() -> None:
    told = stages(
        "timeline: [{phase: queued}, {phase: running, progress: 30}, {phase: running, seconds: 2},"
        " {phase: failed, seconds: 3}]"
    )
    assert [stage.progress for stage in told] == [0, 30, 30, 30]


def test_a_success_has_all_of_its_progress_unless_it_says_otherwise() -> None:
    text = "timeline: [{{phase: queued}}, {{phase: succeeded{}}}]"
    assert stages(text.format(""))[1].progress == 100
    assert stages(text.format(", progress: 40"))[1].progress == 40
    assert stages(text.format(", progress: null"))[1].progress is None


def test_a_stage_can_say_everything_that_a_stage_can_be() -> None:
    told = stages("""
timeline:
  - {phase: queued, word: waiting}
  - {phase: running, polls: 2, held: true, progress: 5}
  - phase: failed
    polls: 3
    error: {code: c, message: m}
    gone: true
""")
    assert told == (
        Stage(Phase.QUEUED, word="waiting"),
        Stage(Phase.RUNNING, 5, polls=2, held=True),
        Stage(Phase.FAILED, 5, polls=3, error=TaskError("c", "m"), gone=True),
    )


def test_a_success_can_be_partial_and_short_lived() -> None:
    told = stages("timeline: [{phase: queued}, {phase: succeeded, results: 2, lifetime: 5}]")
    assert told[1] == Stage(Phase.SUCCEEDED, 100, results=2, lifetime=5.0)


def test_seconds_can_be_spread_evenly() -> None:
    plan = read("timeline: [{phase: queued}, {phase: succeeded, seconds: {uniform: [2, 6]}}]")
    assert plan.timelines[0].stages[1].seconds == Uniform(2.0, 6.0)
    assert plan.timelines[0].fixed is None


def test_seconds_can_be_spread_as_durations_are() -> None:
    spread = "{lognormal: {median: 30, sigma: 0.5}}"
    plan = read(f"timeline: [{{phase: queued}}, {{phase: succeeded, seconds: {spread}}}]")
    assert plan.timelines[0].stages[1].seconds == Lognormal(30.0, 0.5, 3600.0)


def test_fixed_and_spread_seconds_can_follow_each_other() -> None:
    scenario = read(
        "timeline: [{phase: queued}, {phase: running, seconds: {uniform: [2, 60]}},"
        " {phase: running, seconds: 5}, {phase: succeeded, seconds: 10}]"
    )
    for number in range(20):
        seconds = scenario.timeline_of(number + 1).seconds
        assert list(seconds) == sorted(seconds)


def test_tasks_live_one_life_after_the_other() -> None:
    scenario = read("""
tasks:
  - first: [{phase: queued}, {phase: failed, seconds: 1}]
    times: 2
  - then: [{phase: queued}, {phase: succeeded, seconds: 1}]
  - then: [{phase: queued}]
""")
    assert [plan.times for plan in scenario.timelines] == [2, 1, None]
    ends = [scenario.timeline_of(number).stages[-1].phase.value for number in range(1, 6)]
    assert ends == ["failed", "failed", "succeeded", "queued", "queued"]


def test_faults_stand_in_queues_of_their_operations() -> None:
    scenario = read("faults: {submit: [429, reset x2, pass], any: [delay(3) x*]}")
    assert scenario.plan.queues == {
        "submit": (
            Planned(read_fault("429")),
            Planned(read_fault("reset"), 2),
            Planned(None),
        ),
        "any": (Planned(read_fault("delay(3)"), None),),
    }


def test_one_fault_needs_no_list() -> None:
    assert read("faults: {submit: 429}") == read("faults: {submit: [429]}")


def test_a_queue_without_faults_is_no_queue() -> None:
    assert read("faults: {submit: []}").plan.queues == {}


def test_chaos_gives_faults_a_rate() -> None:
    scenario = read('chaos: {status: {"429": 0.25, reset: 0.5}}')
    faults = (Chance(read_fault("429"), 0.25), Chance(read_fault("reset"), 0.5))
    assert scenario.chaos == {"status": faults}


def test_documented_limits_are_those_of_the_profile() -> None:
    text = f"{OPENING}limits: documented"
    assert read_scenario(text, REFERENCE).limits == REFERENCE.limits != ()
    assert read_scenario(text, GUIDE).limits == GUIDE.limits


def test_limits_can_be_given_one_by_one() -> None:
    scenario = read("""
limits:
  - {category: a, operations: [submit, status], kind: token_bucket, capacity: 3, per_second: 2}
  - {category: b, operations: [submit], kind: sliding_window, capacity: 3, window: 60}
  - {category: c, operations: [submit], kind: in_flight, capacity: 2}
""")
    assert [rule.category for rule in scenario.limits] == ["a", "b", "c"]
    assert scenario.limits[0].operations == ("submit", "status")
    assert scenario.limits[1].window == 60


def test_keys_have_a_state() -> None:
    scenario = read("keys: {valid: [sk-a], revoked: [sk-b, sk-c], out_of_credit: [sk-d]}")
    assert scenario.keys == {
        "sk-a": "valid",
        "sk-b": "revoked",
        "sk-c": "revoked",
        "sk-d": "no_credit",
    }


def test_a_story_names_its_seed_its_profile_and_the_rules_to_keep() -> None:
    scenario = read("seed: 7\nprofile: guide\nexpect: [submit-once, backoff-floor]")
    assert scenario.seed == 7
    assert scenario.profile == "guide"
    assert scenario.expect == ("submit-once", "backoff-floor")


def test_aliases_may_repeat_a_timeline() -> None:
    scenario = read("""
tasks:
  - first: &life [{phase: queued}, {phase: succeeded, seconds: 1}]
  - then: *life
""")
    assert scenario.timelines[0].stages == scenario.timelines[1].stages


@pytest.mark.parametrize(
    ("written", "expected"),
    [("yes", "yes"), ("1:30", "1:30"), ("0x1F", "0x1F"), ('"12"', "12"), ("2026-11-22", None)],
)
def test_scalars_are_those_of_json_and_all_else_is_text(written: str, expected: str) -> None:
    scenario = read_scenario(f"title: {written}\nwhy: To see.", GUIDE)
    assert scenario.title == (expected or written)


def test_json_is_read_as_well() -> None:
    text = '{\n\t"title": "A story",\n\t"why": "To see it told.",\n\t"seed": 3\n}'
    assert read_scenario(text, GUIDE).seed == 3


def test_a_json_value_needs_no_text() -> None:
    value = {"title": "A story", "why": "To see it told.", "faults": {"submit": [429]}}
    assert scenario_from(value, GUIDE) == read("faults: {submit: [429]}")


def test_a_story_lies_over_the_one_that_it_extends(tmp_path: Path, write: Write) -> None:
    base = "timeline: [{phase: queued}]\nfaults: {submit: [429], status: [500]}\nseed: 3\n"
    write("faults/base.yaml", OPENING + base)
    write(
        "faults/more.yaml",
        "title: More\nwhy: It changes a thing.\nextends: faults/base\nfaults: {status: [reset]}\n",
    )
    scenario = load_scenario("faults/more", GUIDE, tmp_path)
    assert (scenario.name, scenario.title, scenario.seed) == ("faults/more", "More", 3)
    assert scenario.timelines != (USUAL,)
    assert scenario.plan.queues == {
        "submit": (Planned(read_fault("429")),),
        "status": (Planned(read_fault("reset")),),
    }


def test_a_story_extends_a_file_beside_it(tmp_path: Path, write: Write) -> None:
    write("mine/base.yml", f"{OPENING}seed: 9\n")
    write("mine/story.yaml", f"{OPENING}extends: base.yml\n")
    path = str(tmp_path / "mine/story.yaml")
    assert load_scenario(path, GUIDE).seed == 9


def test_a_story_can_extend_one_that_comes_with_the_server() -> None:
    scenario = read("extends: faults/busy-then-ok\nseed: 5")
    assert scenario.plan == load_scenario("faults/busy-then-ok", GUIDE).plan
    assert scenario.seed == 5


def test_stories_are_named_by_their_place_in_the_folder(tmp_path: Path, write: Write) -> None:
    write("b/two.yaml", OPENING)
    write("a/one.yaml", OPENING)
    write("a/notes.txt", "no story")
    assert scenario_names(tmp_path) == ("a/one", "b/two")
    assert load_scenario("a/one", GUIDE, tmp_path).name == "a/one"


def test_a_path_into_the_folder_gives_the_name(tmp_path: Path, write: Write) -> None:
    write("a/one.yaml", OPENING)
    assert load_scenario(str(tmp_path / "a/one.yaml"), GUIDE, tmp_path).name == "a/one"


def test_a_path_outside_the_folder_gives_the_file_s_own_name(tmp_path: Path, write: Write) -> None:
    write("mine/story.yaml", f"\ufeff{OPENING}")
    assert load_scenario(str(tmp_path / "mine/story.yaml"), GUIDE).name == "story"


def test_the_profile_of_a_story_is_known_before_it_is_loaded(tmp_path: Path, write: Write) -> None:
    write("a/own.yaml", f"{OPENING}profile: reference\n")
    write("a/any.yaml", OPENING)
    write("a/theirs.yaml", f"{OPENING}extends: a/own\n")
    assert profile_of("a/own", tmp_path) == "reference"
    assert profile_of("a/any", tmp_path) is None
    assert profile_of("a/theirs", tmp_path) == "reference"


def test_a_story_of_another_profile_is_refused() -> None:
    with pytest.raises(DataError, match=r"\$\.profile: expected guide"):
        read("profile: reference")


@pytest.mark.parametrize("story", scenario_names())
def test_both_of_pyyaml_s_parsers_read_a_story_alike(
    story: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PyYAML is built without libyaml in places."""
    document = read_scenario_file(find_scenario(story, None)[1])
    monkeypatch.setattr(yaml_reading, "_LOADER", yaml.SafeLoader)
    assert read_scenario_file(find_scenario(story, None)[1]) == document


@pytest.mark.parametrize(
    "text", ["title: [x", "title: \x01", "- *a", 'a: "\\ud800"', "{a: b: c}", ""]
)
def test_pyyaml_s_own_parser_refuses_what_libyaml_refuses(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(yaml_reading, "_LOADER", yaml.SafeLoader)
    with pytest.raises(DataError):
        read_scenario(text, GUIDE)
