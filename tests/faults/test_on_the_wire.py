"""Every fault over a real socket, for both HTTP parsers: what a caller's machine receives."""

import json
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from mock_server import start
from mock_server.core.journal import Entry
from mock_server.edge.runner import Running
from mock_server.edge.sessions import Session
from mock_server.faults import fault_types
from mock_server.loading.faults import read_fault
from tests.conftest import PATIENCE_SECONDS

SUBMIT = json.dumps({"model": "gpt-4o-image", "prompt": "a fox"}).encode()
END, RESET = "end", "reset"


@dataclass(frozen=True)
class Received:
    """All bytes of a connection, and whether it ended or was reset."""

    data: bytes
    ending: str

    @property
    def status(self) -> int | None:
        """The status code of a whole head; None where there is none."""
        head, end, _ = self.data.partition(b"\r\n\r\n")
        return int(head.split()[1]) if end and head.startswith(b"HTTP/1.1 ") else None

    @property
    def body(self) -> bytes:
        """What follows the head."""
        return self.data.partition(b"\r\n\r\n")[2]

    def field(self, name: str) -> str | None:
        """The value of a header field, the last one of that name."""
        lines = self.data.partition(b"\r\n\r\n")[0].decode("latin-1").splitlines()[1:]
        pairs = (line.partition(": ") for line in lines)
        return {key.lower(): value for key, _, value in pairs}.get(name)

    @property
    def missing(self) -> int:
        """How many bytes fewer came than Content-Length told."""
        return int(self.field("content-length") or 0) - len(self.body)


@pytest.fixture(scope="module", params=["httptools", "h11"])
def mock(request: pytest.FixtureRequest) -> Iterator[Running]:
    """A mock whose seconds are milliseconds, so that no fault keeps a test waiting."""
    with start(h11=request.param == "h11", speed=1000) as running:
        yield running


def connect(mock: Running) -> socket.socket:
    host, _, port = mock.url.removeprefix("http://").partition(":")
    return socket.create_connection((host, int(port)), PATIENCE_SECONDS)


def submit(mock: Running, fault: str | None) -> bytes:
    wish = f"x-mock-fault: {fault}\r\n" if fault else ""
    head = (
        "POST /v1/images/generations HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n"
        f"authorization: Bearer {mock.api_key}\r\ncontent-type: application/json\r\n"
        f"content-length: {len(SUBMIT)}\r\n{wish}\r\n"
    )
    return head.encode() + SUBMIT


def exchange(mock: Running, fault: str | None) -> Received:
    """Send one submit that wishes for a fault, and read until the connection is over."""
    received = b""
    with connect(mock) as connection:
        connection.sendall(submit(mock, fault))
        try:
            while data := connection.recv(65_536):
                received += data
        except ConnectionResetError:
            return Received(received, RESET)
    return Received(received, END)


def created(mock: Running) -> int:
    return mock.mock.sessions.default.world.submitted


# Fault, how the connection ends, the status that arrives, how many bytes of content are missing.
PLAYED = [
    ("429(retry_after=2)", END, 429, 0),
    ("503", END, 503, 0),
    ("500(after)", END, 500, 0),
    ("reset", RESET, None, 0),
    ("reset(after)", RESET, None, 0),
    ("close", END, None, 0),
    ("close(headers)", END, None, 0),
    ("close(headers, moment=after)", END, None, 0),
    ("lost_reply", RESET, None, 0),
    ("lost_reply(close)", END, None, 0),
    ("cut(share=0)", END, 200, None),
    ("cut", END, 200, None),
    ("reset(after, at=40)", RESET, 200, None),
    ("wrong_length", END, 200, 10),
    ("wrong_length(-5)", END, 200, -5),
    ("stall(2)", END, 200, 0),
    ("stall(2, at=7)", END, 200, 0),
    ("stall(2, at=7, then=close)", END, 200, None),
    ("stall(2, moment=before)", END, None, 0),
    ("drip(1000)", END, 200, 0),
    ("delay(3)", END, 200, 0),
    ("delay(low=1, high=5)", END, 200, 0),
    ("delay(median=1, sigma=0.1)", END, 200, 0),
    ("html", END, 502, 0),
    ("html(504, moment=after)", END, 504, 0),
    ("error_body(429)", END, 200, 0),
    ("body(empty)", END, 200, 0),
    ("body(invalid_utf8)", END, 200, 0),
    ("content_type(text/html)", END, 200, 0),
    ('content_type("")', END, 200, 0),
    ("gzip", END, 200, 0),
    ("gzip(plain)", END, 200, 0),
    ('fields(set={"status": "queued_v2"})', END, 200, 0),
    ('headers(set={"retry-after": "3"})', END, 200, 0),
    ("redirect(307, host=localhost)", END, 307, 0),
    ("image(truncated)", END, 200, 0),
    ("not_http", END, None, 0),
    ("429 + gzip(cut)", END, 429, 0),
    ("500(after) + drip(5000) + cut(30)", END, 500, None),
]


