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
from tests.contract_tests.server.defects.defect import Answer, Defect, Memory, Request
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


@pytest.mark.parametrize("number", ["\u00b2", "9" * 5_000, "-1", "1e3", ""])
def test_a_number_that_is_none_is_a_breach_and_no_crash(number: str) -> None:
    def spoil(request: Request, answer: Answer, memory: Memory) -> Answer:
        fields = ("retry-after", "x-ratelimit-limit", "x-ratelimit-remaining")
        for name in filter(answer.header, fields):
            answer = answer.having(name, number)
        return answer

    defect = Defect("odd-numbers", "numbers that are none", (), spoil)
    examination = check_server(defect.around(create_app()), level="quick")
    broken = {one.statement.id for one in examination.rulings if one.counterexample is not None}
    assert {"limit-fields-count", "retry-after-told"} <= broken


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
    ("reply", "attempt", "pause"),
    [
        (FINE, 0, None),
        (LIMITED, 0, 7.0),
        (LIMITED, 2, 7.0),
        (LIMITED, 3, None),
        (Reply(429, (), b""), 0, 1.0),
        (Reply(429, (), b""), 1, 2.0),
        (Reply(429, (("retry-after", "soon"),), b""), 2, 4.0),
        (Reply(429, (("retry-after", "86400"),), b""), 0, 300.0),
        (Reply(503, (("retry-after", "3"),), b""), 0, 3.0),
        (Reply(503, (), b""), 0, None),
        (Reply(500, (("retry-after", "3"),), b""), 0, None),
        (None, 0, None),
    ],
)
def test_what_was_limited_is_sent_again_after_the_time_that_was_asked_for(
    reply: Reply | None, attempt: int, pause: float | None
) -> None:
    assert Patience(Promises.of("guide")).pause(reply, attempt) == pause


def test_a_submit_that_was_limited_is_sent_again_and_counted_again() -> None:
    refused = [2]

    async def busy(scope: Message, receive: Any, send: Any) -> None:
        is_submit = (scope["method"], scope["path"]) == ("POST", "/v1/images/generations")
        if not is_submit or not refused[0]:
            await app(scope, receive, send)
            return
        refused[0] -= 1
        fields = [(b"retry-after", b"9"), (b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": 429, "headers": fields})
        await send({"type": "http.response.body", "body": b"{}"})

    app = Stranger(create_app("guide", BY_READINGS, api_keys=KEYS))
    time = Time()
    examination = checked(busy, time, max_submits=3)
    assert time.slept.count(9.0) == 2
    keyed = [call for call in app.calls if call == ("POST", "/v1/images/generations")]
    # One with the key, and three without a valid one.
    assert len(keyed) <= 1 + 3
    verdicts = {one.statement.id: one.verdict for one in examination.rulings}
    assert verdicts["retry-after-is-enough"] is Verdict.ADVICE


def test_no_reply_at_all_is_no_verdict() -> None:
    async def silent(scope: Message, receive: Any, send: Any) -> None:
        raise ConnectionError("gone")

    with pytest.raises(CheckError, match="no reply from the application: ConnectionError"):
        checked(silent, Time())
