"""Following a session: server-sent events as calls are answered."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection
from queue import Queue

import pytest

from mock_server.control import Control, ControlError, Entry, Event, Session
from mock_server.edge.control import streams as streams_module
from mock_server.edge.control.streams import Stream, Streams
from mock_server.edge.runner import Running
from tests.conftest import PATIENCE_SECONDS
from tests.control.callers import submit, until


@contextmanager
def following(
    mock: Running, session: Session, since: int | None = None
) -> Iterator[Callable[[], Event[Entry]]]:
    """What gives the next event of a session, once the server has begun to tell of them."""
    events: Queue[Event[Entry]] = Queue()
    until(lambda: streams(mock) == 0)
    stream = session.journal.follow(since)

    def follow() -> None:
        for event in stream:
            events.put(event)

    thread = threading.Thread(target=follow, daemon=True)
    thread.start()
    until(lambda: streams(mock) == 1)
    yield lambda: events.get(timeout=PATIENCE_SECONDS)
    if thread.is_alive():
        with suppress(ControlError):
            # A test may have ended the session itself.
            session.delete()
    thread.join(PATIENCE_SECONDS)
    assert not thread.is_alive()


def streams(mock: Running) -> int:
    """How many callers follow a session of that mock."""
    with Control(mock.url) as control:
        lines = control.metrics().splitlines()
    return int(float(next(one for one in lines if one.startswith("safelight_streams ")).split()[1]))


def number(event: Event[Entry]) -> int:
    assert event.entry is not None
    return event.entry.number


def test_calls_are_told_as_they_are_answered(mock: Running, session: Session) -> None:
    submit(session)
    with following(mock, session) as next_event:
        submit(session)
        session.faults.add(submit="429")
        submit(session)
        events = [next_event(), next_event()]
        assert [(event.name, number(event)) for event in events] == [("call", 2), ("call", 3)]
        assert events[1].entry == session.journal.call(3)


def test_earlier_calls_come_first_when_asked_for(mock: Running, session: Session) -> None:
    for _ in range(3):
        submit(session)
    with following(mock, session, since=1) as next_event:
        submit(session)
        assert [number(next_event()) for _ in range(3)] == [2, 3, 4]


def test_a_follower_goes_on_after_the_last_event_that_it_has_seen(
    mock: Running, session: Session
) -> None:
    for _ in range(2):
        submit(session)
    connection = HTTPConnection(mock.url.removeprefix("http://"), timeout=PATIENCE_SECONDS)
    path = f"/_mock/sessions/{session.name}/journal/stream"
    connection.request("GET", path, headers={"last-event-id": "1"})
    reply = connection.getresponse()
    assert reply.getheader("content-type") == "text/event-stream; charset=utf-8"
    assert [reply.readline(), reply.readline()] == [b"event: call\n", b"id: 2\n"]
    connection.close()


def test_a_reset_and_the_end_are_told(mock: Running, session: Session) -> None:
    with following(mock, session) as next_event:
        submit(session)
        session.reset()
        submit(session)
        session.delete()
        events = [next_event() for _ in range(4)]
        assert [event.name for event in events] == ["call", "reset", "call", "end"]
        assert [number(events[0]), number(events[2])] == [1, 1]


def test_only_the_session_that_is_followed_is_told_of(
    mock: Running, control: Control, session: Session
) -> None:
    with control.create() as other, following(mock, session) as next_event:
        submit(other)
        submit(session, "mine")
        event = next_event()
        assert event.entry is not None
        assert "mine" in event.entry.body.text


def test_a_follower_that_leaves_costs_nothing_any_more(mock: Running, session: Session) -> None:
    until(lambda: streams(mock) == 0)
    connection = HTTPConnection(mock.url.removeprefix("http://"), timeout=PATIENCE_SECONDS)
    connection.request("GET", f"/_mock/sessions/{session.name}/journal/stream")
    connection.getresponse().readline()
    assert streams(mock) == 1
    connection.close()
    until(lambda: streams(mock) == 0)
    assert not any(isinstance(one, Streams) for one in mock.application.endpoint.listeners)


def test_head_of_a_stream_is_answered_at_once(mock: Running, session: Session) -> None:
    connection = HTTPConnection(mock.url.removeprefix("http://"), timeout=PATIENCE_SECONDS)
    connection.request("HEAD", f"/_mock/sessions/{session.name}/journal/stream")
    assert connection.getresponse().status == 200
    connection.close()


def test_there_is_a_bound_to_the_number_of_streams(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams_module, "MOST_STREAMS", 0)
    with pytest.raises(ControlError) as refused:
        next(session.journal.follow())
    assert refused.value.status == 409


def test_what_a_follower_does_not_fetch_in_time_is_counted(mock: Running) -> None:
    stream = Stream(mock.mock.sessions.default)

    async def fall_behind() -> list[bytes]:
        for _ in range(1_005):
            stream.tell("reset", {})
        stream.tell("end", {})
        return [await streams_module._next(stream, 0) for _ in range(1_001)]

    told = asyncio.run(fall_behind())
    assert told[0] == b'event: lost\ndata: {"events":6}\n\n'
    assert told[-1] == b"event: end\ndata: {}\n\n"
