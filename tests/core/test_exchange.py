"""Exchanges: what an entry of the journal says, as a value that rules and checks can read."""

import inspect
import json
import sys
from dataclasses import FrozenInstanceError
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.core.exchange import NO_JSON, Exchange
from mock_server.core.journal import CONTENT_BYTES
from mock_server.core.keys import Keyring
from mock_server.core.lifecycle import Phase, Stage
from tests.core.engine_runs import BASE, KEY, NOW, SUBMIT, Run, profile, run
from tests.core.verification_samples import submit

OTHER_KEY = "sk-test9876543210abcdefghijklmnopqrstuvwxyz9876543210"


def last(told: Run) -> Exchange:
    return told.trace().exchanges[-1]


# What an entry of the journal says


def test_a_run_is_told_call_by_call() -> None:
    told = run().submit(0).poll(5).delivered(5.5).poll(15)
    found = told.trace()
    assert [one.number for one in found.exchanges] == [1, 2, 3]
    assert [one.started - NOW for one in found.exchanges] == [0, 5, 15]
    assert [one.operation for one in found.exchanges] == ["submit", "status", "status"]
    phases = [one.phase for one in found.exchanges]
    assert phases == [Phase.QUEUED, Phase.RUNNING, Phase.SUCCEEDED]
    assert [one.says_end for one in found.exchanges] == [False, False, True]
    assert {one.task for one in found.exchanges} == {told.tasks[0]}
    assert [one.created for one in found.exchanges] == [True, False, False]
    assert [one.ended for one in found.exchanges] == [None, NOW + 5.5, None]
    assert found.polling == profile("guide").polling
    assert found.backoff == profile("guide").backoff
    assert found.outcome is None


def test_an_exchange_has_request_and_reply() -> None:
    told = run().submit(0, "a dog", headers=((b"user-agent", b"me"),))
    one = last(told)
    assert (one.method, one.path, one.query, one.base) == ("POST", SUBMIT, "", BASE)
    assert one.json == {"model": "gpt-4o-image", "prompt": "a dog"}
    assert one.reply_json == json.loads(one.content)
    assert one.status == one.heard_status == 200
    assert (b"content-type", b"application/json") in one.reply_headers
    assert (b"user-agent", b"me") in one.headers
    assert one.replied == one.completed == NOW


def test_an_exchange_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        last(run().submit(0)).number = 7  # type: ignore[misc]


def test_no_key_is_in_a_trace() -> None:
    told = run().submit(0, f"a cat, {KEY}").call(1, "GET", f"/v1/{KEY}", query=f"key={KEY}")
    assert KEY not in repr(told.trace())
    assert "sk-...6789" in repr(told.trace())


def test_a_key_in_a_reply_is_masked_even_if_it_does_not_look_like_one() -> None:
    odd = "a key of an unusual form"
    told = run(keyring=Keyring({odd: "valid"})).submit(0).call(1, "GET", "/v1/" + odd, key=odd)
    assert odd not in repr(told.trace())


def test_keys_are_told_apart_without_being_told() -> None:
    told = run().submit(0).submit(1).submit(2, key=OTHER_KEY).submit(3, key=None)
    first, again, other, none = (one.key for one in told.trace().exchanges)
    assert first == again
    assert len({first, other, none}) == 3
    assert none == ""


# What faults do to it


@pytest.mark.parametrize("fault", ["429", "reset", "html"])
def test_a_fault_before_the_work_leaves_the_task_that_was_asked_for(fault: str) -> None:
    told = run().submit(0).poll(20, fault=fault)
    one = last(told)
    assert (one.task, one.phase, one.moment) == (told.tasks[0], None, "before")
    assert one.fault == fault
    assert not one.says_end


@pytest.mark.parametrize(
    "fault", ["lost_reply", "cut", "fields(drop=status)", "fields(drop=id)", "stall"]
)
def test_an_end_that_a_fault_hides_is_not_told(fault: str) -> None:
    one = last(run().submit(0).poll(20, fault=fault))
    assert one.phase is Phase.SUCCEEDED
    assert not one.told
    assert not one.says_end


@pytest.mark.parametrize("fault", ["delay(3)", "gzip", "drip", "fields(drop=progress)"])
def test_an_end_that_a_fault_does_not_hide_is_told(fault: str) -> None:
    one = last(run().submit(0).poll(20, fault=fault))
    assert one.says_end
    assert one.fault is not None


def test_an_end_in_a_word_that_nobody_documented_is_not_told() -> None:
    told = run("guide", Stage(Phase.QUEUED), Stage(Phase.SUCCEEDED, 100, seconds=1, word="gone"))
    assert not last(told.submit(0).poll(5)).says_end


@pytest.mark.parametrize(("fault", "is_told"), [("lost_reply", False), ("delay(1)", True)])
def test_a_task_that_was_made_is_told_or_not(fault: str, is_told: bool) -> None:
    one = last(run().submit(0, fault=fault))
    assert one.created
    assert one.task is not None
    assert one.told is is_told


def test_waits_before_the_head_and_after_it_are_told_apart() -> None:
    held = last(run().submit(0).poll(20, fault="delay(3)"))
    assert (held.replied, held.completed) == (NOW + 23, NOW + 23)
    dripping = last(run().submit(0).poll(20, fault="drip"))
    assert dripping.replied == NOW + 20
    assert dripping.completed > NOW + 20


