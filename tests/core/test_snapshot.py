"""A world is written down and read back whole, and goes on as if nothing had happened."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mock_server.core.snapshot import Kind
from mock_server.core.world import Bounds
from tests.core.clients import NOW, PROFILES
from tests.core.snapshot_runs import Life, by_kind, last, lived, shown
from tests.core.snapshot_stories import EVERYTHING, FEW, Act, acts

profiles = st.sampled_from(PROFILES)
stories = st.integers(0, 1)
bounds = st.sampled_from((FEW, Bounds()))


@given(profiles, stories, bounds, acts, acts, acts)
def test_a_world_that_was_read_back_answers_as_the_one_that_was_written_down(
    profile: str,
    story: int,
    bounds: Bounds,
    before: list[Act],
    watched: list[Act],
    after: list[Act],
) -> None:
    one = lived(profile, story, bounds, *before)
    one.begin()
    one.do_all(watched)
    other = one.read_back()
    assert by_kind(other.world) == by_kind(one.world)
    one.seen.clear()
    one.do_all(after)
    other.do_all(after)
    assert other.seen == one.seen
    assert by_kind(other.world) == by_kind(one.world)


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("bounds", [FEW, Bounds()], ids=["few", "many"])
@pytest.mark.parametrize("watched", [0, 12, len(EVERYTHING)])
def test_everything_that_can_happen_is_read_back(
    profile: str, bounds: Bounds, watched: int
) -> None:
    one = lived(profile, 0, bounds, *EVERYTHING[watched:])
    one.begin()
    one.do_all(EVERYTHING[:watched])
    assert by_kind(one.read_back().world) == by_kind(one.world)


@settings(max_examples=30)
@given(profiles, stories, acts)
def test_the_journal_of_a_world_that_was_read_back_tells_the_same(
    profile: str, story: int, deeds: list[Act]
) -> None:
    one = lived(profile, story, Bounds(), *deeds)
    one.begin()
    other = one.read_back()
    assert [shown(entry) for entry in other.world.journal] == [
        shown(entry) for entry in one.world.journal
    ]


def test_what_nobody_has_changed_is_no_change() -> None:
    one = lived("guide", 1, Bounds(), ("submit", "A kite", 1), ("status", 0))
    one.begin()
    assert one.watch is not None
    assert one.watch.changes() == []
    one.task(0)
    assert one.watch.changes() == []


def test_a_status_read_changes_a_handful_of_rows_however_much_the_world_holds() -> None:
    one = lived("guide", 0, Bounds(), *[("submit", "A kite", 1)] * 50)
    one.begin()
    assert one.watch is not None
    one.client.status(next(iter(one.world.tasks)))
    kinds = [row.kind for row in one.watch.changes()]
    assert kinds == [Kind.COUNTS, Kind.PROGRESS, Kind.ENTRY]


def test_calls_and_endings_are_written_down_though_nobody_asked_between_them() -> None:
    one = lived("guide", 0, FEW)
    one.begin()
    assert one.watch is not None
    for _ in range(3):
        one.client.get("/v1/models")
    one.do(("delivered", False))
    one.watch.delivered(last(one.world))
    one.do_all([("get", "/v1/models")] * 5)
    other = one.read_back()
    assert by_kind(other.world) == by_kind(one.world)
    assert [entry.number for entry in other.world.journal] == [3, 4, 5, 6, 7, 8]
    assert [entry.ended for entry in other.world.journal] == [one.client.now, *[None] * 5]


def test_a_task_that_came_and_went_between_is_not_written_down() -> None:
    one = lived("guide", 0, FEW)
    one.begin()
    for _ in range(FEW.tasks + 2):
        one.client.submit()
        one.task(0)
    one.do(("fail", 0))
    assert one.watch is not None
    other = one.read_back()
    assert list(other.world.tasks) == list(one.world.tasks)
    assert by_kind(other.world) == by_kind(one.world)


@pytest.mark.parametrize(
    "changes",
    [
        ["plan 429", "submit"],
        ["plan 429 x2", "submit"],
        ["plan 429 x*", "submit", "submit"],
        ["plan 429", "plan pass", "plan reset", "submit"],
        ["plan 429", "withdraw", "plan 429", "submit"],
        ["plan 429", "plan 429", "story 1"],
        ["story 1", "status", "status", "status"],
    ],
)
def test_the_queues_of_faults_are_written_down_as_they_are_spent_and_replaced(
    changes: list[str],
) -> None:
    one = lived("guide", 0, Bounds(), ("submit", "A kite", 1))
    one.begin()
    for change in changes:
        name, _, word = change.partition(" ")
        rest: tuple[Any, ...] = (int(word),) if name == "story" else (word,) if word else ()
        one.do((name, *({"submit": ("A kite", 1), "status": (0,)}.get(name, rest))))
    other = one.read_back()
    assert other.world.plan == one.world.plan
    assert other.world.superseded == one.world.superseded
    assert by_kind(other.world) == by_kind(one.world)


def test_what_limits_have_counted_goes_with_the_limiter_that_counted_it() -> None:
    one = lived("guide", 1, Bounds(), ("submit", "A kite", 1))
    one.begin()
    one.do_all([("submit", "A kite", 1), ("balance", False), ("balance", True)])
    assert one.read_back().world.limiter == one.world.limiter
    assert one.world.limiter.windows
    one.do(("story", 0))
    assert one.read_back().world.limiter.windows == {}
    _story_and_call_at_once(one)
    assert one.read_back().world.limiter == one.world.limiter


def _story_and_call_at_once(one: Life) -> None:
    """Another limiter, and a call that it counts, before anybody has asked for changes."""
    watch, one.watch = one.watch, None
    one.do_all([("story", 1), ("balance", False)])
    one.watch = watch
    one.do(("wait", 1.0))


def test_the_oldest_files_charges_and_faults_make_room_in_what_is_written_down_too() -> None:
    one = lived("guide", 0, FEW)
    one.begin()
    for _ in range(5):
        one.do_all([("upload", 15), ("chat", 1), ("wish", "429"), ("submit", "A kite", 1)])
    other = one.read_back()
    assert list(other.world.uploads) == list(one.world.uploads)
    assert other.world.upload_bytes == one.world.upload_bytes == 30
    assert other.world.ledger.tokens == one.world.ledger.tokens
    assert other.world.ledger.settled == one.world.ledger.settled
    assert list(other.world.fired) == ["submit: 429"] * FEW.fired
    assert by_kind(other.world) == by_kind(one.world)


def test_an_event_that_is_owed_is_owed_still_and_nobody_is_sending_it() -> None:
    one = lived("reference", 0, Bounds(), ("webhook", "http://127.0.0.1:9/hook"))
    one.begin()
    one.do(("submit", "A kite", 1))
    (owed,) = one.world.owed.values()
    one.world.owed[next(iter(one.world.owed))].attempts = 2
    found = one.world.owed.get(next(iter(one.world.owed)))
    assert found is owed
    owed.due, owed.sending = NOW + 7, True
    one.do(("wait", 1.0))
    (kept,) = one.read_back().world.owed.values()
    assert (kept.base, kept.attempts, kept.due, kept.sending) == (owed.base, 2, NOW + 7, False)
