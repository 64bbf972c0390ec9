"""Webhook events: when they are owed, what they say, how they are signed, and what faults do."""

import hmac
import json
from dataclasses import replace
from itertools import pairwise
from typing import Any

import jsonschema
import pytest

from mock_server.core.callback import origin_of
from mock_server.core.plan import Plan
from mock_server.core.scenario import Chance, Scenario
from mock_server.core.trace import trace_of
from mock_server.core.webhooks import Sending, begin, delivered, due
from mock_server.core.world import World
from mock_server.loading.faults import read_fault, read_faults
from tests.core.clients import AT_ONCE, BASE, FAILS, NOW, PROFILES, Client, client, profile

HOOK = "http://127.0.0.1:9000/hooks?team=1"
DAYS = 3 * 86_400.0


def hooked(name: str = "reference", webhook: str | None = HOOK, **story: Any) -> Client:
    """A caller whose key has a webhook; by default every task succeeds at once."""
    contract = profile(name)
    switches = replace(contract.switches, webhook_configured=True)
    scenario = Scenario(**{"timelines": (AT_ONCE,), **story})
    one = client(replace(contract, switches=switches), scenario)
    one.world.webhook = webhook
    return one


def planned(*faults: str) -> Plan:
    return Plan({"webhook": read_faults(list(faults), "$.faults.webhook")})


def attempt(world: World, now: float, status: int | None = 204) -> Sending:
    """The one attempt that is owed at ``now``, answered with this status."""
    (delivery,) = due(world, now)
    sending = begin(world, delivery, world.calls + 1, now)
    delivered(world, sending, now, status if sending.is_sent else None)
    return sending


def fields(sending: Sending) -> dict[str, str]:
    return {name.decode(): value.decode() for name, value in sending.headers}


def is_signed(sending: Sending, world: World) -> bool:
    """Whether the signature is what a receiver works out, as the vendor describes it."""
    got = fields(sending)
    text = f"{got['x-toapis-webhook-id']}.{got['x-toapis-webhook-timestamp']}.".encode()
    secret = str(world.contract.document["webhooks"]["secret"])  # type: ignore[index]
    expected = hmac.new(secret.encode(), text + sending.body, "sha256").hexdigest()
    return got["x-toapis-webhook-signature"] == f"v1={expected}"


def test_nothing_is_owed_where_no_webhook_is_configured() -> None:
    one = hooked(webhook=None)
    one.submitted()
    assert (one.world.owed, due(one.world, NOW + DAYS)) == ({}, [])


def test_an_event_is_owed_from_the_moment_at_which_the_task_ends() -> None:
    one = hooked(timelines=(FAILS,))
    task = one.submitted()
    assert due(one.world, NOW + 1.9) == []
    (delivery,) = due(one.world, NOW + 5)
    assert (delivery.task.id, delivery.at) == (task, NOW + 2)


@pytest.mark.parametrize("story", [AT_ONCE, FAILS])
def test_an_event_obeys_the_schema_of_the_vendor(story: Any) -> None:
    one = hooked(timelines=(story,))
    one.submitted(client_business_id="order_1")
    event = json.loads(attempt(one.world, NOW + 2).body)
    jsonschema.validate(event, one.world.contract.schemas["webhook.reply.json"])
    assert event["data"]["client_business_id"] == "order_1"


@pytest.mark.parametrize("name", PROFILES)
def test_a_success_carries_urls_that_lead_back_to_the_caller_s_session(name: str) -> None:
    one = hooked(name)
    task = one.submitted()
    data = json.loads(attempt(one.world, NOW).body)["data"]
    assert (data["task_id"], data["status"], data["error"]) == (task, "SUCCESS", None)
    url = data["result"]["data"][0]["url"]
    assert url.startswith(BASE)
    assert one.get(url.removeprefix(BASE)).status == 200


@pytest.mark.parametrize("name", PROFILES)
def test_a_failure_says_why(name: str) -> None:
    one = hooked(name, timelines=(FAILS,))
    one.submitted()
    data = json.loads(attempt(one.world, NOW + 2).body)["data"]
    code = next(iter(one.world.contract.task_errors))
    assert (data["status"], data["result"], data["error"]["code"]) == ("FAILURE", None, code)


def test_an_event_is_signed_as_the_vendor_describes_it() -> None:
    one = hooked()
    one.submitted()
    sending = attempt(one.world, NOW)
    assert is_signed(sending, one.world)
    assert fields(sending)["user-agent"] == "ToAPIs-Webhook/1.0"
    assert fields(sending)["x-toapis-webhook-timestamp"] == str(int(NOW))


@pytest.mark.parametrize("status", [200, 204, 299])
def test_an_event_that_was_taken_is_owed_no_more(status: int) -> None:
    one = hooked()
    one.submitted()
    attempt(one.world, NOW, status)
    assert due(one.world, NOW + DAYS) == []


@pytest.mark.parametrize("status", [None, 199, 301, 307, 404, 500])
def test_anything_but_2xx_is_followed_by_another_attempt_ten_seconds_later(
    status: int | None,
) -> None:
    one = hooked()
    one.submitted()
    attempt(one.world, NOW, status)
    assert due(one.world, NOW + 9.9) == []
    assert [delivery.at for delivery in due(one.world, NOW + 10)] == [NOW + 10]


def test_an_event_is_tried_eight_times_at_the_documented_distances() -> None:
    one = hooked()
    one.submitted()
    times = []
    while owed := due(one.world, NOW + DAYS):
        times.append(owed[0].at - NOW)
        delivered(one.world, begin(one.world, owed[0], 1, owed[0].at), owed[0].at, 500)
    gaps = [after - before for before, after in pairwise(times)]
    assert gaps == [10, 30, 120, 600, 3600, 21600, 86400]