def test_a_caller_that_leaves_before_the_head_hears_nothing() -> None:
    one = last(run().submit(0, fault="delay(30)").delivered(4, aborted=True))
    assert (one.status, one.heard_status) == (200, None)
    assert one.replied == one.completed == NOW + 4
    assert not one.told


def test_a_caller_that_leaves_after_the_head_has_heard_the_status() -> None:
    one = last(run().submit(0).poll(20, fault="drip").delivered(21, aborted=True))
    assert one.heard_status == 200
    assert not one.told


def test_content_is_without_its_coding() -> None:
    one = last(run().submit(0).poll(20, fault="gzip"))
    assert (b"content-encoding", b"gzip") in one.reply_headers
    assert isinstance(one.reply_json, dict)
    assert one.reply_json["status"] == "succeeded"


# What is not about a task, or long


def test_a_long_body_is_cut_and_is_no_json_any_more() -> None:
    told = run().submit(0, "x" * CONTENT_BYTES).submit(1, "x" * CONTENT_BYTES + "y")
    one, other = told.trace().exchanges
    assert one.body_cut
    assert len(one.body) == CONTENT_BYTES
    assert one.json is NO_JSON
    assert repr(one.json) == "nothing"
    assert one.call != other.call
    assert not last(run().submit(0)).body_cut


@pytest.mark.parametrize(("fault", "is_told"), [(None, True), ("cut", False)])
def test_a_long_reply_is_cut_and_told_only_if_nothing_struck(
    fault: str | None, is_told: bool
) -> None:
    told = run().submit(0).poll(20)
    assert isinstance(last(told).reply_json, dict)
    url = urlsplit(last(told).reply_json["result"]["data"][0]["url"])  # type: ignore[index]
    path = url.path.removeprefix("/s/a")
    one = last(told.call(21, "GET", path, query=url.query, picture=b"p" * 99, fault=fault))
    assert (one.operation, one.task) == ("result", told.tasks[0])
    assert one.content_cut
    assert one.reply_json is NO_JSON
    assert one.told is is_told


def test_a_forged_result_url_is_about_no_task() -> None:
    told = run().submit(0).call(1, "GET", "/generated/1_00000000.png", query="task=t&image=0")
    assert (last(told).operation, last(told).task) == ("result", None)


def test_a_path_that_means_nothing_is_about_no_task() -> None:
    one = last(run().call(0, "GET", "/v1/nothing"))
    assert (one.operation, one.task, one.status) == ("nowhere", None, 404)


def test_an_upload_is_told_by_the_names_of_its_files() -> None:
    one = last(run("reference").upload(0))
    assert one.json == {"fields": [], "files": [["file", "a.png", 9]], "broken": None}
    assert one.call == ("upload", "/v1/uploads/images?")


def test_an_unknown_task_is_told_by_the_id_that_was_asked_for() -> None:
    one = last(run().call(0, "GET", f"{SUBMIT}/t%2F1"))
    assert (one.task, one.status) == ("t/1", 404)


# The caller's own ids


def own(told: Run, at: float, key: str = KEY) -> Run:
    body = {"model": "gpt-4o-image", "prompt": "a cat", "client_business_id": "mine"}
    return told.call(at, "POST", SUBMIT, json.dumps(body).encode(), key=key)


def test_the_callers_own_id_leads_to_the_task() -> None:
    told = own(run("reference"), 0).poll(5, "mine", fault="429").poll(10, "mine")
    assert [one.task for one in told.trace().exchanges] == told.tasks * 3


def test_an_own_id_of_two_owners_stays_what_it_is() -> None:
    told = own(own(run("reference"), 0), 1, OTHER_KEY).poll(5, "mine", fault="429")
    assert last(told).task == "mine"


def test_a_profile_without_own_ids_knows_none() -> None:
    assert last(own(run(), 0).poll(5, "mine")).task == "mine"


# Odd bodies


def nested(depth: int) -> bytes:
    return b"[" * depth + b"]" * depth


@pytest.mark.parametrize("body", [nested(500), nested(50_000), b"1" * 5_000, b"\xff", b"NaN"])
def test_no_body_is_too_odd_to_be_told_apart(body: bytes) -> None:
    one = submit(1, 0, body=body, digest=b"digest")
    assert one.call == submit(2, 1, body=body, digest=b"digest").call
    assert one.call != submit(2, 1, body=b"{}", digest=b"other").call


def test_a_deep_body_is_told_apart_by_its_digest_where_there_is_no_room_for_more() -> None:
    one = submit(1, 0, body=nested(400), digest=b"digest")
    assert one.json is not NO_JSON

    def deeper(frames: int) -> tuple[str, str]:
        return one.call if frames == 0 else deeper(frames - 1)

    assert deeper(sys.getrecursionlimit() - len(inspect.stack()) - 200) == (
        "submit",
        b"digest".hex(),
    )


@given(
    body=st.binary(max_size=60) | st.text(max_size=20).map(str.encode),
    path=st.text(st.characters(codec="latin-1"), max_size=20),
    query=st.text(st.characters(codec="latin-1"), max_size=20),
    method=st.sampled_from(["GET", "POST", "OPTIONS", "BREW"]),
)
def test_every_call_can_be_told(body: bytes, path: str, query: str, method: str) -> None:
    one = last(run().call(0, method, f"/{path}", body, query=query))
    assert repr(one)
    assert one.call[0] == one.operation
    assert one.json is NO_JSON or one.body
