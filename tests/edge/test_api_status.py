"""The life of a task as its caller sees it: words, progress, the end, and whose it is."""

from typing import Any

import pytest

from mock_server import create_app
from mock_server.edge.mock import DEFAULT_KEY
from tests.edge.callers import SUBMIT, Caller, bearer, caller

OTHER = "sk-another-user-of-the-same-service-0123456789abcdef"
WORDS = {
    "guide": ("queued", ["queued", "running", "succeeded"]),
    "reference": ("queued", ["queued", "in_progress", "completed"]),
    "live": ("pending", ["queued", "in_progress", "completed"]),
}


def course(one: Caller, task: str, seconds: float = 0.5) -> list[dict[str, Any]]:
    """What a caller reads who polls every so many seconds up to the end."""
    read = [one.status(task)]
    while "result" not in read[-1] and "error" not in read[-1]:
        one.clock.advance(seconds)
        read.append(one.status(task))
    return read


@pytest.mark.parametrize("profile", WORDS)
def test_a_task_goes_through_the_words_of_its_profile(profile: str) -> None:
    accepted, later = WORDS[profile]
    with caller(profile) as one:
        task = one.submit()
        words = [status["status"] for status in course(one, task["id"])]
    assert task["status"] == accepted
    assert list(dict.fromkeys(words)) == later


def test_progress_rises_from_0_to_100_and_only_the_end_carries_results(guide: Caller) -> None:
    read = course(guide, guide.submit()["id"])
    progress = [status["progress"] for status in read]
    assert (progress[0], progress[-1]) == (0, 100)
    assert progress == sorted(progress)
    assert len(set(progress)) >= 4
    assert [("result" in status) for status in read[:-1]] == [False] * (len(read) - 1)


def test_the_usual_story_is_about_four_seconds_long(guide: Caller) -> None:
    task = guide.submit()["id"]
    guide.clock.advance(3.9)
    assert guide.status(task)["status"] == "running"
    guide.clock.advance(0.2)
    assert guide.status(task)["status"] == "succeeded"


def test_reading_a_status_does_not_move_a_task(guide: Caller) -> None:
    task = guide.submit()["id"]
    assert {guide.status(task)["progress"] for _ in range(50)} == {0}


def test_a_finished_task_stays_as_it_is(guide: Caller) -> None:
    first = guide.finished(n=2)
    guide.clock.advance(1000)
    assert guide.status(first["id"]) == first


@pytest.mark.parametrize("n", [1, 2, 4])
def test_a_finished_task_tells_of_its_images_and_when_they_expire(guide: Caller, n: int) -> None:
    task = guide.submit(n=n)
    guide.clock.advance(100)
    status = guide.status(task["id"])
    assert [list(item) for item in status["result"]["data"]] == [["url"]] * n
    assert status["result"]["type"] == "image"
    assert status["completed_at"] == int(task["created_at"] + 4)
    assert status["expires_at"] == status["completed_at"] + 86_400
    assert len({item["url"] for item in status["result"]["data"]}) == n


def test_a_failed_task_is_answered_with_200_and_an_error() -> None:
    with caller(scenario="lifecycle/fails-late") as one:
        task = one.submit()["id"]
        last = course(one, task)[-1]
        reply = one.get(f"{SUBMIT}/{task}")
    assert (reply.status_code, last["status"], last["progress"]) == (200, "failed", 0)
    assert set(last["error"]) == {"code", "message"}
    assert "result" not in last


@pytest.mark.parametrize("speed", [2.0, 50.0])
def test_the_clock_runs_at_the_speed_asked_for(speed: float) -> None:
    assert create_app(speed=speed).mock.sessions.default.clock.speed == speed


def test_an_unknown_task_is_not_found(guide: Caller) -> None:
    guide.submit()
    reply = guide.get(f"{SUBMIT}/task_img_nowhere")
    assert reply.status_code == 404
    assert reply.json()["error"]["message"] == "Task not found"


def test_the_task_of_another_user_is_not_found() -> None:
    with caller(api_keys=(DEFAULT_KEY, OTHER)) as one:
        task = one.submit()["id"]
        replies = [one.get(f"{SUBMIT}/{task}", headers=bearer(key)) for key in (DEFAULT_KEY, OTHER)]
    assert [reply.status_code for reply in replies] == [200, 404]


def test_a_task_is_found_by_the_id_of_its_client() -> None:
    with caller("reference") as one:
        task = one.submit(client_business_id="order/7 ü")
        found = one.get(f"{SUBMIT}/order%2F7%20%C3%BC").json()
    assert (found["id"], found["client_business_id"]) == (task["id"], "order/7 ü")


def test_the_id_of_a_client_counts_in_metadata_too() -> None:
    with caller("reference") as one:
        task = one.submit(metadata={"client_business_id": "order-8"})
        assert one.status("order-8")["id"] == task["id"]


def test_two_users_may_use_the_same_id_of_their_own() -> None:
    with caller("reference", api_keys=(DEFAULT_KEY, OTHER)) as one:
        mine = one.submit(client_business_id="order-9")["id"]
        assert one.get(f"{SUBMIT}/order-9", headers=bearer(OTHER)).status_code == 404
        assert one.status("order-9")["id"] == mine


def test_the_guide_knows_no_ids_of_clients(guide: Caller) -> None:
    guide.submit(client_business_id="order-1")
    assert guide.get(f"{SUBMIT}/order-1").status_code == 404


@pytest.mark.parametrize("task", ["%00", "%FF%FE", "..%2F..", "a" * 5000, "%", "%zz", "ä"])
def test_an_odd_id_is_not_found(guide: Caller, task: str) -> None:
    assert guide.get(f"{SUBMIT}/{task}").status_code == 404


def test_head_tells_the_length_of_a_status_without_it(guide: Caller) -> None:
    task = guide.submit()["id"]
    whole = guide.get(f"{SUBMIT}/{task}")
    head = guide.call("HEAD", f"{SUBMIT}/{task}")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == str(len(whole.content))


def test_two_mocks_tell_the_same_story(guide: Caller) -> None:
    with caller() as other:
        other.clock.set(max(guide.clock.now(), other.clock.now()) + 1)
        guide.clock.set(other.clock.now())
        told = [[one.submit(n=2), *course(one, one.submit()["id"])] for one in (guide, other)]
    assert told[0] == told[1]


def test_every_reply_carries_the_date_of_the_clock_that_governs_it(guide: Caller) -> None:
    guide.clock.set(1_900_000_000.0)
    assert guide.get("/v1/models").headers["date"] == "Sun, 17 Mar 2030 17:46:40 GMT"
