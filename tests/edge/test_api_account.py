"""Models, balance and the text endpoints: what things cost and what a mistake costs."""

from typing import Any

import pytest

from mock_server.edge.mock import DEFAULT_KEY
from tests.edge.callers import FOX, SUBMIT, Caller, bearer, caller

OTHER = "sk-another-user-of-the-same-service-0123456789abcdef"
TEXT_ENDPOINTS = ["/v1/chat/completions", "/v1/responses", "/v1/messages"]
PRICE = 10


def used(one: Caller, key: str = DEFAULT_KEY) -> Any:
    return one.get("/v1/balance", headers=bearer(key)).json()["used_credits"]


def test_a_new_account_has_spent_nothing(guide: Caller) -> None:
    balance = guide.get("/v1/balance").json()
    assert balance["success"] is True
    assert (balance["used_balance"], balance["used_credits"]) == (0, 0)
    assert balance["remain_credits"] == balance["remain_balance"] * balance["credits_per_usd"]


@pytest.mark.parametrize("n", [1, 4])
def test_images_are_paid_for_when_they_are_ordered(guide: Caller, n: int) -> None:
    guide.submit(n=n)
    assert used(guide) == n * PRICE


def test_what_is_refused_costs_nothing(guide: Caller) -> None:
    guide.post(SUBMIT, json={**FOX, "n": 9})
    guide.post(SUBMIT, content=b"{", headers={"Content-Type": "application/json"})
    assert used(guide) == 0


def test_a_failed_task_is_given_back_once_it_has_failed() -> None:
    with caller(scenario="lifecycle/fails-late") as one:
        one.submit(n=2)
        before = used(one)
        one.clock.advance(3600)
        assert (before, used(one)) == (2 * PRICE, 0)


def test_users_pay_for_their_own_images() -> None:
    with caller(api_keys=(DEFAULT_KEY, OTHER)) as one:
        one.submit()
        one.post(SUBMIT, json={**FOX, "n": 3}, headers=bearer(OTHER))
        assert (used(one), used(one, OTHER)) == (PRICE, 3 * PRICE)


@pytest.mark.parametrize("path", ["/balance", "/v1/user/balance", "/user/balance"])
def test_the_reference_knows_the_balance_by_its_other_names(path: str) -> None:
    with caller("reference") as one:
        assert one.get(path).json() == one.get("/v1/balance").json()


@pytest.mark.parametrize("path", TEXT_ENDPOINTS)
def test_an_image_model_at_a_text_endpoint_is_the_error_of_the_guide(
    guide: Caller, path: str
) -> None:
    body = {"model": "gpt-4o-image", "messages": [{"role": "user", "content": "a fox " * 200}]}
    reply = guide.post(path, json=body)
    error = reply.json()["error"]
    assert reply.status_code == 500
    assert error["message"].startswith("invalid apitype: -1 (request id: ")
    assert error["type"] == "new_api_error"


def test_tokens_are_charged_for_that_mistake(guide: Caller) -> None:
    guide.post(TEXT_ENDPOINTS[0], json={"model": "gpt-4o-image", "messages": ["x" * 4000]})
    assert used(guide) > 0
    assert [item.about for item in guide.world.ledger.tokens] == [TEXT_ENDPOINTS[0]]
    assert len(guide.world.tasks) == 0


@pytest.mark.parametrize("path", TEXT_ENDPOINTS)
@pytest.mark.parametrize(
    "body", [b"", b"{}", b"[]", b'{"model": 7}', b'{"model": "gpt-5"}', b"{", b'{"model": null}']
)
def test_other_mistakes_at_a_text_endpoint_cost_nothing(
    guide: Caller, path: str, body: bytes
) -> None:
    reply = guide.post(path, content=body, headers={"Content-Type": "application/json"})
    assert (reply.status_code, reply.json()["error"]["type"]) == (400, "invalid_request_error")
    assert used(guide) == 0


def test_the_list_of_models_is_one_of_text_models_unless_images_are_asked_for(
    guide: Caller,
) -> None:
    assert guide.get("/v1/models").json() == {"success": True, "object": "list", "data": []}
    (model,) = guide.get("/v1/models?type=image").json()["data"]
    assert (model["id"], model["object"]) == ("gpt-4o-image", "model")


def test_another_model_of_the_reference_is_ordered_at_the_same_endpoint() -> None:
    with caller("reference") as one:
        names = [model["id"] for model in one.get("/v1/models?type=all").json()["data"]]
        task = one.submit(model="gpt-image-2", size="21:9", resolution="1k")
    assert "gpt-image-2" in names
    assert task["model"] == "gpt-image-2"


def test_an_account_without_credit_is_told_so() -> None:
    with caller(scenario="limits/out-of-credit") as one:
        codes = []
        for key in one.world.keyring.states:
            codes.append(one.post(SUBMIT, json=FOX, headers=bearer(key)).status_code)
    assert 402 in codes
