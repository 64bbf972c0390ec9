"""What arrives as bytes: the same for both HTTP parsers, whatever a client does with HTTP."""

import json
from collections.abc import Iterator

import pytest

from mock_server import start
from mock_server.edge.runner import Running
from tests.edge.callers import FOX_BYTES, SUBMIT, Wire, request_bytes, wire

JSON = "content-type: application/json"
GET_MODELS = "GET /v1/models HTTP/1.1"
MEGABYTE = 1024 * 1024


@pytest.fixture(scope="module", params=["httptools", "h11"])
def mock(request: pytest.FixtureRequest) -> Iterator[Running]:
    with start(h11=request.param == "h11", speed=20) as running:
        yield running


@pytest.fixture
def line(mock: Running) -> Iterator[Wire]:
    """A connection to the mock, on which a plain call still works after the test's own."""
    with wire(mock) as one:
        yield one


def chunked(body: bytes, size: int = 7) -> bytes:
    pieces = [body[at : at + size] for at in range(0, len(body), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


def still_works(mock: Running, line: Wire) -> bool:
    line.send(request_bytes(mock, GET_MODELS, ()))
    return line.reply().status_code == 200


def test_a_submit_is_answered_and_the_connection_goes_on(mock: Running, line: Wire) -> None:
    line.send(request_bytes(mock, body=FOX_BYTES))
    assert line.reply().json()["status"] == "queued"
    assert still_works(mock, line)


def test_a_body_may_come_in_chunks_without_a_length(mock: Running, line: Wire) -> None:
    head = request_bytes(mock, fields=(JSON, "transfer-encoding: chunked"))
    line.send(head + chunked(FOX_BYTES))
    assert line.reply().json()["status"] == "queued"
    assert still_works(mock, line)


def test_a_request_may_come_byte_by_byte(mock: Running, line: Wire) -> None:
    for byte in request_bytes(mock, body=FOX_BYTES):
        line.send(bytes([byte]))
    assert line.reply().json()["status"] == "queued"


def test_a_client_that_waits_for_100_continue_is_told_to_go_on(mock: Running, line: Wire) -> None:
    whole = request_bytes(mock, fields=(JSON, "expect: 100-continue"), body=FOX_BYTES)
    line.send(whole.removesuffix(FOX_BYTES))
    assert line.reply().status_code == 100
    line.send(FOX_BYTES)
    assert line.reply().json()["status"] == "queued"
    assert still_works(mock, line)


def test_a_client_of_http_1_0_is_answered_and_left(mock: Running, line: Wire) -> None:
    line.send(request_bytes(mock, f"POST {SUBMIT} HTTP/1.0", body=FOX_BYTES))
    reply = line.reply()
    assert (reply.json()["status"], reply.headers["connection"]) == ("queued", "close")
    assert line.rest() == b""


def test_a_client_that_asks_to_be_left_is_left(mock: Running, line: Wire) -> None:
    line.send(request_bytes(mock, GET_MODELS, ("connection: close",)))
    assert line.reply().status_code == 200
    assert line.rest() == b""


def test_requests_sent_in_one_go_are_answered_in_their_order(mock: Running, line: Wire) -> None:
    submit = request_bytes(mock, body=FOX_BYTES)
    nowhere = [request_bytes(mock, f"GET /nowhere/{number} HTTP/1.1", ()) for number in range(5)]
    line.send(submit + b"".join(nowhere) + submit)
    replies = [line.reply() for _ in range(7)]
    assert [reply.status_code for reply in replies] == [200, *[404] * 5, 200]
    told = [reply.json()["error"]["message"] for reply in replies[1:6]]
    assert told == [f"Invalid URL (GET /nowhere/{number})" for number in range(5)]


def test_a_slow_reply_does_not_let_the_next_one_overtake_it(mock: Running, line: Wire) -> None:
    slow = request_bytes(mock, GET_MODELS, ("x-mock-fault: delay(1)",))
    line.send(slow + request_bytes(mock, "GET /nowhere HTTP/1.1", ()))
    assert [line.reply().status_code for _ in range(2)] == [200, 404]


def test_a_large_body_is_heard_out_and_refused_and_the_connection_goes_on(
    mock: Running, line: Wire
) -> None:
    body = b'{"prompt": "' + b"a" * (3 * MEGABYTE) + b'"}'
    line.send(request_bytes(mock, body=body))
    reply = line.reply()
    assert reply.status_code == 400
    assert reply.json()["error"]["message"] == "The request body is too large."
    assert still_works(mock, line)


def test_a_large_body_in_chunks_is_refused_too(mock: Running, line: Wire) -> None:
    head = request_bytes(mock, fields=(JSON, "transfer-encoding: chunked"))
    line.send(head + chunked(b"a" * (2 * MEGABYTE), 65_536))
    assert line.reply().status_code == 400
    assert still_works(mock, line)


def test_a_body_that_no_one_asked_for_is_passed_over(mock: Running, line: Wire) -> None:
    line.send(request_bytes(mock, GET_MODELS, (), b"hello"))
    assert line.reply().status_code == 200
    assert still_works(mock, line)


def test_head_is_answered_with_a_length_and_no_content(mock: Running, line: Wire) -> None:
    line.send(request_bytes(mock, "HEAD /v1/models HTTP/1.1", ()))
    assert line.reply(bodiless=True).headers["content-length"] == "42"
    assert still_works(mock, line)


def test_two_hundred_header_fields_are_fine(mock: Running, line: Wire) -> None:
    line.send(request_bytes(mock, GET_MODELS, [f"x-{number}: {number}" for number in range(200)]))
    assert line.reply().status_code == 200
    assert still_works(mock, line)


def test_a_head_without_end_is_given_up(mock: Running, line: Wire) -> None:
    line.send(b"GET /v1/models HTTP/1.1\r\nhost: mock.test\r\n")
    field = b"x-filler: " + b"a" * 1_000 + b"\r\n"
    try:
        for _ in range(4 * MEGABYTE // len(field)):
            line.send(field)
    except ConnectionError:
        return
    assert line.rest().split(b" ")[1] in (b"400", b"431")


@pytest.mark.parametrize(
    "data",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 hello\r\n\r\n",
        b"hello\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET /v1/models HTTP/1.1\r\nno colon\r\n\r\n",
        b"POST /v1/models HTTP/1.1\r\nhost: a\r\ncontent-length: -1\r\n\r\n",
        b"POST /v1/models HTTP/1.1\r\nhost: a\r\ncontent-length: a\r\n\r\n",
        b"\0" * 100,
    ],
)
def test_what_is_no_http_is_answered_with_400(mock: Running, line: Wire, data: bytes) -> None:
    line.send(data)
    assert line.rest().startswith(b"HTTP/1.1 400 ")


@pytest.mark.parametrize("method", ["get", "BREW", "post"])
def test_methods_are_told_apart_by_their_case(mock: Running, method: str) -> None:
    with wire(mock) as line:
        line.send(request_bytes(mock, f"{method} /v1/models HTTP/1.1", ()))
        line.finish()
        status = line.rest().split(b" ")[1]
    # The fast parser knows the registered methods only and takes others for no HTTP at all.
    assert status in (b"400", b"405")


def test_a_caller_that_leaves_in_mid_request_creates_nothing(mock: Running) -> None:
    world = mock.mock.sessions.default.world
    before = world.submitted
    with wire(mock) as line:
        line.send(request_bytes(mock, body=FOX_BYTES)[:-5])
    with wire(mock) as line:
        assert still_works(mock, line)
    assert world.submitted == before


def test_a_line_break_in_a_path_cannot_become_a_header_field(mock: Running, line: Wire) -> None:
    line.send(request_bytes(mock, "GET /a%0d%0ax-forged:%201 HTTP/1.1", ()))
    reply = line.reply()
    assert reply.status_code == 404
    assert "x-forged" not in reply.headers


def test_odd_bytes_in_a_header_field_do_no_harm(mock: Running, line: Wire) -> None:
    head = request_bytes(mock, GET_MODELS, ("x-odd: @",)).replace(b"@", bytes(range(128, 256)))
    line.send(head)
    assert line.reply().status_code == 200


def test_every_reply_tells_its_length_and_date(mock: Running, line: Wire) -> None:
    starts = [GET_MODELS, "GET /v1/balance HTTP/1.1", "GET /nowhere HTTP/1.1"]
    for start_line in starts:
        line.send(request_bytes(mock, start_line, ()))
        reply = line.reply()
        json.loads(reply.content)
        assert {"content-length", "content-type", "date"} <= set(reply.headers)
        assert "server" not in reply.headers
