"""A story that breaks something becomes the smallest one that still does, in few plays."""

from collections.abc import Callable, Generator, Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract_tests.stories import shrink
from contract_tests.stories.shrinking import MOST_PLAYS, shrinking
from contract_tests.stories.smaller_faults import smaller_faults
from contract_tests.stories.strategies import drawn_stories
from contract_tests.stories.weight import count_faults, weight_of
from mock_server.core.client_plan import ClientPlan, JobPlan, Stop, StopBy
from mock_server.core.contract import LimitRule
from mock_server.core.lifecycle import Phase, Stage, TaskError
from mock_server.core.plan import Plan, Planned
from mock_server.core.scenario import (
    USUAL,
    Chance,
    Lognormal,
    Scenario,
    StagePlan,
    TimelinePlan,
    Uniform,
    fixed,
)
from mock_server.loading.faults import read_fault, read_faults
from mock_server.loading.scenarios import read_scenario, write_scenario
from tests.contract_tests.stories.telling import contract, named, told

Breaks = Callable[[Scenario], bool]
PLAIN = Scenario()
TEXTS = sorted({one.text for story in told() for row in story.plan.queues.values() for one in row})


def strikes(story: Scenario, operation: str, text: str) -> int:
    """How often such a fault is planned for an operation; one that is for ever counts a million."""
    queue = story.plan.queues.get(operation, ())
    return sum(
        one.times or 1_000_000 for one in queue if one.fault and one.fault.text.startswith(text)
    )


def counted(breaks: Breaks, plays: list[Scenario]) -> Breaks:
    """The same answer, with every story that was played noted down."""

    def noted(story: Scenario) -> bool:
        plays.append(story)
        return breaks(story)

    return noted


def story(**facts: object) -> Scenario:
    """The usual story with these facts."""
    return replace(PLAIN, name="found/a-rule", **facts)  # type: ignore[arg-type]


def by_faults(**queues: list[object]) -> Scenario:
    """A story of these faults."""
    return story(plan=Plan({name: read_faults(queue, "$") for name, queue in queues.items()}))


def test_what_always_breaks_needs_no_trouble_at_all() -> None:
    for one in told()[:120]:
        found = shrink(one, lambda story: True)
        assert replace(found, name="", title="", why="", expect=(), profile=None) == replace(
            PLAIN, name="", title="", why="", expect=()
        )
        assert found.name == one.name


def test_a_story_that_nothing_smaller_can_replace_stays_as_it_is() -> None:
    for one in told()[:120]:
        assert shrink(one, lambda story: False) is one


@pytest.mark.parametrize("operation", ["submit", "status"])
@pytest.mark.parametrize("text", ["429", "cut", "html", "reset"])
def test_one_fault_of_a_pair_is_left_alone(operation: str, text: str) -> None:
    pairs = [
        one
        for one in told()
        if one.name.startswith(("pairs/", "crowds/", "storms/")) and strikes(one, operation, text)
    ]
    assert pairs
    for one in pairs:
        found = shrink(one, lambda story: strikes(story, operation, text) > 0)
        assert count_faults(found) == 1
        assert strikes(found, operation, text) == 1
        assert (found.timelines, found.client) == ((USUAL,), ClientPlan())


@given(times=st.none() | st.integers(1, 60), least=st.integers(1, 16), passes=st.integers(0, 9))
def test_a_count_shrinks_to_the_least_that_breaks(
    times: int | None, least: int, passes: int
) -> None:
    fault = Planned(read_fault("503"), times if times is None else max(times, least))
    queue = (Planned(None, passes), fault) if passes else (fault,)
    found = shrink(
        story(plan=Plan({"status": queue})), lambda one: strikes(one, "status", "503") >= least
    )
    assert found.plan.queues == {"status": (Planned(read_fault("503"), least),)}


