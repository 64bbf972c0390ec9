"""Walks and generated calls find on their own what no written conversation looks for."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from contract_tests.server.conversation import Conversation, Once
from contract_tests.server.fuzzing import fuzz
from contract_tests.server.judge import Judge
from contract_tests.server.money import Budget
from contract_tests.server.player import Player
from contract_tests.server.promises import Promises
from contract_tests.server.statements import all_statements
from contract_tests.server.target import App, AppTarget
from contract_tests.server.venue import MockVenue
from contract_tests.server.walk import walk
from contract_tests.server.words import Words
from mock_server import create_app
from tests.contract_tests.server.defects import defect_named

pytestmark = pytest.mark.xdist_group("schemathesis")
_EXAMPLES = 1
_SECONDS = 300.0


@contextmanager
def player_for(app: App, profile: str = "guide", most: int | None = None) -> Iterator[Player]:
    """Someone who talks to an application about the promises of a profile."""
    target = AppTarget(app)
    judge = Judge(Promises.of(profile), all_statements())
    try:
        yield Player(target, MockVenue(target, 1), judge, Budget(most))
    finally:
        target.close()


def found(player: Player) -> set[str]:
    """The statements that were found broken."""
    return {one.statement.id for one in player.judge.found}


@pytest.mark.parametrize(
    ("defect", "statement"),
    [
        ("end-reopens", "terminal-stays"),
        ("foreign-task-shown", "foreign-task-hidden"),
        ("upload-changed", "upload-is-kept"),
        ("refusal-billed", "refused-is-free"),
    ],
)
def test_a_walk_finds_what_goes_wrong_in_the_life_of_a_task(defect: str, statement: str) -> None:
    with player_for(defect_named(defect).around(create_app())) as player:
        # Up to a quarter of the walks miss it, and which ones depends on more than the seed, for
        # Hypothesis also draws constants of the modules that are loaded. What must be found each
        # time is held by the written conversations.
        for seed in range(1, 7):
            walk(player, seed=seed, walks=25, steps=25)
            if statement in found(player):
                break
        assert statement in found(player)


def test_the_same_seed_takes_the_same_walk() -> None:
    def paths(seed: int) -> list[tuple[str, str]]:
        with player_for(create_app()) as player:
            walk(player, seed=seed, walks=4, steps=8)
            return [(call.method, call.send.name) for call in player.judge.log.calls]

    first, again, other = paths(1), paths(1), paths(2)
    assert first == again
    assert first != other


def test_a_walk_ends_when_no_submit_may_be_sent_any_more() -> None:
    with player_for(create_app(), most=3) as player:
        notes = walk(player, seed=1, walks=20, steps=20)
        assert notes == ("the walks ended early: no submit may be sent any more",)
        assert player.budget.used == 3


def test_generated_calls_find_a_field_of_the_wrong_type_and_leave_no_check_behind() -> None:
    from schemathesis.checks import CHECKS, load_all_checks

    load_all_checks()
    before = CHECKS.get_all_names()
    with player_for(defect_named("progress-as-text").around(create_app())) as player:
        assert fuzz(player, seed=1, examples=_EXAMPLES, seconds=_SECONDS) == ()
        assert "reply-obeys-schema" in found(player)
        operations = {call.operation for call in player.judge.log.calls}
    assert {"submit", "status", "upload", "models", "balance", "text", "result"} <= operations
    assert CHECKS.get_all_names() == before


def test_generated_calls_end_when_no_submit_may_be_sent_any_more() -> None:
    with player_for(create_app(), most=2) as player:
        notes = fuzz(player, seed=1, examples=_EXAMPLES, seconds=_SECONDS)
        assert notes == ("Schemathesis stopped early: no submit may be sent any more",)
        assert player.budget.used == 2


def test_generated_calls_follow_links_to_tasks_and_find_nothing_on_a_clean_mock() -> None:
    with player_for(create_app()) as player:
        fuzz(player, seed=2, examples=_EXAMPLES, seconds=_SECONDS)
        walk(player, seed=2, walks=5, steps=20)
        assert any(task.polls for task in player.judge.log.tasks)
        assert player.judge.found == ()


def test_an_id_of_the_clients_own_counts_wherever_the_profile_lets_it_stand() -> None:
    order = {"model": "gpt-4o-image", "prompt": "A kite"}
    with player_for(create_app("live"), "live") as player:
        words = Words(player.judge.promises)
        own = Once("here-or-there-")
        steps = (
            words.submit("first", {**order, "client_business_id": own}),
            words.submit("second", {**order, "metadata": {"client_business_id": own}}),
            words.poll_id("by-its-own-id", own),
        )
        player.hold(Conversation("own-ids", "the same id in both places", steps))
        calls = player.judge.log.calls
        assert calls[2].value("id") == calls[1].value("id")
        assert found(player) == set()


def test_no_two_conversations_have_the_same_tag() -> None:
    with player_for(create_app("live"), "live") as player:
        words = Words(player.judge.promises)
        order = {"model": "gpt-4o-image", "prompt": "A kite", "client_business_id": Once("mine-")}
        for _ in range(2):
            player.hold(Conversation("one", "one order", (words.submit("only", order),)))
        sent = [player.judge.log.own_id_of(call) for call in player.judge.log.calls]
        assert len(set(sent)) == 2
