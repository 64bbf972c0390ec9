"""A story that is written as a file is read as the same story."""

from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mock_server.core.client_plan import ClientPlan, JobPlan, Stop, StopBy
from mock_server.core.contract import LimitRule
from mock_server.core.lifecycle import Phase, Stage, TaskError, Timeline
from mock_server.core.plan import Plan, Planned
from mock_server.core.scenario import (
    Chance,
    Lognormal,
    Scenario,
    StagePlan,
    TimelinePlan,
    Uniform,
    fixed,
)
from mock_server.loading.faults import read_fault
from mock_server.loading.profiles import load_profile
from mock_server.loading.scenario_schema import rule_ids
from mock_server.loading.scenarios import read_scenario, write_scenario

GUIDE = load_profile("guide")
FAULTS = [
    *("429", "429(retry_after=2, message=No)", "reset", "lost_reply", "delay(low=1, high=2)"),
    *("status(reason=limiter_unavailable)", "redirect(307, host=localhost)", "429 + gzip"),
    *('fields(set={"progress": "50%"}, drop=["id"])', 'body(content="yes: [no]")', "drip(0.5)"),
]

# Everything that a text may hold, and what YAML would like to read as something else.
TRAPS = ["yes", "No", "null", "~", "1:30", "0x1F", "1_000", "1e5", ".5", ".inf", "- a", "a: b", "#"]
texts = st.sampled_from(TRAPS) | st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=60
)
seconds = st.floats(0, 1e9, allow_subnormal=False)
operations = st.sampled_from(["submit", "status", "upload", "result", "any"])
faults = st.sampled_from(FAULTS).map(read_fault)


@st.composite
def stages(draw: st.DrawFn) -> tuple[StagePlan, ...]:
    """A legal life: polls and fixed seconds rise, some seconds are spread."""
    ending = draw(st.sampled_from([[], [Phase.SUCCEEDED], [Phase.FAILED]]))
    phases = [Phase.QUEUED, *[Phase.RUNNING] * draw(st.integers(0, 3)), *ending]
    plans: list[StagePlan] = []
    latest, polls = 0.0, 0
    for index, phase in enumerate(phases):
        time: float | Uniform | Lognormal = 0.0
        if index:
            polls += draw(st.integers(0, 5))
            time = draw(st.floats(latest, 1e9, allow_subnormal=False) | spreads())
        latest = time if isinstance(time, float) else latest
        stage = draw(single_stages(phase, index > 0))
        seconds = time if isinstance(time, float) else 0.0
        plans.append(StagePlan(replace(stage, seconds=seconds, polls=polls), time))
    return tuple(plans)


def spreads() -> st.SearchStrategy[Uniform | Lognormal]:
    """Seconds that are drawn from the seed."""
    pairs = st.lists(seconds, min_size=2, max_size=2).map(sorted)
    even = pairs.map(lambda pair: Uniform(*pair))
    times = st.floats(0.001, 1e9)
    return even | st.builds(Lognormal, times, st.floats(0, 10), times)


def single_stages(phase: Phase, later: bool) -> st.SearchStrategy[Stage]:
    """A stage of a phase with everything that may be said about it."""
    errors = st.none() | st.builds(TaskError, texts, texts)
    return st.builds(
        Stage,
        phase=st.just(phase),
        progress=st.none() | st.integers(0, 100),
        held=st.booleans() if later else st.just(False),
        word=st.none() | texts,
        error=errors if phase is Phase.FAILED else st.none(),
        results=st.none() | st.integers(0, 10),
        lifetime=st.none() | seconds,
    )


def timeline(plans: tuple[StagePlan, ...], times: int | None) -> TimelinePlan:
    """The plan of a life, its timeline ready where nothing is drawn."""
    is_fixed = all(isinstance(plan.seconds, float) for plan in plans)
    told = Timeline(tuple(plan.stage for plan in plans)) if is_fixed else None
    return TimelinePlan(plans, told, times)


@st.composite
def lives(draw: st.DrawFn) -> tuple[TimelinePlan, ...]:
    """The timelines of a story: counted ones, and a last one that may be for all that follow."""
    counted = draw(st.lists(st.builds(timeline, stages(), st.integers(1, 9)), max_size=2))
    last = draw(st.builds(timeline, stages(), st.none() | st.integers(1, 9)))
    return (*counted, last)


