"""The Python client: connections, refusals, silence, and what it makes of answers."""

import json
import re
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

import mock_server.control
from mock_server import create_app
from mock_server.control import Control, ControlError, Session
from mock_server.control import wire as wire_module
from mock_server.control.clock import SessionClock
from mock_server.edge.certificates import make_certificates
from mock_server.edge.control.table import ACTIONS
from mock_server.edge.runner import Running, listen, uvicorn_server
from tests.conftest import PATIENCE_SECONDS
from tests.control.callers import accepted, submit, until

READY = {"status": "ready", "profile": "guide"}


class Stub(HTTPServer):
    """A server that gives the same answer each time and notes what it was asked."""

    def __init__(self, content: bytes, status: int = 200, hang_up: int = 0) -> None:
        self.content, self.status, self.hang_up = content, status, hang_up
        self.asked: list[str] = []
        self.tokens: list[str | None] = []
        super().__init__(("127.0.0.1", 0), _Answering)

    @property
    def url(self) -> str:
        """Its origin."""
        return f"http://127.0.0.1:{self.server_port}"


class _Answering(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Stub

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("content-length", 0)))
        self._answer()

    def _answer(self) -> None:
        stub = self.server
        stub.asked.append(f"{self.command} {self.path}")
        stub.tokens.append(self.headers.get("authorization"))
        self.send_response(stub.status)
        self.send_header("content-length", str(len(stub.content)))
        self.end_headers()
        self.wfile.write(stub.content)
        # A connection that ends although nothing had said that it would.
        self.close_connection = len(stub.asked) == stub.hang_up

    def log_message(self, *_: Any) -> None:
        """Nothing is written."""


@contextmanager
def stubbed(content: bytes, status: int = 200, hang_up: int = 0) -> Iterator[Stub]:
    with Stub(content, status, hang_up) as stub:
        thread = threading.Thread(target=stub.serve_forever, args=(0.01,))
        thread.start()
        yield stub
        stub.shutdown()
        thread.join(PATIENCE_SECONDS)


def test_all_names_of_the_module_are_there() -> None:
    module = mock_server.control
    assert module.__all__ == sorted(module.__all__)
    assert all(hasattr(module, name) for name in module.__all__)


