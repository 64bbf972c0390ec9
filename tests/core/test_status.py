"""A status read tells where a task stands, in the profile's words, and changes no task's course."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from jsonschema import Draft202012Validator

from mock_server.core.lifecycle import Phase, Stage, TaskError, Timeline
from mock_server.core.memo import Memo
from mock_server.core.scenario import Scenario, StagePlan, TimelinePlan, fixed
from tests.core.clients import (
    AT_ONCE,
    BASE,
    FAILS,
    NOW,
    PROFILES,
    Client,
    belongings,
    client,
    profile,
    with_switches,
)
from tests.core.refusals import is_refused
from tests.core.timelines import moments, timelines

every_profile = pytest.mark.parametrize("name", PROFILES)


def told(stages: tuple[Stage, ...]) -> Scenario:
    """A story of these stages for every task."""
    return Scenario(timelines=(fixed(*stages),))


def ended(name: str, *stages: Stage, **fields: Any) -> Any:
    """The status of a task after a long time."""
    caller = client(name, told((Stage(Phase.QUEUED), *stages)))
    task = caller.submitted(**fields)
    caller.now += 1000
    return caller.status(task).json


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("guide", ["queued", "running", "running", "running", "running", "succeeded"]),
        ("reference", ["queued", *["in_progress"] * 4, "completed"]),
        ("live", ["queued", *["in_progress"] * 4, "completed"]),
    ],
)
def test_the_usual_story_is_told_in_the_words_of_the_profile(name: str, words: list[str]) -> None:
    caller = client(name)
    task = caller.submitted()
    seen = []
    for seconds in (0, 0.5, 1.5, 2.5, 3.5, 4):
        caller.now = NOW + seconds
        seen.append(caller.status(task).json)
    assert [one["status"] for one in seen] == words
    assert [one["progress"] for one in seen] == [0, 10, 35, 60, 85, 100]


@every_profile
def test_a_task_that_is_not_done_has_no_fields_of_the_end(name: str) -> None:
    caller = client(name)
    seen = caller.status(caller.submitted()).json
    assert set(seen) == {"id", "object", "model", "status", "progress", "created_at"}


@every_profile
def test_a_task_that_is_done_tells_its_times_and_as_many_images_as_were_ordered(name: str) -> None:
    seen = ended(name, Stage(Phase.SUCCEEDED, progress=100, seconds=4.7), n=4)
    assert (seen["created_at"], seen["completed_at"]) == (int(NOW), int(NOW) + 4)
    assert seen["expires_at"] == seen["completed_at"] + 86_400
    urls = [item["url"] for item in seen["result"]["data"]]
    assert len(set(urls)) == 4
    assert all(url.startswith(BASE + "/") for url in urls)
    assert seen.get("url") == (urls[0] if name == "reference" else None)
    assert "error" not in seen


@every_profile
def test_a_task_that_failed_is_a_200_with_the_reason(name: str) -> None:
    seen = ended(name, Stage(Phase.FAILED, progress=60, seconds=2))
    assert (seen["status"], seen["progress"]) == ("failed", 0)
    assert seen["error"] == {
        "code": "generation_failed",
        "message": "call upstream API failed: upstream returned status 422",
    }
    assert {"result", "url", "completed_at", "expires_at"} & seen.keys() == set()


@every_profile
def test_a_story_may_tell_why_a_task_failed(name: str) -> None:
    why = TaskError("content_policy_violation", "The prompt was refused.")
    seen = ended(name, Stage(Phase.FAILED, seconds=2, error=why))
    assert seen["error"] == {"code": why.code, "message": why.message}


def test_a_profile_may_tell_when_a_task_failed_and_how_far_it_got() -> None:
    contract = with_switches("reference", completed_at_on_failed=True, progress_on_failed=100)
    caller = client(contract, Scenario(timelines=(FAILS,)))
    task = caller.submitted()
    caller.now += 50
    seen = caller.status(task).json
    assert (seen["completed_at"], seen["progress"]) == (int(NOW) + 2, 100)


@pytest.mark.parametrize(("results", "shown"), [(0, 0), (1, 1), (4, 3), (None, 3)])
def test_a_story_may_deliver_fewer_images_than_were_ordered(
    results: int | None, shown: int
) -> None:
    seen = ended("guide", Stage(Phase.SUCCEEDED, seconds=1, results=results), n=3)
    assert len(seen["result"]["data"]) == shown


def test_without_images_there_is_no_url_at_the_top() -> None:
    seen = ended("reference", Stage(Phase.SUCCEEDED, seconds=1, results=0))
    assert "url" not in seen


def test_a_story_may_use_a_word_that_nobody_documented() -> None:
    assert ended("guide", Stage(Phase.RUNNING, seconds=1, word="paused"))["status"] == "paused"


def test_a_story_may_leave_the_progress_out() -> None:
    assert "progress" not in ended("guide", Stage(Phase.RUNNING, progress=None, seconds=1))


def test_a_story_may_let_results_expire_early() -> None:
    seen = ended("guide", Stage(Phase.SUCCEEDED, seconds=10, lifetime=5))
    assert seen["expires_at"] == seen["completed_at"] + 5


@every_profile
@pytest.mark.parametrize("task", ["task_1", "unknown", "%00", "%E9", "a%2Fb", "x" * 10_000])
def test_an_id_that_was_never_given_out_is_not_found(name: str, task: str) -> None:
    caller = client(name)
    caller.submitted()
    before = belongings(caller.world)
    is_refused(caller.world, before, caller.status(task), "task_not_found", "status")


@every_profile
def test_a_task_that_a_story_loses_is_not_found_from_then_on(name: str) -> None:
    gone = Stage(Phase.RUNNING, seconds=5, gone=True)
    caller = client(name, told((Stage(Phase.QUEUED), gone)))
    task = caller.submitted()
    assert caller.status(task).status == 200
    caller.now += 5
    before = belongings(caller.world)
    is_refused(caller.world, before, caller.status(task), "task_not_found", "status")


def test_polls_drive_a_story_that_waits_for_them() -> None:
    stages = (Stage(Phase.QUEUED), Stage(Phase.RUNNING, polls=2), Stage(Phase.SUCCEEDED, polls=3))
    caller = client("guide", told(stages))
    task = caller.submitted()
    seen = [caller.status(task).json["status"] for _ in range(4)]
    assert seen == ["queued", "running", "succeeded", "succeeded"]


def test_the_reads_of_one_task_do_not_move_another() -> None:
    caller = client("guide", told((Stage(Phase.QUEUED), Stage(Phase.SUCCEEDED, polls=2))))
    first, second = caller.submitted(), caller.submitted()
    for _ in range(5):
        caller.status(first)
    assert caller.status(second).json["status"] == "queued"


def test_a_clock_that_is_set_back_shows_the_task_as_it_was_then() -> None:
    last = Stage(Phase.SUCCEEDED, seconds=5, held=True)
    caller = client("guide", told((Stage(Phase.QUEUED), Stage(Phase.RUNNING, seconds=1), last)))
    task = caller.submitted()
    caller.now = NOW + 6
    before = caller.status(task).json
    caller.world.tasks[task].release(caller.now)
    caller.now = NOW + 2
    assert caller.status(task).json == before
    caller.now = NOW + 7
    assert caller.status(task).json["completed_at"] == int(NOW) + 6


def test_thousands_of_tasks_are_each_shown_as_they_are() -> None:
    caller = client("guide", Scenario(timelines=(AT_ONCE,)))
    tasks = [caller.submitted() for _ in range(2_100)]
    for _ in range(2):
        assert [caller.status(task).json["id"] for task in tasks] == tasks


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("guide", ("queued", "running", "succeeded", "failed")),
        ("reference", ("queued", "in_progress", "completed", "failed")),
        ("live", ("pending", "queued", "in_progress", "completed", "failed")),
    ],
)
def test_the_documented_words_are_known_in_the_order_of_a_tasks_life(
    name: str, words: tuple[str, ...]
) -> None:
    assert profile(name).words.all == words


def test_urls_lead_back_the_way_the_caller_came() -> None:
    caller = client("guide", Scenario(timelines=(AT_ONCE,)))
    task = caller.submitted()
    for base in ("http://127.0.0.1:8080/s/a", "https://localhost:9", "http://127.0.0.1:8080/s/a"):
        caller.base = base
        assert caller.status(task).json["result"]["data"][0]["url"].startswith(base + "/generated/")


@every_profile
@given(
    timeline=timelines(), steps=st.lists(moments, min_size=1, max_size=5), n=st.sampled_from((1, 4))
)
def test_every_status_reply_obeys_the_schema_of_the_profile(
    name: str, timeline: Timeline, steps: list[float], n: int
) -> None:
    stages = tuple(StagePlan(stage, stage.seconds) for stage in timeline.stages)
    caller = client(name, Scenario(timelines=(TimelinePlan(stages, timeline),)))
    seen = [caller.submit(n=n)]
    for seconds in steps:
        caller.now += seconds
        seen.append(caller.status(seen[0].json["id"]))
    schema = Draft202012Validator(profile(name).schemas["task.reply.json"])
    for one in seen:
        assert one.status in (200, 404, 400)
        if one.status == 200:
            assert [error.message for error in schema.iter_errors(one.json)] == []


class Twins(RuleBasedStateMachine):
    """Of two worlds with the same calls one forgets what it worked out: nobody can tell which."""

    @initialize(timeline=timelines(), name=st.sampled_from(PROFILES))
    def start(self, timeline: Timeline, name: str) -> None:
        plans = tuple(StagePlan(stage, stage.seconds) for stage in timeline.stages)
        story = Scenario(timelines=(TimelinePlan(plans, timeline),))
        self.twins = (client(name, story), client(name, story))
        self.tasks: list[str] = []
        self.forgetful.world.memo = Memo()

    @property
    def forgetful(self) -> Client:
        return self.twins[1]

    @rule(n=st.sampled_from((1, 2)))
    def submit(self, n: int) -> None:
        self.tasks.append(self._same(*[twin.submit(n=n) for twin in self.twins])["id"])

    @rule(number=st.integers(0, 3), base=st.sampled_from((BASE, "http://localhost:9")))
    def poll(self, number: int, base: str) -> None:
        if self.tasks:
            task = self.tasks[number % len(self.tasks)]
            for twin in self.twins:
                twin.base = base
            self._same(*[twin.status(task) for twin in self.twins])

    @rule(number=st.integers(0, 3), how=st.sampled_from((None, Phase.SUCCEEDED, Phase.FAILED)))
    def move(self, number: int, how: Phase | None) -> None:
        if self.tasks:
            for twin in self.twins:
                task = twin.world.tasks[self.tasks[number % len(self.tasks)]]
                if how is None:
                    task.release(twin.now)
                else:
                    task.end(twin.now, Stage(how))

    @rule(seconds=moments)
    def wait(self, seconds: float) -> None:
        for twin in self.twins:
            twin.now += seconds

    @invariant()
    def forget(self) -> None:
        if hasattr(self, "twins"):
            self.forgetful.world.memo = Memo()

    def _same(self, *seen: Any) -> Any:
        assert seen[0].script == seen[1].script
        return seen[0].json


TestTwins = Twins.TestCase
TestTwins.settings = settings(stateful_step_count=25)
