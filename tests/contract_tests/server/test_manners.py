"""A server that is not ours is treated with care: its pace, its limits, its money."""

from typing import Any

import pytest

from contract_tests.examination import Examination, Overall
from contract_tests.finding import Verdict
from contract_tests.server import CheckError, check_server
from contract_tests.server.patience import Patience
from contract_tests.server.promises import Promises
from contract_tests.server.seen import Reply
from contract_tests.server.target import App, Message
from mock_server import create_app
from tests.contract_tests.server.serving import BY_READINGS, KEYS

LIMITED = Reply(429, (("retry-after", "7"),), b"")
FINE = Reply(200, (), b"{}")


class Time:
    """A clock that moves when somebody sleeps; ``slept`` are the naps."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


class Stranger:
    """The mock without its control plane: a server of which only the API is known."""

    def __init__(self, app: App) -> None:
        self._app = app
        self.calls: list[tuple[str, str]] = []

    async def __call__(self, scope: Message, receive: Any, send: Any) -> None:
        if scope["path"].startswith("/_mock"):
            await send({"type": "http.response.start", "status": 404, "headers": []})
            await send({"type": "http.response.body", "body": b""})
            return
        self.calls.append((scope["method"], scope["path"]))
        await self._app(scope, receive, send)


def checked(stranger: App, time: Time, **more: Any) -> Examination:
    """The verdict on a server whose time cannot be moved."""
    wishes = {"api_key": KEYS[0], "level": "quick", "clock": time.clock, "sleep": time.sleep}
    return check_server(stranger, **{**wishes, **more})


@pytest.fixture
def stranger() -> Stranger:
    return Stranger(create_app("guide", BY_READINGS, api_keys=KEYS))


def test_a_server_of_which_nothing_is_known_is_checked_with_the_key(stranger: Stranger) -> None:
    examination = checked(stranger, Time(), second_key=KEYS[1], max_submits=50)
    broken = [one.statement.id for one in examination.rulings if one.counterexample is not None]
    assert broken == []
    verdicts = {one.statement.id: one.verdict for one in examination.rulings}
    assert verdicts["foreign-task-hidden"] is Verdict.PASSED
    assert verdicts["result-is-the-image"] is Verdict.PASSED


def test_what_cannot_be_had_from_it_is_not_exercised_and_says_why(stranger: Stranger) -> None:
    examination = checked(stranger, Time())
    told = {
        one.statement.id: str(one.finding.seen)
        for one in examination.rulings
        if one.verdict is Verdict.NOT_EXERCISED and one.finding is not None
    }
    assert told["foreign-task-hidden"] == "no second key was given (--second-key)"
    assert told["results-expire"] == "results live too long to wait for their end"
    assert told["failure-is-told"] == "no task failed, and no mock can be told to fail one"
    assert told["retry-after-told"] == "no call was limited, and none is provoked on purpose"
    assert examination.overall is Overall.INCOMPLETE


def test_it_gets_20_submits_where_nothing_else_was_said(stranger: Stranger) -> None:
    examination = checked(stranger, Time())
    keyed = [call for call in stranger.calls if call == ("POST", "/v1/images/generations")]
    # Those without a valid key are not counted: there are three.
    assert len(keyed) <= 23
    assert any("no submit may be sent any more" in note for note in examination.notes)


def test_tasks_are_read_as_the_profile_advises(stranger: Stranger) -> None:
    time = Time()
    checked(stranger, time)
    polling = Promises.of("guide").contract.polling
    assert time.slept
    assert min(time.slept) >= polling.interval


@pytest.mark.parametrize(
    ("replies", "waits"),
    [
        ([FINE], []),
        ([LIMITED, FINE], [7.0]),
        ([Reply(429, (), b""), Reply(429, (), b""), FINE], [1.0, 2.0]),
        ([Reply(503, (), b""), LIMITED, FINE], [1.0, 7.0]),
        ([LIMITED] * 4, [7.0] * 3),
    ],
)
def test_a_call_that_was_limited_is_sent_again_after_the_time_that_was_asked_for(
    replies: list[Reply], waits: list[float]
) -> None:
    time, left = Time(), list(replies)
    reply = Patience(Promises.of("guide"), time.sleep).send(lambda: left.pop(0))
    assert (time.slept, left, reply) == (waits, [], replies[-1])


def test_no_reply_at_all_is_no_verdict() -> None:
    async def silent(scope: Message, receive: Any, send: Any) -> None:
        raise ConnectionError("gone")

    with pytest.raises(CheckError, match="no reply from the application: ConnectionError"):
        checked(silent, Time())