@given(letters=st.integers(201, 400), least=st.integers(40, 200))
def test_a_prompt_shrinks_to_the_least_length_that_breaks(letters: int, least: int) -> None:
    one = story(client=ClientPlan(JobPlan("word " * (letters // 5 + 1), n=4, references=2)))
    found = shrink(one, lambda story: len(story.client.job.prompt) >= least)
    assert len(found.client.job.prompt) == least
    assert found.client == ClientPlan(JobPlan("a" * least))


def test_a_prompt_keeps_the_letter_that_breaks() -> None:
    one = story(client=ClientPlan(JobPlan("Ein \U0001f98a im Nebel, sehr sch\u00f6n")))
    found = shrink(one, lambda story: "\U0001f98a" in story.client.job.prompt)
    assert found.client.job.prompt == "\U0001f98a"


@pytest.mark.parametrize("n", [0, 2, 3, 4, 5, -3])
def test_a_number_of_images_shrinks_towards_one(n: int) -> None:
    one = story(client=ClientPlan(JobPlan("x", "2:3", n, 6, True, "a-model")))
    far = n if n > 1 else 1 - n
    found = shrink(one, lambda story: abs(story.client.job.n - 1) >= min(far, 1))
    assert found.client.job.n in (2, 0)
    assert replace(found.client.job, n=1) == JobPlan()


def test_crowds_runs_and_stops_shrink_to_what_is_needed() -> None:
    plan = ClientPlan(jobs=20, clients=4, runs=16, stop=Stop(StopBy.CANCEL, 7.5))

    def breaks(story: Scenario) -> bool:
        client = story.client
        is_stopped = client.stop is not None and client.stop.after >= 2
        return client.jobs >= 3 and client.runs >= 5 and is_stopped

    found = shrink(story(client=plan), breaks).client
    assert found == ClientPlan(jobs=3, runs=5, stop=Stop(StopBy.CANCEL, 2.0))


def test_a_life_shrinks_to_few_stages_and_little_time() -> None:
    error = TaskError("code", "message")
    stages = (
        Stage(Phase.QUEUED, word="waiting"),
        Stage(Phase.RUNNING, 10, 1.5),
        Stage(Phase.RUNNING, None, 3.25, polls=4, word="moderating"),
        Stage(Phase.FAILED, 40, 17.75, polls=6, error=error),
    )

    def breaks(story: Scenario) -> bool:
        last = story.timelines[0].stages[-1].stage
        return last.phase is Phase.FAILED and last.seconds >= 5

    found = shrink(story(timelines=(fixed(*stages),)), breaks)
    assert found.timelines == (fixed(Stage(Phase.QUEUED), Stage(Phase.FAILED, 0, 5.0)),)


def test_drawn_times_become_fixed_ones() -> None:
    plans = (
        StagePlan(Stage(Phase.QUEUED), 0.0),
        StagePlan(Stage(Phase.RUNNING, 20), Uniform(1.0, 9.0)),
        StagePlan(Stage(Phase.RUNNING, 60), Lognormal(20.0, 0.5)),
    )
    one = story(timelines=(TimelinePlan(plans, None),))
    found = shrink(one, lambda story: story.timelines[0].stages[-1].stage.phase is Phase.RUNNING)
    assert found.timelines[0].fixed is not None


def test_only_the_lives_that_matter_are_left() -> None:
    bad = fixed(Stage(Phase.QUEUED), Stage(Phase.FAILED, seconds=1.0))
    lives = (*[replace(USUAL, times=2)] * 3, replace(bad, times=1), USUAL)
    found = shrink(story(timelines=lives), lambda story: bad.stages in _stages(story))
    assert [life.stages for life in found.timelines] == [bad.stages]


def _stages(story: Scenario) -> list[tuple[StagePlan, ...]]:
    return [life.stages for life in story.timelines]


def test_what_a_story_can_do_without_goes() -> None:
    rule = LimitRule("a", ("submit",), "in_flight", 2)
    other = LimitRule("b", ("submit",), "in_flight", 3)
    chances = (Chance(read_fault("429"), 0.1), Chance(read_fault("reset"), 0.2))
    one = story(
        limits=(rule, other),
        chaos={"submit": chances, "status": chances[:1]},
        keys={"k": "valid"},
        results_host="127.0.0.2",
        seed=9,
    )

    def breaks(story: Scenario) -> bool:
        return other in story.limits and chances[1] in story.chaos.get("submit", ())

    found = shrink(one, breaks)
    assert found.limits == (other,)
    assert found.chaos == {"submit": chances[1:]}
    assert (found.keys, found.results_host, found.seed) == ({}, None, 0)


@pytest.mark.parametrize(
    ("text", "needed", "found"),
    [
        ("429 + gzip", "429", "429"),
        ('429(message="Go away", retry_after=7)', "429", "429"),
        ("delay(60)", "delay", "delay(1)"),
        ('fields(set={"a": 1, "b": 2}, drop=[c])', 'fields(set={"b": 2', 'fields(set={"b": 2})'),
        ("429(retry_after=20)", "429(retry_after=", "429(retry_after=1)"),
        ("html(502, moment=after)", "html", "html"),
    ],
)
def test_a_fault_loses_what_it_can_do_without(text: str, needed: str, found: str) -> None:
    def breaks(story: Scenario) -> bool:
        return any(needed.rstrip(")") in one for one in _texts(story))

    assert _texts(shrink(by_faults(submit=[text]), breaks)) == [found]


def _texts(story: Scenario) -> list[str]:
    return [one.text for queue in story.plan.queues.values() for one in queue]


def test_smaller_faults_are_faults_that_can_be_written() -> None:
    for text in TEXTS:
        (planned,) = read_faults(text, "$")
        for smaller in smaller_faults(planned.fault) if planned.fault else ():
            assert read_fault(smaller.text) == smaller
            assert smaller != planned.fault


@given(data=st.data())
def test_shrinking_is_safe_on_any_story_and_for_any_cause(data: st.DataObject) -> None:
    one = data.draw(drawn_stories(contract()))
    needs = data.draw(st.sets(st.sampled_from(_texts(one) or [""]), max_size=2))
    least = data.draw(st.integers(1, one.client.jobs))

    def breaks(story: Scenario) -> bool:
        return needs <= {*_texts(story), ""} and story.client.jobs >= least

    plays: list[Scenario] = []
    found = shrink(one, counted(breaks, plays))
    assert breaks(found)
    assert weight_of(found) <= weight_of(one)
    assert len(plays) <= MOST_PLAYS
    assert len({repr(replace(play, title="")) for play in plays}) == len(plays)
    assert read_scenario(write_scenario(found), contract(), name=found.name) == found
    assert shrink(one, breaks) == found
    assert shrink(found, breaks) == found


@pytest.mark.parametrize("most", [0, 1, 5, 30])
def test_no_more_stories_are_played_than_allowed(most: int) -> None:
    plays: list[Scenario] = []
    one = named("crowds/20-jobs")
    found = shrink(one, counted(lambda story: len(story.timelines) > 9, plays), most_plays=most)
    assert len(plays) == most
    assert len(found.timelines) > 9


def test_whoever_plays_in_another_way_gets_the_same() -> None:
    one = named("crowds/trouble")

    def breaks(story: Scenario) -> bool:
        return strikes(story, "status", "503") > 0

    def played() -> Iterator[Scenario]:
        found = yield from _answered(shrinking(one), breaks)
        yield found

    assert list(played())[-1] == shrink(one, breaks)


def _answered(
    tries: Generator[Scenario, bool, Scenario], breaks: Breaks
) -> Generator[Scenario, None, Scenario]:
    """Each story that is tried, in turn; returns the smallest."""
    try:
        candidate = next(tries)
        while True:
            yield candidate
            candidate = tries.send(breaks(candidate))
    except StopIteration as end:
        found: Scenario = end.value
        return found


def test_the_title_is_true_of_what_is_left() -> None:
    found = shrink(named("crowds/trouble"), lambda one: strikes(one, "status", "reset") > 0)
    assert found.title == "Polls meet reset"
