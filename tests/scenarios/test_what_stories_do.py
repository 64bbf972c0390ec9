"""The stories do what their titles promise, call by call."""

from itertools import pairwise

import pytest

from mock_server.core.explain import play
from mock_server.core.explain_client import Client, Row
from mock_server.loading.profiles import load_profile
from mock_server.loading.scenarios import load_scenario, profile_of


def played(story: str) -> Client:
    """The client after a story, told in its own profile or in the default one."""
    contract = load_profile(profile_of(story) or "guide")
    return play(load_scenario(story, contract), contract)


def rows(story: str, call: str) -> list[Row]:
    """What a story answers to the calls of one operation."""
    return [row for row in played(story).rows if row.call == call]


def answers(story: str, call: str) -> list[str]:
    return [row.answered for row in rows(story, call)]


def gaps(story: str, call: str) -> list[float]:
    """Seconds between the calls of one operation."""
    times = [row.seconds for row in rows(story, call)]
    return [after - before for before, after in pairwise(times)]


@pytest.mark.parametrize(
    "story",
    [
        "faults/lost-reply",
        "faults/lost-reply-timeout",
        "faults/lost-reply-gateway",
        "faults/submit-reply-cut",
        "faults/submit-without-id",
    ],
)
def test_an_order_whose_reply_is_lost_was_created_and_paid_for(story: str) -> None:
    world = played(story).world
    (task,) = world.tasks.values()
    lines = list(world.ledger.items_of(task, task.created))
    assert [line.kind for line in lines] == ["charge"]


@pytest.mark.parametrize(
    "story",
    [
        "faults/submit-not-read",
        "faults/limiter-outage",
        "faults/busy-then-ok",
        "faults/submit-server-error",
    ],
)
def test_an_order_that_was_refused_or_not_read_creates_nothing(story: str) -> None:
    client = played(story)
    first, *_, last = [row for row in client.rows if row.call == "submit"]
    assert first.task is None
    assert last.task == 1
    assert len(client.world.tasks) == 1


def test_three_refusals_are_followed_by_one_two_and_four_seconds() -> None:
    assert gaps("faults/busy-then-ok", "submit") == [1.0, 2.0, 4.0]


@pytest.mark.parametrize("story", ["faults/retry-after-seconds", "faults/retry-after-date"])
def test_the_server_is_obeyed_when_it_asks_for_seven_seconds(story: str) -> None:
    assert gaps(story, "submit") == [7.0]


def test_only_the_first_wait_of_two_is_the_server_s() -> None:
    assert gaps("faults/retry-after-once", "submit") == [7.0, 2.0]


@pytest.mark.parametrize("story", ["faults/bad-request-though-valid", "faults/key-refused"])
def test_a_refusal_is_final(story: str) -> None:
    assert len(played(story).rows) == 1


def test_the_guide_s_bad_request_names_the_field() -> None:
    assert answers("faults/bad-request-though-valid", "submit") == ["400 invalid_request_error"]


def test_the_key_stops_working_after_the_first_poll() -> None:
    first, second = answers("faults/key-revoked-while-polling", "status")
    assert first.startswith("200 ")
    assert second == "401 authentication_error"


def test_only_status_reads_are_refused_in_busy_polls() -> None:
    assert answers("faults/busy-polls", "submit") == ["200 queued, 0 %"]
    assert answers("faults/busy-polls", "status")[:3] == ["429 rate_limit_exceeded"] * 3


def test_an_expired_result_is_refused() -> None:
    assert answers("lifecycle/expired-result", "result") == ["403 access_denied"]


def test_two_of_four_images_arrive() -> None:
    client = played("lifecycle/partial-result")
    (task,) = client.world.tasks.values()
    assert task.order.images == 4
    assert len([row for row in client.rows if row.call == "result"]) == 2


def test_a_success_without_images_has_none() -> None:
    assert answers("lifecycle/no-results", "result") == []


def test_a_lost_task_is_known_first_and_unknown_then() -> None:
    told = answers("lifecycle/lost-task", "status")
    assert told[0].startswith("200 ")
    assert told[-1].startswith("404 ")


def test_progress_falls_in_a_flapping_task() -> None:
    told = answers("lifecycle/flapping-progress", "status")
    assert told.index("200 running, 60 %") < told.index("200 running, 10 %")


def test_the_undocumented_words_are_answered() -> None:
    assert "200 moderating, 20 %" in answers("lifecycle/unknown-status", "status")
    assert answers("lifecycle/unknown-end", "status")[-1] == "200 cancelled: cancelled"


def test_the_stuck_task_is_still_running_at_the_deadline() -> None:
    assert answers("lifecycle/stuck", "status")[-1] == "200 running, 40 %"


def test_tasks_end_in_the_opposite_order() -> None:
    fetched = [row.task for row in rows("lifecycle/out-of-order", "result")]
    assert fetched == [3, 2, 1]


def test_the_first_task_fails_and_the_second_succeeds() -> None:
    told = {row.task: row.answered for row in rows("lifecycle/first-fails-then-succeeds", "status")}
    assert told == {1: "200 failed, 30 %", 2: "200 succeeded, 100 %"}


def test_the_wrong_endpoint_charges_tokens() -> None:
    client = played("lifecycle/wrong-endpoint")
    assert [row.answered for row in client.rows if row.call == "text"] == ["500 invalid_api_type"]
    assert [item.kind for item in client.world.ledger.tokens] == ["tokens"]


def test_a_redirect_leads_to_another_host_for_every_kind_of_call() -> None:
    story = "faults/redirect-elsewhere"
    for call in ("submit", "status", "result"):
        assert "Location: http://localhost/" in answers(story, call)[0]


def test_a_redirect_leads_back_to_the_api() -> None:
    for call in ("submit", "status"):
        assert "Location: http://mock.example/" in answers("faults/redirect-same-host", call)[0]


def test_a_refused_upload_says_why_without_a_code() -> None:
    assert answers("faults/upload-refused", "upload")[0].startswith('400 {"success":false')


def test_the_balance_fails_with_status_200() -> None:
    assert answers("faults/balance-error-in-200", "balance")[0].startswith('200 {"success":false')


def test_an_account_without_credit_gets_no_task() -> None:
    assert answers("limits/out-of-credit", "submit") == ["402 insufficient_quota"]


def test_of_two_keys_one_is_refused() -> None:
    told = answers("limits/one-key-of-two-revoked", "submit")
    assert told == ["401 authentication_error", "200 queued, 0 %"]


def test_the_documented_burst_is_fifty_orders() -> None:
    at_once = [row for row in rows("limits/documented", "submit") if row.seconds == 0]
    assert [row.answered[:3] for row in at_once] == ["200"] * 50 + ["429"]


def test_the_third_task_waits_for_one_of_the_first_two() -> None:
    *_, last = [row for row in rows("limits/two-at-a-time", "submit") if row.task == 3]
    assert last.seconds >= 10.0


def test_the_third_image_of_the_day_has_to_wait_for_tomorrow() -> None:
    refused = answers("limits/daily-credits", "submit")[2]
    assert int(refused.partition("Retry-After: ")[2]) > 3_600
