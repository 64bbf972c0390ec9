"""Events over real connections: what a receiver gets, and what makes it get it again."""

import http.server
import json
import socket
import threading
from collections.abc import Iterator
from queue import Queue
from typing import NamedTuple

import httpx
import pytest

from mock_server import create_app, start
from mock_server.core.journal import Entry
from mock_server.edge.runner import Running
from mock_server.loading.data_error import DataError
from tests.conftest import PATIENCE_SECONDS
from tests.edge.callers import FOX, SUBMIT, Caller, bearer


class Received(NamedTuple):
    """One request that arrived."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def task(self) -> str:
        """The task that the event is about."""
        return str(json.loads(self.body)["data"]["task_id"])


class Receiver(http.server.ThreadingHTTPServer):
    """Takes what is posted to it and answers with the given statuses, then with 204."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers: list[int] = []
        self.got: Queue[Received] = Queue()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_port}/hook?team=1"

    def next(self) -> Received:
        """The next request."""
        return self.got.get(timeout=PATIENCE_SECONDS)


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers one request for the receiver."""

    server: Receiver

    def do_POST(self) -> None:
        """Keep the request and answer it."""
        body = self.rfile.read(int(self.headers["content-length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        status = self.server.answers.pop(0) if self.server.answers else 204
        self.send_response(status)
        self.send_header("location", "/elsewhere")
        self.send_header("content-length", "0")
        self.end_headers()
        self.server.got.put(Received(self.path, headers, body))

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A receiver of webhooks that runs in a thread."""
    with Receiver() as one:
        thread = threading.Thread(target=one.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield one
        one.shutdown()
        thread.join(PATIENCE_SECONDS)


class Told:
    """Hears of the deliveries that a mock has ended, and lets its clock run ahead."""

    def __init__(self, mock: Running) -> None:
        self.entries: Queue[Entry] = Queue()
        self._mock = mock
        mock.application.endpoint.listeners.append(lambda session, entry: self._hear(entry))

    def _hear(self, entry: Entry) -> None:
        if entry.operation == "webhook":
            self.entries.put(entry)

    def next(self) -> Entry:
        """The entry of the next delivery that has ended."""
        return self.entries.get(timeout=PATIENCE_SECONDS)


def control(mock: Running, path: str, body: object) -> httpx.Response:
    reply = httpx.post(f"{mock.url}/_mock/sessions/default/{path}", json=body)
    return reply.raise_for_status()


def submit(mock: Running, **more: object) -> str:
    """Submit a task and let it end; the clock, which stands still, is moved by hand."""
    headers = bearer(mock.api_key)
    reply = httpx.post(f"{mock.url}{SUBMIT}", json={**FOX, **more}, headers=headers)
    task = str(reply.raise_for_status().json()["id"])
    control(mock, "clock/advance", {"seconds": 5})
    return task


@pytest.fixture
def mock(receiver: Receiver) -> Iterator[Running]:
    """A mock with that receiver as its webhook; its clock stands still."""
    with start("reference", webhook=receiver.url) as one:
        control(one, "clock/freeze", None)
        yield one


def test_the_event_of_a_finished_task_is_posted(mock: Running, receiver: Receiver) -> None:
    task = submit(mock)
    got = receiver.next()
    assert (got.path, got.task) == ("/hook?team=1", task)
    assert got.headers["content-type"] == "application/json"
    assert got.headers["host"] == f"127.0.0.1:{receiver.server_port}"
    assert got.headers["user-agent"] == "ToAPIs-Webhook/1.0"
    assert got.headers["x-toapis-webhook-signature"].startswith("v1=")


def test_a_result_in_an_event_can_be_fetched(mock: Running, receiver: Receiver) -> None:
    submit(mock)
    url = json.loads(receiver.next().body)["data"]["result"]["data"][0]["url"]
    assert httpx.get(url).headers["content-type"].startswith("image/")


def test_a_callback_gets_the_event_in_place_of_the_webhook(
    mock: Running, receiver: Receiver
) -> None:
    submit(mock, callback_url=f"http://127.0.0.1:{receiver.server_port}/mine?a=%20&b=\u00e9")
    assert receiver.next().path == "/mine?a=%20&b=%C3%A9"


@pytest.mark.parametrize("status", [302, 404, 500])
def test_an_event_that_is_not_taken_comes_again_when_its_time_has_come(
    mock: Running, receiver: Receiver, status: int
) -> None:
    told = Told(mock)
    receiver.answers = [status]
    submit(mock)
    first = receiver.next()
    assert told.next().status == status
    control(mock, "clock/advance", {"seconds": 10})
    second = receiver.next()
    assert (second.path, second.body) == (first.path, first.body)
    assert told.next().status == 204


def test_a_receiver_that_is_not_there_is_tried_again() -> None:
    # A port that is taken, yet not listened on, is nobody else's meanwhile.
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        with start("reference", webhook=f"http://127.0.0.1:{port}/") as mock:
            told = Told(mock)
            control(mock, "clock/freeze", None)
            submit(mock)
            assert told.next().status is None
            control(mock, "clock/advance", {"seconds": 10})
            assert told.next().status is None


def test_a_receiver_that_speaks_no_http_is_no_bug_of_the_mock() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        with start("reference", webhook=f"http://127.0.0.1:{port}/") as mock:
            told = Told(mock)
            control(mock, "clock/freeze", None)
            submit(mock)
            connection, _ = listener.accept()
            with connection:
                connection.recv(65_536)
                connection.sendall(b"220 mail.example ESMTP\r\n")
                assert told.next().status is None


def test_a_story_s_fault_loses_the_first_event_and_repeats_the_second(
    receiver: Receiver,
) -> None:
    with start("reference", "faults/webhook-lost", webhook=receiver.url) as mock:
        told = Told(mock)
        control(mock, "clock/freeze", None)
        submit(mock)
        faults = []
        for seconds in (10, 30, 0):
            faults.append(told.next().fault)
            control(mock, "clock/advance", {"seconds": seconds})
        unspent = mock.mock.sessions.default.world.plan.unspent
    assert faults == ["reset", "lost_reply", None]
    assert unspent == ()
    assert receiver.next().body == receiver.next().body
    assert receiver.got.empty()


def test_deliveries_can_be_read_in_the_journal(mock: Running, receiver: Receiver) -> None:
    told = Told(mock)
    task = submit(mock)
    told.next()
    journal = httpx.get(
        f"{mock.url}/_mock/sessions/default/journal", params={"operation": "webhook"}
    ).json()
    (entry,) = journal["entries"]
    assert (entry["task"], entry["status"], entry["path"]) == (task, 204, "/hook")


def test_a_session_of_its_own_sends_events_too(mock: Running, receiver: Receiver) -> None:
    wish = {"name": "mine", "speed": 1000}
    key = httpx.post(f"{mock.url}/_mock/sessions", json=wish).json()["api_key"]
    reply = httpx.post(f"{mock.url}{SUBMIT}", json=FOX, headers=bearer(key))
    assert receiver.next().task == reply.json()["id"]


def test_a_block_ends_although_a_receiver_never_answers() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        with start("reference", webhook=f"http://127.0.0.1:{port}/") as mock:
            submit(mock)
            connection, _ = silent.accept()
        connection.close()


def test_no_event_is_owed_where_no_webhook_is_configured(guide: Caller) -> None:
    assert not guide.app.mock.contract.switches.webhook_configured
    guide.finished()
    assert guide.world.owed == {}


def test_a_webhook_that_is_no_url_is_told_at_once() -> None:
    with pytest.raises(DataError, match=r"webhook: .*expected an http or https URL.*'ftp://a'"):
        create_app(webhook="ftp://a")
