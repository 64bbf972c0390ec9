"""The balance and the list of models, as the account pages have them."""

import pytest
from jsonschema import Draft202012Validator

from mock_server.core.scenario import Scenario
from tests.core.clients import AT_ONCE, CHAT, PROFILES, client, profile, with_switches

every_profile = pytest.mark.parametrize("name", PROFILES)


def schema(name: str, file: str) -> Draft202012Validator:
    return Draft202012Validator(profile(name).schemas[file])


@every_profile
def test_a_new_account_has_spent_nothing(name: str) -> None:
    assert client(name).get("/v1/balance").json == {
        "success": True,
        "remain_balance": 50_000,
        "used_balance": 0,
        "remain_credits": 10_000_000,
        "used_credits": 0,
        "credits_per_usd": 200,
        "unlimited_quota": False,
    }


@every_profile
def test_what_was_spent_is_told_in_credits_and_in_dollars(name: str) -> None:
    caller = client(name, Scenario(timelines=(AT_ONCE,)))
    caller.submitted(n=4)
    found = caller.get("/v1/balance").json
    assert (found["used_credits"], found["used_balance"]) == (40, 0.2)
    assert (found["remain_credits"], found["remain_balance"]) == (9_999_960, 49_999.8)


@every_profile
def test_parts_of_a_credit_are_told_too(name: str) -> None:
    caller = client(name)
    caller.post(CHAT, {"model": "gpt-4o-image"})
    found = caller.get("/v1/balance").json
    assert 0 < found["used_credits"] < 1
    assert list(schema(name, "balance.reply.json").iter_errors(found)) == []


@pytest.mark.parametrize("name", ["reference", "live"])
@pytest.mark.parametrize("path", ["/balance", "/v1/user/balance", "/user/balance"])
def test_the_balance_has_other_addresses(name: str, path: str) -> None:
    caller = client(name)
    assert caller.get(path).json == caller.get("/v1/balance").json


@every_profile
@pytest.mark.parametrize("wanted", ["image", "all"])
def test_the_image_models_are_listed_where_they_are_asked_for(name: str, wanted: str) -> None:
    found = client(name).get(f"/v1/models?type={wanted}").json
    assert list(schema(name, "models.reply.json").iter_errors(found)) == []
    assert {row["id"] for row in found["data"]} == set(profile(name).models)


@every_profile
@pytest.mark.parametrize("wanted", ["text", "chat", "video", "audio", "unheard-of", ""])
def test_other_types_have_no_image_models(name: str, wanted: str) -> None:
    found = client(name).get(f"/v1/models?type={wanted}").json
    assert (found["success"], found["object"], found["data"]) == (True, "list", [])


def test_the_profile_says_which_models_are_listed_when_no_type_is_named() -> None:
    assert client("reference").get("/v1/models").json["data"] == []
    images = client(with_switches("reference", default_model_type="image"))
    assert len(images.get("/v1/models").json["data"]) == len(profile("reference").models)


def test_of_a_type_named_twice_the_last_counts() -> None:
    assert client().get("/v1/models?type=text&type=image").json["data"] != []
