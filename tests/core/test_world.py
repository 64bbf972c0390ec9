"""A world holds a bounded number of tasks, the latest ones, and keeps users apart."""

import tracemalloc
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from mock_server.core.contract import LimitRule
from mock_server.core.keys import Keyring
from mock_server.core.limits import DAILY_CREDITS, IN_FLIGHT, SLIDING_WINDOW, TOKEN_BUCKET
from mock_server.core.scenario import Scenario
from mock_server.core.world import Bounds, new_world
from tests.core.clients import (
    KEY,
    OTHER_KEY,
    PROFILES,
    Client,
    belongings,
    client,
    profile,
)
from tests.core.refusals import is_refused

every_profile = pytest.mark.parametrize("name", PROFILES)


class Tasks(RuleBasedStateMachine):
    """However many tasks come, those that are kept are the latest, and the others are gone."""

    @initialize(most=st.integers(1, 4))
    def start(self, most: int) -> None:
        self.most = most
        bounds = Bounds(tasks=most, task_lifetime=100)
        self.caller = client("reference", bounds=bounds)
        self.sent: list[tuple[str, str, float]] = []
        self.kept: list[tuple[str, str, float]] = []

    @rule(own_id=st.sampled_from(("a", "b")))
    def submit(self, own_id: str) -> None:
        task = self.caller.submitted(client_business_id=own_id)
        self.sent.append((task, own_id, self.caller.now))
        young = [one for one in self.kept if one[2] > self.caller.now - 100]
        self.kept = [*young, self.sent[-1]][-self.most :]

    @rule(seconds=st.integers(1, 120))
    def wait(self, seconds: int) -> None:
        self.caller.now += seconds

    @invariant()
    def only_the_latest_are_kept(self) -> None:
        assert list(self.caller.world.tasks) == [task for task, _, _ in self.kept]
        kept = {task for task, _, _ in self.kept}
        for task, _, _ in self.sent:
            assert self.caller.status(task).status == (200 if task in kept else 404)

    @invariant()
    def own_ids_lead_to_the_latest_task_while_it_is_kept(self) -> None:
        for own_id in ("a", "b"):
            named = [task for task, name, _ in self.sent if name == own_id]
            kept = {task for task, _, _ in self.kept}
            latest = named[-1] if named and named[-1] in kept else None
            seen = self.caller.status(own_id)
            assert (seen.json["id"] if seen.status == 200 else None) == latest


TestTasks = Tasks.TestCase
TestTasks.settings = settings(stateful_step_count=20)


def test_the_oldest_tasks_make_room_for_the_latest() -> None:
    caller = client("reference", bounds=Bounds(tasks=3, task_lifetime=100))
    tasks = []
    for number in range(3):
        tasks.append(caller.submitted(client_business_id=f"order_{number}"))
        caller.now += 60
    assert list(caller.world.tasks) == tasks[1:]
    tasks += [caller.submitted() for _ in range(3)]
    assert list(caller.world.tasks) == tasks[3:]
    assert [caller.status(f"order_{number}").status for number in range(3)] == [404] * 3