def test_the_client_can_ask_for_every_action(
    control: Control, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: set[str] = set()
    make = wire_module._target

    def noting(path: str, query: Mapping[str, object]) -> str:
        asked.add(path)
        return make(path, query)

    monkeypatch.setattr(wire_module, "_target", noting)
    walk(control, session)
    paths = [re.sub(r"{\w+}", "[^/]+", action.path) for action in ACTIONS]
    unasked = [path for path in paths if not any(re.fullmatch(path, one) for one in asked)]
    assert unasked == []


def walk(control: Control, session: Session) -> None:
    """Ask for everything there is."""
    assert control.health()["status"] == "ok"
    assert control.ready() == READY
    assert control.metrics().startswith("# HELP")
    assert "faults/lost-reply" in control.scenarios()
    assert session.name in {facts.name for facts in control.sessions()}
    assert control.session(session.name).facts().url == session.facts().url
    session.clock.run(1)
    session.clock.freeze()
    session.clock.set(session.clock.advance(1).now + 1)
    assert session.clock.facts().now == session.clock.now
    session.play("lifecycle/held", seed=1)
    assert session.scenario().name == "lifecycle/held"
    task = accepted(session)
    for act in (session.tasks.get, session.tasks.release, session.tasks.fail):
        assert act(task).id == task
    session.tasks.succeed(accepted(session, "another"))
    assert {one.phase for one in session.tasks} == {"failed", "succeeded"}
    session.faults.add(submit="429")
    assert session.faults.withdraw() == session.faults.account()
    follower = session.journal.follow(since=0)
    assert next(follower).entry == session.journal.call(1) == next(session.journal.lines())
    assert len(session.journal.har()["log"]["entries"]) == len(list(session.journal)) == 2
    assert session.ledger().charges.count == 2
    assert session.limits() == ()
    assert session.export().endswith("\n")
    assert session.verify({"check": "count", "operation": "submit", "equals": 2}).passed
    session.reset()
    session.delete()
    assert [event.name for event in follower] == ["call", "reset", "end"]


def test_the_token_is_sent_with_every_request() -> None:
    with stubbed(json.dumps(READY).encode()) as stub:
        with Control(stub.url, "secret") as control:
            control.ready()
        with Control(stub.url) as control:
            control.ready()
        assert stub.tokens == ["Bearer secret", None]


def test_a_connection_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    with stubbed(json.dumps(READY).encode()) as stub, Control(stub.url) as control:
        control.ready()
        # The stub serves one connection after the other: a second one would wait for ever.
        assert control.ready() == READY
        (idle,) = control._wire._idle
        monkeypatch.setattr(wire_module, "_IDLE_SECONDS", 0.0)
        assert control._wire._kept() is None
        assert idle.connection.sock is None


def test_reading_goes_on_after_the_server_has_closed_a_kept_connection() -> None:
    with stubbed(json.dumps(READY).encode(), hang_up=1) as stub, Control(stub.url) as control:
        control.ready()
        assert control.ready() == READY
        assert len(stub.asked) == 2


def test_what_changes_something_is_not_sent_again() -> None:
    with stubbed(b"{}", hang_up=1) as stub, Control(stub.url) as control:
        control._wire.ask("POST", "/sessions/a/reset")
        (idle,) = control._wire._idle
        until(lambda: _is_closed(idle.connection.sock))
        with pytest.raises(ControlError) as silent:
            control._wire.ask("POST", "/sessions/a/reset")
        assert silent.value.status == 0
        assert len(stub.asked) == 1


def _is_closed(connection: Any) -> bool:
    """Whether the other side has closed a connection."""
    connection.settimeout(0)
    try:
        return bool(connection.recv(1, socket.MSG_PEEK) == b"")
    except BlockingIOError:
        return False
    finally:
        connection.settimeout(PATIENCE_SECONDS)


def test_a_refusal_tells_all_that_the_server_told(control: Control) -> None:
    with pytest.raises(ControlError) as refused:
        control.create(name="a b")
    error = refused.value
    assert (error.status, error.path, error.seen) == (400, "$.name", "'a b'")
    assert str(error) == error.message == f"body: $.name: expected {error.expected}, seen 'a b'"


@pytest.mark.parametrize("content", [b"", b"<html>", b"{}", b'{"error": {"odd": 1}}', b"[]"])
def test_a_refusal_of_another_server_is_told_as_it_is(content: bytes) -> None:
    with stubbed(content, 502) as stub, Control(stub.url) as control:
        with pytest.raises(ControlError, match="does not give") as refused:
            control.ready()
        assert refused.value.status == 502


def test_silence_is_told_with_the_address() -> None:
    with listen("127.0.0.1", 0) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    with Control(url) as control, pytest.raises(ControlError, match=url) as silent:
        control.ready()
    assert silent.value.status == 0


@pytest.mark.parametrize(
    "url", ["127.0.0.1:8080", "ftp://host", "http://", "http://host/v1", "http://host/?a=1"]
)
def test_a_url_that_is_no_origin_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="expected an origin"):
        Control(url)


def test_threads_may_share_a_client(control: Control) -> None:
    def one(number: int) -> int:
        with control.create(seed=number) as session:
            submit(session)
            return session.facts().scenario.seed

    with ThreadPoolExecutor(8) as workers:
        assert list(workers.map(one, range(24))) == list(range(24))


def test_members_that_the_client_does_not_know_are_passed_over() -> None:
    answer = {"now": 1, "speed": 2, "frozen": False, "colour": "blue"}
    with stubbed(json.dumps(answer).encode()) as stub, Control(stub.url) as control:
        facts = SessionClock(control._wire, "/sessions/a").facts()
        assert (facts.now, type(facts.now)) == (1.0, float)


def test_a_session_shows_what_it_is(session: Session) -> None:
    assert repr(session) == f"Session({session.name!r}, url={session.url!r})"


def test_a_session_is_deleted_though_the_block_raises(control: Control, mock: Running) -> None:
    class OddError(Exception):
        """Raised by the block."""

    with pytest.raises(OddError), control.create(name="short-lived"):
        raise OddError
    assert mock.mock.sessions.get("short-lived") is None


def test_a_mock_with_tls_is_reached_with_its_authority() -> None:
    certificates = make_certificates("127.0.0.1")
    files = (str(certificates.chain), str(certificates.key))
    server = uvicorn_server(create_app(), certificate=files)
    with listen("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        until(lambda: server.started)
        context = ssl.create_default_context(cafile=str(certificates.authority))
        url = f"https://127.0.0.1:{port}"
        with Control(url, context=context) as control, control.create() as session:
            assert session.url.startswith(f"{url}/s/")
        server.should_exit = True
        thread.join(PATIENCE_SECONDS)
