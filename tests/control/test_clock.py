"""The clock of a session over the control plane."""

import threading

import pytest

from mock_server.control import Control, ControlError, Session
from tests.conftest import PATIENCE_SECONDS
from tests.control.callers import Answer, accepted, status, submit, until


def test_a_frozen_clock_stands_still_and_is_moved_by_hand(session: Session) -> None:
    start = session.clock.facts()
    assert (start.frozen, start.speed) == (True, 0)
    assert session.clock.now == start.now
    assert session.clock.advance(2.5).now == start.now + 2.5
    assert session.clock.set(start.now + 60).now == start.now + 60


def test_a_task_follows_the_clock(session: Session) -> None:
    task = accepted(session)
    assert status(session, task).value["status"] == "queued"
    session.clock.advance(1)
    assert status(session, task).value["status"] == "running"
    session.clock.advance(60)
    assert status(session, task).value["status"] == "succeeded"


def test_a_running_clock_is_frozen_and_runs_again(control: Control) -> None:
    with control.create(speed=5) as session:
        assert not session.clock.facts().frozen
        stopped = session.clock.freeze()
        assert stopped.frozen
        assert session.clock.now == stopped.now
        assert session.clock.run(20).speed == 20
        assert session.clock.run(0).frozen


def test_a_reply_that_waits_on_a_frozen_clock_comes_when_it_is_moved(session: Session) -> None:
    session.faults.add(submit="delay(30)")
    answers: list[Answer] = []
    caller = threading.Thread(target=lambda: answers.append(submit(session)))
    caller.start()
    # The call is in the journal as soon as it begins to wait.
    until(lambda: bool(list(session.journal)))
    assert answers == []
    session.clock.advance(30)
    caller.join(PATIENCE_SECONDS)
    assert [answer.status for answer in answers] == [200]


def test_a_reply_that_waits_on_a_frozen_clock_comes_when_its_session_is_deleted(
    control: Control,
) -> None:
    session = control.create(frozen=True)
    session.faults.add(submit="delay(0.01)")
    answers: list[Answer] = []
    caller = threading.Thread(target=lambda: answers.append(submit(session)))
    caller.start()
    until(lambda: bool(list(session.journal)))
    session.delete()
    caller.join(PATIENCE_SECONDS)
    assert [answer.status for answer in answers] == [200]


@pytest.mark.parametrize(
    ("action", "value", "status", "path"),
    [
        ("advance", -1, 400, "$.seconds"),
        ("advance", 315_360_001, 400, "$.seconds"),
        ("advance", "1", 400, "$.seconds"),
        ("set", 0, 409, "$.time"),
        ("set", 32_503_680_000, 400, "$.time"),
        ("set", 32_503_679_999, 409, "$.time"),
        ("run", -1, 400, "$.speed"),
        ("run", 1_000_001, 400, "$.speed"),
    ],
)
def test_an_impossible_time_is_refused_and_changes_nothing(
    session: Session, action: str, value: float, status: int, path: str
) -> None:
    before = session.clock.facts()
    with pytest.raises(ControlError) as refused:
        getattr(session.clock, action)(value)
    assert (refused.value.status, refused.value.path) == (status, path)
    assert session.clock.facts() == before


def test_no_clock_is_moved_beyond_what_a_date_can_tell(session: Session) -> None:
    def jump_on() -> None:
        for _ in range(200):
            session.clock.advance(315_360_000)

    with pytest.raises(ControlError) as refused:
        jump_on()
    assert refused.value.status == 409
    assert submit(session).status == 200
    assert session.journal.har()["log"]["entries"][0]["startedDateTime"].startswith("29")


def test_sessions_have_clocks_of_their_own(control: Control, session: Session) -> None:
    with control.create(frozen=True) as other:
        before = other.clock.now
        session.clock.advance(1000)
        assert other.clock.now == before