def test_every_fault_is_played() -> None:
    written = " ".join(read_fault(text).text for text, *_ in PLAYED)
    named = {name for name in fault_types() if name in written}
    # `status` goes by its codes; broken chunks have no length and a test of their own.
    assert {*named, "status", "broken_chunk"} == set(fault_types())


@pytest.mark.parametrize(("fault", "ending", "status", "missing"), PLAYED)
def test_a_fault_arrives_as_it_was_planned(
    mock: Running, fault: str, ending: str, status: int | None, missing: int | None
) -> None:
    received = exchange(mock, fault)
    assert (received.ending, received.status) == (ending, status)
    assert received.missing > 0 if missing is None else received.missing == missing


@pytest.mark.parametrize("fault", [text for text, *_ in PLAYED])
def test_the_reply_tells_which_fault_struck_as_far_as_there_is_a_head(
    mock: Running, fault: str
) -> None:
    received = exchange(mock, fault)
    told = None if received.status is None else read_fault(fault).text
    assert received.field("x-mock-fault") == told


@pytest.mark.parametrize("fault", [text for text, *_ in PLAYED])
def test_a_task_is_created_if_the_fault_strikes_after_the_work(mock: Running, fault: str) -> None:
    before = created(mock)
    exchange(mock, fault)
    assert created(mock) - before == (read_fault(fault).moment == "after")


@pytest.mark.parametrize("fault", [text for text, *_ in PLAYED])
def test_the_call_after_a_fault_is_answered(mock: Running, fault: str) -> None:
    exchange(mock, fault)
    received = exchange(mock, None)
    assert (received.ending, received.status, received.missing) == (END, 200, 0)


@pytest.mark.parametrize("where", ["end", "data", "size"])
def test_broken_chunks_come_without_an_end(mock: Running, where: str) -> None:
    received = exchange(mock, f"broken_chunk({where})")
    assert (received.ending, received.status) == (END, 200)
    assert received.field("transfer-encoding") == "chunked"
    assert not received.body.endswith(b"\r\n0\r\n\r\n")
    assert b'{"id":"' in received.body


@pytest.mark.parametrize("fault", ["lost_reply(hang)", "stall", "stall(moment=before)"])
def test_a_silent_server_is_silent_until_the_caller_leaves(mock: Running, fault: str) -> None:
    text = read_fault(fault).text
    ended = threading.Event()
    aborted: list[bool] = []

    def listen(session: Session, entry: Entry) -> None:
        if entry.fault == text:
            aborted.append(entry.aborted)
            ended.set()

    world = mock.mock.sessions.default.world
    mock.application.endpoint.listeners.append(listen)
    with connect(mock) as connection:
        known = world.calls
        connection.sendall(submit(mock, fault))
        # Whole other exchanges pass until this call has been met too.
        others = (exchange(mock, None) for _ in range(1000))
        assert any(world.calls - known > number for number, _ in enumerate(others, 1))
        connection.setblocking(False)
        with pytest.raises(BlockingIOError):
            connection.recv(1)
        assert not aborted
    assert ended.wait(PATIENCE_SECONDS)
    mock.application.endpoint.listeners.remove(listen)
    assert aborted == [True]


@pytest.mark.parametrize("code", [400, 401, 402, 403, 404, 409, 410, 418, 422, 429, 500, 502, 599])
def test_an_error_of_any_status_is_in_the_vendors_envelope(mock: Running, code: int) -> None:
    received = exchange(mock, str(code))
    error = json.loads(received.body)["error"]
    assert received.status == code
    assert {"code", "message"} <= set(error)
    assert isinstance(error["message"], str)


def test_a_503_is_the_limiters_outage_as_the_vendor_words_it(mock: Running) -> None:
    error = json.loads(exchange(mock, "503").body)["error"]
    assert error["code"] == "rate_limit_unavailable"


def test_a_stall_in_the_content_is_preceded_by_its_beginning(mock: Running) -> None:
    with connect(mock) as connection:
        connection.sendall(submit(mock, "stall(at=7)"))
        received = b""
        while not received.endswith(b'\r\n\r\n{"id":"'):
            received += connection.recv(1)
    assert received.startswith(b"HTTP/1.1 200 OK\r\n")


def test_a_fault_that_does_not_exist_is_refused_with_the_nearest_name(mock: Running) -> None:
    received = exchange(mock, "resett")
    assert received.status == 400
    assert b"did you mean 'reset'?" in received.body