def test_a_repeated_delivery_has_the_same_id_and_body_and_a_new_timestamp() -> None:
    one = hooked()
    one.submitted()
    first, second = attempt(one.world, NOW, 500), attempt(one.world, NOW + 10)
    assert first.body == second.body
    assert fields(first)["x-toapis-webhook-id"] == fields(second)["x-toapis-webhook-id"]
    assert fields(second)["x-toapis-webhook-timestamp"] == str(int(NOW) + 10)


def test_an_attempt_under_way_is_not_owed_twice() -> None:
    one = hooked()
    one.submitted()
    begin(one.world, due(one.world, NOW)[0], 1, NOW)
    assert due(one.world, NOW + DAYS) == []


def test_a_callback_replaces_path_and_query_of_the_webhook() -> None:
    one = hooked()
    one.submitted(callback_url="http://127.0.0.1:9000/other?x=1")
    one.submitted()
    urls = [begin(one.world, owed, 1, NOW).url for owed in due(one.world, NOW)]
    assert urls == ["http://127.0.0.1:9000/other?x=1", HOOK]


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1:9000/hooks",
        "http://127.0.0.1:9001/hooks",
        "http://127.0.0.1/hooks",
        "http://localhost:9000/hooks",
        "http://127.0.0.1:9000@example.com/hooks",
        "http://someone@127.0.0.1:9000/hooks",
        "http://127.0.0.1:99999/hooks",
    ],
)
def test_a_callback_to_another_origin_is_refused(url: str) -> None:
    one = hooked()
    seen = one.submit(callback_url=url)
    assert (seen.status, seen.error["code"]) == (400, "webhook_not_configured")
    assert one.world.tasks == {}


def test_equal_origins_are_equal_however_they_are_written() -> None:
    assert origin_of("HTTP://Example.COM/a") == origin_of("http://example.com:80?b")
    assert origin_of("https://[::1]/") == ("https", "::1", 443)
    assert origin_of("ftp://example.com/") is None


@pytest.mark.parametrize("fault", ["reset", "close", "500", "redirect", "html"])
def test_a_fault_before_the_work_keeps_the_event_from_being_sent(fault: str) -> None:
    one = hooked(plan=planned(fault))
    one.submitted()
    assert not attempt(one.world, NOW).is_sent
    assert one.world.plan.unspent == ()
    assert attempt(one.world, NOW + 10).is_heard


@pytest.mark.parametrize("fault", ["lost_reply", "reset(moment=after)", "stall", "cut"])
def test_a_fault_after_the_work_makes_the_event_come_twice(fault: str) -> None:
    one = hooked(plan=planned(fault))
    one.submitted()
    first = attempt(one.world, NOW)
    second = attempt(one.world, NOW + 10)
    assert (first.is_sent, first.is_heard, second.is_heard) == (True, False, True)
    assert first.body == second.body


def test_a_delayed_event_is_sent_late_with_its_old_timestamp() -> None:
    one = hooked(plan=planned("delay(400)"))
    one.submitted()
    sending = attempt(one.world, NOW)
    assert (sending.wait, sending.is_sent, is_signed(sending, one.world)) == (400, True, True)


@pytest.mark.parametrize("fault", ["body(truncated)", "fields(drop=[data.result])", "gzip"])
def test_a_changed_event_is_signed_as_it_is_sent(fault: str) -> None:
    one = hooked(plan=planned(fault, "pass"))
    one.submitted()
    sending = attempt(one.world, NOW, 500)
    again = attempt(one.world, NOW + 10)
    assert sending.body != again.body
    assert is_signed(sending, one.world)


def test_a_signature_can_be_spoiled() -> None:
    one = hooked(plan=planned('headers(set={"x-toapis-webhook-signature": "v1=00"})'))
    one.submitted()
    assert fields(attempt(one.world, NOW))["x-toapis-webhook-signature"] == "v1=00"


def test_faults_for_any_call_leave_events_alone() -> None:
    one = hooked()
    one.submitted()
    one.world.plan = Plan({"any": read_faults(["500"], "$")})
    assert attempt(one.world, NOW).is_heard
    assert one.world.plan.unspent == ("any: 500",)


def test_chances_strike_events() -> None:
    one = hooked(chaos={"webhook": (Chance(read_fault("reset"), 1.0),)})
    one.submitted()
    assert not attempt(one.world, NOW).is_sent
    assert list(one.world.fired) == ["webhook: reset"]


def test_every_attempt_is_in_the_journal_and_none_in_the_trace_of_the_client() -> None:
    one = hooked(plan=planned("reset"))
    task = one.submitted()
    attempt(one.world, NOW)
    attempt(one.world, NOW + 10, 204)
    _, lost, taken = one.world.journal
    assert [lost.operation, lost.fault, lost.status] == ["webhook", "reset", None]
    assert (taken.task, taken.status, taken.path, taken.query) == (task, 204, "/hooks", "team=1")
    assert (taken.phase, json.loads(taken.body)["data"]["task_id"]) == ("succeeded", task)
    assert [one.operation for one in trace_of(one.world).exchanges] == ["submit"]


def test_a_task_that_is_forgotten_owes_nothing() -> None:
    one = hooked()
    task = one.world.tasks[one.submitted()]
    sending = begin(one.world, due(one.world, NOW)[0], 1, NOW)
    one.world.forget_task(task, NOW)
    delivered(one.world, sending, NOW, 500)
    assert due(one.world, NOW + DAYS) == []