@pytest.mark.proof
def test_tasks_take_less_than_a_kilobyte_each_with_all_that_a_session_notes(
    proof_size: Callable[[int, int], int],
) -> None:
    number, limit = proof_size(4_000, 100_000), proof_size(4, 100) * 2**20
    # The journal keeps the same share of the calls in both sizes.
    usual = Bounds()
    bounds = replace(usual, journal=usual.journal * number // 100_000)
    caller = client("reference", bounds=bounds)
    caller.submitted()
    tracemalloc.start()
    try:
        for count in range(number):
            prompt = f"A red kite over the sea, number {count}, in the style of an old postcard"
            caller.submitted(prompt=prompt, client_business_id=f"order_{count:09d}")
        taken, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(caller.world.tasks) == min(number + 1, usual.tasks)
    assert taken <= limit


def test_a_new_world_is_empty_whatever_happened_in_another() -> None:
    caller = client()
    caller.submitted()
    caller.upload()
    again = client()
    assert belongings(again.world) == belongings(client().world)
    assert belongings(again.world) != belongings(caller.world)
    assert len(again.world.journal) == 0


def test_the_keys_of_a_story_come_on_top_of_those_of_the_session() -> None:
    story = Scenario(keys={OTHER_KEY: "revoked", "sk-third-key-0123456789": "valid"})
    world = new_world("a", profile("guide"), story, Keyring({KEY: "valid"}), Bounds(), b"secret")
    found = []
    for key in (KEY, OTHER_KEY, "sk-third-key-0123456789", "sk-unknown"):
        found.append(Client(world, key=key).get("/v1/models").status)
    assert found == [200, 401, 200, 401]


def test_ids_and_stories_are_decided_by_the_seed() -> None:
    ids = {client("guide", Scenario(seed=seed)).submitted() for seed in range(5)}
    assert len(ids) == 5
    assert client("guide", Scenario(seed=7)).world.seed == 7


# Limits, as callers meet them.


def limited(*rules: LimitRule, name: str = "reference") -> Client:
    """A caller in a world with these limits."""
    return client(name, Scenario(limits=rules))


@pytest.mark.parametrize("name", ["reference", "live"])
def test_the_documented_limits_hold_exactly(name: str) -> None:
    caller = limited(*profile(name).limits, name=name)
    task = caller.submitted()
    assert [caller.submit().status for _ in range(50)] == [200] * 49 + [429]
    caller.now += 0.2
    assert [caller.submit().status for _ in range(2)] == [200, 429]
    # Reading is counted apart.
    assert caller.status(task).headers["x-ratelimit-remaining"] == "499"


@every_profile
def test_a_call_over_the_limit_is_a_429_that_leaves_no_trace(name: str) -> None:
    rule = LimitRule("async_submit", ("submit",), TOKEN_BUCKET, 1, per_second=0.25)
    caller = limited(rule, name=name)
    accepted = caller.submit()
    assert accepted.headers["x-ratelimit-remaining"] == "0"
    before = belongings(caller.world)
    seen = caller.submit()
    is_refused(caller.world, before, seen, "rate_limited", "submit")
    assert seen.headers["retry-after"] == "4"
    assert seen.headers["x-ratelimit-limit"] == "1"
    assert seen.headers["x-ratelimit-category"] == "async_submit"
    caller.now += 4
    assert caller.submit().status == 200


def test_a_refused_body_costs_an_allowance_and_a_wrong_key_does_not() -> None:
    rule = LimitRule("async_submit", ("submit",), SLIDING_WINDOW, 2, window=60)
    caller = limited(rule)
    stranger = replace(caller, key="sk-unknown-key-of-nobody")
    assert [stranger.submit().status for _ in range(5)] == [401] * 5
    assert [caller.submit(n=9).status for _ in range(3)] == [400, 400, 429]


def test_each_key_has_limits_of_its_own() -> None:
    caller = limited(LimitRule("async_submit", ("submit",), SLIDING_WINDOW, 1, window=60))
    assert [caller.submit().status for _ in range(2)] == [200, 429]
    assert caller.as_another().submit().status == 200


def test_tasks_in_flight_are_those_of_the_caller_that_have_not_ended() -> None:
    caller = limited(LimitRule("async_submit", ("submit",), IN_FLIGHT, 2))
    other = caller.as_another()
    assert [caller.submit().status for _ in range(3)] == [200, 200, 429]
    assert other.submit().status == 200
    caller.now += 4
    assert [caller.submit().status for _ in range(3)] == [200, 200, 429]


def test_the_credits_of_a_day_are_counted_when_an_order_is_accepted() -> None:
    caller = limited(LimitRule("async_submit", ("submit",), DAILY_CREDITS, 50))
    assert caller.submit(n=9).status == 400
    assert [caller.submit(n=2).status for _ in range(3)] == [200, 200, 429]
    before = belongings(caller.world)
    is_refused(caller.world, before, caller.submit(n=2), "rate_limited", "submit")
    assert caller.submit(n=1).status == 200
    caller.now = (caller.now // 86_400 + 1) * 86_400
    assert caller.submit(n=4).status == 200


def test_an_operation_without_a_limit_says_nothing_of_one() -> None:
    caller = limited(LimitRule("async_submit", ("submit",), IN_FLIGHT, 2))
    assert not any(field.startswith("x-ratelimit") for field in caller.get("/v1/models").headers)
    assert client().submit().headers.keys().isdisjoint({"x-ratelimit-limit", "retry-after"})
