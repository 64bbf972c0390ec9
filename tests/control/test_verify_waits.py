"""Waiting for a verification: until it has passed, is lost, or the time is over."""

import asyncio

import pytest

from mock_server.edge.control import verify
from tests.control.verify_caller import ENDED, ONE_SUBMIT, QUIET, VERIFY, Caller, Json, playing

WISH = b'{"check":"count","operation":"status"}'
SCOPE: Json = {
    "type": "http",
    "method": "POST",
    "scheme": "http",
    "path": VERIFY,
    "raw_path": VERIFY.encode(),
    "root_path": "",
    "query_string": b"",
    "headers": [(b"host", b"127.0.0.1"), (b"content-type", b"application/json")],
    "client": ("127.0.0.1", 50_000),
    "server": ("127.0.0.1", 80),
}


def test_a_wait_ends_as_soon_as_the_calls_have_come() -> None:
    async def story(one: Caller) -> None:
        waiting = asyncio.create_task(one.verified(ENDED, within=300))
        await one.until_waiting()
        task = await one.submit()
        await one.poll(task)
        one.clock.advance(60)
        await one.poll(task)
        assert (await waiting)["verdict"] == "passed"
        assert not one.listeners

    playing(story)


def test_a_wait_ends_as_soon_as_the_sessions_clock_says_so() -> None:
    async def story(one: Caller) -> None:
        task = await one.submit()
        one.clock.advance(60)
        await one.poll(task)
        assert (await one.verified(QUIET))["verdict"] == "inconclusive"
        waiting = asyncio.create_task(one.verified(QUIET, within=300))
        await one.until_waiting()
        one.clock.advance(10)
        assert (await waiting)["verdict"] == "passed"

    playing(story)


def test_a_wait_ends_at_once_when_all_is_lost() -> None:
    async def story(one: Caller) -> None:
        await one.submit()
        await one.submit()
        answer = await one.verified({"check": "submit-once"}, ENDED, within=300)
        assert answer["verdict"] == "failed"

    playing(story)


def test_a_wait_for_what_never_comes_ends_with_what_there_is() -> None:
    async def story(one: Caller) -> None:
        answer = await one.verified(ENDED, within=0.01)
        assert answer["verdict"] == "failed"
        assert answer["looked_at"] == 0

    playing(story)


def test_calls_of_other_sessions_are_none_of_its_business() -> None:
    async def story(one: Caller) -> None:
        made = await one.client.post("/_mock/sessions", json={"name": "other"})
        assert made.status_code == 201
        waiting = asyncio.create_task(one.verified(ONE_SUBMIT, within=300))
        await one.until_waiting()
        key = made.json()["api_key"]
        await one.submit(authorization=f"Bearer {key}")
        assert not waiting.done()
        await one.submit()
        assert (await waiting)["looked_at"] == 1

    playing(story)


def test_a_reset_session_begins_anew_while_someone_waits() -> None:
    async def story(one: Caller) -> None:
        await one.submit()
        two = {"check": "count", "operation": "submit", "equals": 2}
        waiting = asyncio.create_task(one.verified(two, within=300))
        await one.until_waiting()
        await one.client.post("/_mock/sessions/default/reset")
        await one.submit()
        assert not waiting.done()
        await one.submit("a dog")
        assert (await waiting)["looked_at"] == 2

    playing(story)


def test_a_session_that_goes_away_ends_the_wait() -> None:
    async def story(one: Caller) -> None:
        await one.client.post("/_mock/sessions", json={"name": "other"})
        wish = {"expectations": [ENDED], "within": 300}
        url = "/_mock/sessions/other/verify"
        waiting = asyncio.create_task(one.client.post(url, json=wish))
        await one.until_waiting()
        await one.client.delete("/_mock/sessions/other")
        reply = await waiting
        assert reply.status_code == 404
        assert "no session 'other'" in reply.json()["error"]["message"]

    playing(story)


def test_only_so_many_may_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verify, "MOST_WAITING", 1)

    async def story(one: Caller) -> None:
        waiting = asyncio.create_task(one.verified(ENDED, within=300))
        await one.until_waiting()
        refused = await one.ask(ENDED, within=300)
        assert refused.status_code == 409
        assert (await one.ask(ENDED)).status_code == 200
        task = await one.submit()
        one.clock.advance(60)
        await one.poll(task)
        assert (await waiting)["verdict"] == "passed"

    playing(story)


def test_who_hangs_up_is_waited_for_no_longer() -> None:
    async def story(one: Caller) -> None:
        sent = [{"type": "http.request", "body": b'{"expectations":[%s],"within":300}' % WISH}]

        async def receive() -> Json:
            return sent.pop() if sent else {"type": "http.disconnect"}

        replies: list[Json] = []

        async def send(message: Json) -> None:
            replies.append(message)

        await one.app(SCOPE, receive, send)
        assert replies[0]["status"] == 200
        assert not one.listeners

    playing(story)