planned = st.builds(Planned, st.none() | faults, st.none() | st.integers(1, 99), st.just(0))
queues = st.dictionaries(operations, st.lists(planned, min_size=1, max_size=4).map(tuple))
rates = st.lists(
    st.builds(Chance, faults, st.floats(0, 0.25)),
    min_size=1,
    max_size=4,
    unique_by=lambda chance: chance.fault.text,
)
keys = st.dictionaries(
    st.from_regex(r"[!-~]{1,20}", fullmatch=True),
    st.sampled_from(["valid", "revoked", "no_credit"]),
    max_size=4,
)
limits = st.lists(
    st.sampled_from(
        [
            LimitRule("async_submit", ("submit",), "token_bucket", 50, per_second=0.5),
            LimitRule("a", ("submit", "status"), "sliding_window", 3.5, window=60),
            LimitRule("yes", ("models",), "in_flight", 2),
            LimitRule("1", ("submit",), "daily_credits", 100),
        ]
    ),
    max_size=3,
)
prompts = texts | st.text(max_size=60).filter(lambda text: text.isprintable())
clients = st.builds(
    ClientPlan,
    job=st.builds(
        JobPlan,
        prompt=prompts,
        size=st.none() | texts,
        n=st.integers(-5, 50),
        references=st.integers(0, 20),
        mask=st.booleans(),
        model=st.none() | texts,
    ),
    jobs=st.integers(1, 200),
    clients=st.integers(1, 50),
    runs=st.integers(1, 50),
    stop=st.none() | st.builds(Stop, st.sampled_from(StopBy), st.floats(0, 100_000)),
)
scenarios = st.builds(
    Scenario,
    name=st.just("story"),
    title=texts,
    why=texts,
    seed=st.integers(0, 10**15 - 1),
    profile=st.sampled_from([None, "guide"]),
    timelines=lives(),
    plan=st.builds(Plan, queues),
    limits=limits.map(tuple),
    chaos=st.dictionaries(operations, rates.map(tuple), max_size=3),
    keys=keys,
    expect=st.lists(st.sampled_from(rule_ids()), unique=True, max_size=3).map(tuple),
    client=clients,
    results_host=st.sampled_from([None, "127.0.0.2", "files.example", "::1"]),
)


@given(scenario=scenarios)
def test_a_story_that_was_written_is_read_as_the_same_story(scenario: Scenario) -> None:
    assert read_scenario(write_scenario(scenario), GUIDE, name="story") == scenario


@given(text=texts)
@example(text=" leading and trailing ")
@example(text="two\n\nlines\n")
@example(text="\x85\u2028\ufeff\x7f\x1b")
@example(text="# no comment")
@example(text="'\"\\")
@example(text="\U0001f600 \u202e right to left")
def test_every_text_survives(text: str) -> None:
    scenario = Scenario(name="story", title=text, why=text)
    assert read_scenario(write_scenario(scenario), GUIDE, name="story") == scenario


def test_a_story_is_written_to_be_read_by_people() -> None:
    life = fixed(Stage(Phase.QUEUED), Stage(Phase.SUCCEEDED, 100, 10.0, lifetime=2.5))
    queue = (Planned(read_fault("429(retry_after=2)"), 3), Planned(None), Planned(None, None))
    scenario = Scenario(
        title="A story",
        why="To see it told.",
        timelines=(life,),
        plan=Plan({"submit": queue}),
        expect=("submit-once",),
    )
    assert (
        write_scenario(scenario)
        == """\
# yaml-language-server: $schema=../../schemas/scenario.schema.json
title: A story
why: To see it told.
timeline:
- {phase: queued, progress: 0}
- {phase: succeeded, progress: 100, seconds: 10, lifetime: 2.5}
faults:
  submit: [429(retry_after=2) x3, pass, pass x*]
expect: [submit-once]
"""
    )


def test_timelines_that_no_task_can_reach_are_not_written() -> None:
    usual = Scenario().timelines[0]
    slow = fixed(Stage(Phase.QUEUED))
    written = write_scenario(Scenario(timelines=(slow, usual)))
    assert written == write_scenario(Scenario(timelines=(slow,)))


def test_rates_of_the_same_fault_are_added_up() -> None:
    twice = (Chance(read_fault("reset"), 0.25), Chance(read_fault("reset"), 0.5))
    scenario = read_scenario(write_scenario(Scenario(chaos={"submit": twice})), GUIDE)
    assert scenario.chaos == {"submit": (Chance(read_fault("reset"), 0.75),)}


@pytest.mark.parametrize("repeats", [1, 3])
def test_a_life_that_is_told_several_times_is_written_out(repeats: int) -> None:
    life = fixed(Stage(Phase.QUEUED), Stage(Phase.FAILED, seconds=1.0))
    once = replace(life, times=repeats)
    scenario = Scenario(name="story", timelines=(once, once))
    text = write_scenario(scenario)
    assert "&" not in text
    assert read_scenario(text, GUIDE, name="story") == scenario
