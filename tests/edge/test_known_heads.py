"""A request whose head came before is answered like any other, whatever came with it."""

import json
import pickle
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mock_server import start
from mock_server.edge.known_heads import KnownHeads
from mock_server.edge.request import Interned, Request, read_request
from mock_server.edge.runner import Running
from mock_server.loading.faults import read_faults
from tests.edge.callers import FOX, FOX_BYTES, SUBMIT, Wire, request_bytes, wire

GET_MODELS = "GET /v1/models HTTP/1.1"
NOWHERE = "GET /nowhere HTTP/1.1"
NAMED = [json.dumps({**FOX, "prompt": f"fox {letter}"}).encode() for letter in "ab"]


@pytest.fixture(scope="module", params=["httptools", "h11"])
def mock(request: pytest.FixtureRequest) -> Iterator[Running]:
    with start(h11=request.param == "h11", speed=0.001) as running:
        yield running


@pytest.fixture
def line(mock: Running) -> Iterator[Wire]:
    with wire(mock) as one:
        yield one


def submitted(mock: Running, line: Wire) -> str:
    line.send(request_bytes(mock, body=FOX_BYTES))
    return str(line.reply().json()["id"])


def test_every_poll_is_answered_and_counted_though_all_are_the_same_bytes(
    mock: Running, line: Wire
) -> None:
    task = submitted(mock, line)
    poll = request_bytes(mock, f"GET {SUBMIT}/{task} HTTP/1.1", ())
    for _ in range(5):
        line.send(poll)
        assert line.reply().json()["id"] == task
    world = mock.application.mock.sessions.default.world
    assert world.tasks[task].polls == 5
    assert [entry.task for entry in world.journal][-5:] == [task] * 5


def test_bodies_of_one_length_under_one_head_are_told_apart(mock: Running, line: Wire) -> None:
    for body in (*NAMED, *NAMED):
        line.send(request_bytes(mock, body=body))
        line.reply()
        last = mock.application.mock.sessions.default.world.journal.last
        assert last is not None
        assert last.body == body


def test_a_known_head_may_come_without_its_body_at_first(mock: Running, line: Wire) -> None:
    whole = request_bytes(mock, body=FOX_BYTES)
    for size in (0, 0, 1, len(FOX_BYTES) - 1):
        cut = len(whole) - len(FOX_BYTES) + size
        line.send(whole)
        assert line.reply().status_code == 200
        line.send(whole[:cut])
        line.send(whole[cut:])
        assert line.reply().status_code == 200


def test_what_follows_a_known_request_in_one_go_is_answered_after_it(
    mock: Running, line: Wire
) -> None:
    models, nowhere = request_bytes(mock, GET_MODELS, ()), request_bytes(mock, NOWHERE, ())
    for _ in range(2):
        line.send(models)
        line.reply()
    line.send(models + nowhere + models[:9])
    line.send(models[9:] + nowhere)
    assert [line.reply().status_code for _ in range(4)] == [200, 404, 200, 404]


@pytest.mark.parametrize("before", [b"x", b"POST", b"GET /"])
def test_a_known_request_behind_the_start_of_another_is_not_taken_for_one(
    mock: Running, line: Wire, before: bytes
) -> None:
    models = request_bytes(mock, GET_MODELS, ())
    for _ in range(2):
        line.send(models)
        line.reply()
    line.send(before)
    line.send(models)
    assert line.reply().status_code in (400, 405)


def test_a_planned_fault_strikes_a_request_with_a_known_head(mock: Running) -> None:
    session = mock.application.mock.create_session()
    models = request_bytes(mock, f"GET /s/{session.name}/v1/models HTTP/1.1", ())
    with wire(mock) as line:
        for _ in range(2):
            line.send(models)
            assert line.reply().status_code == 401
        world = session.world
        world.plan = world.plan.add("models", read_faults(["503", "reset"], "$"))
        line.send(models)
        assert line.reply().status_code == 503
        line.send(models)
        assert line.rest() == b""
        assert [entry.fault for entry in world.journal] == [None, None, "503", "reset"]


def test_a_known_head_leads_nowhere_once_its_session_is_gone(mock: Running, line: Wire) -> None:
    session = mock.application.mock.create_session()
    models = request_bytes(mock, f"GET /s/{session.name}/v1/models HTTP/1.1", ())
    for _ in range(2):
        line.send(models)
        assert line.reply().status_code == 401
    mock.application.mock.delete_session(session)
    line.send(models)
    assert line.reply().status_code == 404


@given(st.data())
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_requests_cut_anywhere_get_their_replies_in_their_order(
    mock: Running, data: st.DataObject
) -> None:
    kinds = {200: (GET_MODELS, b""), 404: (NOWHERE, b""), 400: (f"POST {SUBMIT} HTTP/1.1", b"{}")}
    wanted = data.draw(st.lists(st.sampled_from(sorted(kinds)), min_size=1, max_size=8))
    whole = b"".join(
        request_bytes(mock, kinds[status][0], ("content-type: application/json",), kinds[status][1])
        for status in wanted
    )
    cuts = sorted(data.draw(st.lists(st.integers(0, len(whole)), max_size=6)))
    with wire(mock) as line:
        for begin, end in zip([0, *cuts], [*cuts, len(whole)], strict=True):
            line.send(whole[begin:end])
        assert [line.reply().status_code for _ in wanted] == wanted


def head(path: str, **more: str) -> tuple[bytes, Request]:
    """A head as it comes over the wire, and the request in it."""
    fields = [(name.encode(), value.encode()) for name, value in more.items()]
    lines = [f"GET {path} HTTP/1.1", *(f"{name}: {value}" for name, value in more.items())]
    scope = {"type": "http", "method": "GET", "path": path, "query_string": b"", "scheme": "http"}
    request = read_request({**scope, "headers": fields}, Interned())
    return "\r\n".join((*lines, "", "")).encode(), request


def test_a_head_is_known_only_at_the_place_where_it_was_learnt() -> None:
    known = KnownHeads()
    data, request = head("/v1/models")
    known.learn(data, ("http", 1), request, b"")
    assert known.find(data, ("http", 1)) == (request, b"")
    assert known.find(data, ("http", 2)) is None


def test_what_is_no_plain_head_and_body_is_not_learnt() -> None:
    known = KnownHeads()
    data, request = head("/v1/models", **{"transfer-encoding": "chunked"})
    known.learn(data + b"2\r\n{}\r\n0\r\n\r\n", "here", request, b"{}")
    assert known.find(data + b"{}", "here") is None


def test_known_heads_stay_within_a_bound_and_long_ones_are_not_kept() -> None:
    known = KnownHeads()
    for number in range(9_000):
        known.learn(*_placed(head(f"/{number}")))
    known.learn(*_placed(head("/long", x="x" * 3_000)))
    assert known.find(head("/8999")[0], "here") is not None
    assert known.find(head("/long", x="x" * 3_000)[0], "here") is None
    assert len(pickle.dumps(known)) < 500_000


def _placed(one: tuple[bytes, Request]) -> tuple[bytes, str, Request, bytes]:
    return one[0], "here", one[1], b""
