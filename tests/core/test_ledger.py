"""Images are paid for when they are ordered and refunded when they fail; tokens are charged too."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from mock_server.core.contract import Contract
from mock_server.core.ledger import Item
from mock_server.core.lifecycle import Phase, Stage
from mock_server.core.scenario import Scenario, TimelinePlan, fixed
from mock_server.core.world import Bounds
from tests.core.clients import (
    AT_ONCE,
    BODY,
    CHAT,
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

every_profile = pytest.mark.parametrize("name", PROFILES)
TEXT_PATHS = (CHAT, "/v1/responses", "/v1/messages")


def lines(caller: Client) -> list[Item]:
    """The account of the session as it stands."""
    return caller.world.ledger.items(caller.world.tasks.values(), caller.now)


def used(caller: Client) -> float:
    """The credits that the balance says were used."""
    return float(caller.get("/v1/balance").json["used_credits"])


def with_prices(name: str, **prices: float) -> Contract:
    """The profile with other prices; its models cost what an image costs."""
    contract = profile(name)
    changed = replace(contract.prices, **prices)
    models = {key: replace(m, credits=changed.image) for key, m in contract.models.items()}
    return replace(contract, prices=changed, models=models)


@every_profile
@pytest.mark.parametrize("n", [1, 2, 4])
def test_images_are_paid_for_by_their_number_when_they_are_ordered(name: str, n: int) -> None:
    caller = client(name)
    task = caller.submitted(n=n)
    (line,) = lines(caller)
    assert (line.kind, line.at, line.about) == ("charge", NOW, task)
    assert (line.credits, line.images, line.tokens) == (10.0 * n, n, 0)
    assert used(caller) == 10 * n


@every_profile
def test_a_task_that_fails_is_refunded_in_full_at_the_moment_it_fails(name: str) -> None:
    caller = client(name, Scenario(timelines=(FAILS,)))
    task = caller.submitted(n=4)
    caller.now = NOW + 1.9
    assert used(caller) == 40
    caller.now = NOW + 50
    assert used(caller) == 0
    assert [(line.kind, line.at, line.about, line.credits) for line in lines(caller)] == [
        ("charge", NOW, task, 40.0),
        ("refund", NOW + 2, task, -40.0),
    ]


def test_a_profile_may_keep_the_credits_of_a_task_that_failed() -> None:
    caller = client(with_switches("guide", refund_failed=False), Scenario(timelines=(FAILS,)))
    caller.submitted()
    caller.now += 50
    assert used(caller) == 10


@pytest.mark.parametrize(("refund", "spent"), [(False, 40), (True, 10)])
def test_a_profile_may_refund_the_images_that_are_missing(refund: bool, spent: float) -> None:
    story = fixed(Stage(Phase.SUCCEEDED, results=1))
    contract = with_switches("guide", refund_partial=refund)
    caller = client(contract, Scenario(timelines=(story,)))
    caller.submitted(n=4)
    assert used(caller) == spent


def test_a_story_that_delivers_all_images_refunds_nothing() -> None:
    story = fixed(Stage(Phase.SUCCEEDED, results=9))
    contract = with_switches("guide", refund_partial=True)
    caller = client(contract, Scenario(timelines=(story,)))
    caller.submitted(n=4)
    assert used(caller) == 40


@every_profile
@pytest.mark.parametrize("path", TEXT_PATHS)
def test_an_image_model_at_a_text_endpoint_is_refused_and_tokens_are_charged(
    name: str, path: str
) -> None:
    caller = client(name)
    seen = caller.post(path, {"model": "gpt-4o-image", "messages": [{"content": "x" * 3_960}]})
    entry = caller.world.contract.catalogue.find("wrong_endpoint", "text")
    assert (seen.status, seen.error["code"]) == (entry.status, entry.code)
    assert seen.error["message"].startswith("invalid apitype: -1")
    (line,) = lines(caller)
    assert (line.kind, line.at, line.about) == ("tokens", NOW, path)
    assert 990 <= line.tokens <= 1_020
    assert line.credits == pytest.approx(line.tokens * 10 / 1_000)
    assert used(caller) == pytest.approx(line.credits)
    assert caller.world.tasks == {}


@every_profile
def test_the_wrong_endpoint_answers_as_the_gateway_underneath_does(name: str) -> None:
    seen = client(name).post(CHAT, BODY)
    assert seen.status == 500
    assert seen.error["type"] == "new_api_error"
    assert "(request id: " in seen.error["message"]


@every_profile
@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({}, "invalid_request"),
        ({"model": ""}, "invalid_request"),
        ({"model": 7}, "invalid_request"),
        ({"model": None}, "invalid_request"),
        ([], "invalid_request"),
        (b"{", "invalid_body"),
        ({"model": "gpt-5"}, "unknown_model"),
    ],
)
def test_a_text_call_that_names_no_image_model_costs_nothing(
    name: str, body: Any, reason: str
) -> None:
    caller = client(name)
    before = belongings(caller.world)
    is_refused(caller.world, before, caller.post(CHAT, body), reason, "text")
    assert lines(caller) == []


def test_a_text_call_without_a_model_is_told_so() -> None:
    error = client().post(CHAT, {}).error
    assert (error["message"], error["param"]) == ("The 'model' field is required.", "model")


@every_profile
def test_what_cannot_be_paid_is_not_accepted(name: str) -> None:
    caller = client(with_prices(name, initial=35, image=10))
    assert caller.submit(n=2).status == 200
    before = belongings(caller.world)
    is_refused(caller.world, before, caller.submit(n=2), "insufficient_credit", "submit")
    assert caller.submit(n=1).status == 200
    assert caller.submit(n=1).status == 402
    assert caller.as_another().submit(n=2).status == 200


def test_what_was_refunded_can_be_spent_again() -> None:
    caller = client(with_prices("guide", initial=10), Scenario(timelines=(FAILS,)))
    caller.submitted()
    assert caller.submit().status == 402
    caller.now += 2
    assert caller.submit().status == 200


def test_tokens_count_against_what_can_be_paid() -> None:
    caller = client(with_prices("guide", initial=10, per_1000_tokens=1))
    assert caller.post(CHAT, BODY).status == 500
    assert caller.submit().status == 402


def test_the_lines_are_in_the_order_of_time() -> None:
    caller = client("guide", Scenario(timelines=(TimelinePlan((), FAILS.fixed, 1), AT_ONCE)))
    caller.submitted()
    caller.now = NOW + 1
    caller.post(CHAT, BODY)
    caller.now = NOW + 3
    caller.submitted()
    assert [(line.kind, line.at - NOW) for line in lines(caller)] == [
        ("charge", 0),
        ("tokens", 1),
        ("refund", 2),
        ("charge", 3),
    ]


def test_what_is_forgotten_stays_paid() -> None:
    caller = client("guide", Scenario(timelines=(AT_ONCE,)), bounds=Bounds(tasks=1, token_lines=1))
    for _ in range(3):
        caller.submitted()
        caller.post(CHAT, {"model": "gpt-4o-image", "input": "x" * 4_000})
    assert len(lines(caller)) == 2
    assert used(caller) == pytest.approx(3 * 10 + 3 * lines(caller)[-1].credits)


class Accounts(RuleBasedStateMachine):
    """However much is forgotten, the balance is what was paid less what was given back."""

    def __init__(self) -> None:
        super().__init__()
        stories = (TimelinePlan((), FAILS.fixed, 2), TimelinePlan((), AT_ONCE.fixed, 2), FAILS)
        bounds = Bounds(tasks=3, token_lines=2)
        self.mine = client("guide", Scenario(timelines=stories), bounds=bounds)
        self.theirs = self.mine.as_another()
        self.paid = {self.mine.key: 0.0, self.theirs.key: 0.0}

    def caller(self, first: bool) -> Client:
        """One of the two, at the time of both."""
        self.theirs.now = self.mine.now
        return self.mine if first else self.theirs

    @rule(first=st.booleans(), n=st.integers(1, 4))
    def submit(self, first: bool, n: int) -> None:
        caller = self.caller(first)
        caller.submitted(n=n)
        # Only the third and the fourth task of the story succeed.
        self.paid[caller.key] += 10 * n if caller.world.submitted in (3, 4) else 0
        self.mine.now += 10

    @rule(first=st.booleans(), length=st.integers(1, 100))
    def send_to_the_wrong_endpoint(self, first: bool, length: int) -> None:
        caller = self.caller(first)
        caller.post(CHAT, {"model": "gpt-4o-image", "input": "x" * length})
        self.paid[caller.key] += caller.world.ledger.tokens[-1].credits

    @invariant()
    def balances_are_right(self) -> None:
        for first in (True, False):
            caller = self.caller(first)
            balance = caller.get("/v1/balance").json
            assert balance["used_credits"] == pytest.approx(self.paid[caller.key], abs=1e-5)
            assert balance["remain_credits"] + balance["used_credits"] == pytest.approx(10**7)
        assert len(self.mine.world.tasks) <= 3
        assert len(self.mine.world.ledger.tokens) <= 2


TestAccounts = Accounts.TestCase
TestAccounts.settings = settings(stateful_step_count=20)
