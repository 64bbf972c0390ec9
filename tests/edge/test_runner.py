"""Serving in a thread: the with-block, its address, and the bugs that it brings to light."""

import re
import socket
import threading
from collections.abc import Iterator

import httpx
import pytest

from mock_server import create_app, start
from mock_server.core import dispatch
from mock_server.edge.mock import DEFAULT_KEY
from mock_server.edge.runner import PortTakenError, listen, origin
from mock_server.loading.data_error import DataError
from tests.edge.callers import FOX, SUBMIT, Caller, bearer

PLANTED = "planted for this test"


@pytest.fixture
def broken_models(monkeypatch: pytest.MonkeyPatch) -> None:
    """A mock that cannot list its models."""

    def bug(work: object) -> object:
        raise ArithmeticError(PLANTED)

    monkeypatch.setitem(dispatch.OPERATIONS, "models", bug)


@pytest.fixture
def taken() -> Iterator[int]:
    """A port on which something listens already."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def get_models(url: str) -> httpx.Response:
    return httpx.get(f"{url}/v1/models", headers=bearer(DEFAULT_KEY))


@pytest.mark.parametrize("h11", [False, True])
def test_a_mock_serves_for_as_long_as_the_block_runs(h11: bool) -> None:
    with start(h11=h11) as mock:
        assert get_models(mock.url).status_code == 200
    with pytest.raises(httpx.ConnectError):
        get_models(mock.url)


def test_the_address_has_the_form_that_clients_want() -> None:
    with start() as mock:
        assert mock.url.startswith("http://127.0.0.1:")
        assert mock.base_url == f"{mock.url}/v1"
        assert mock.api_key == DEFAULT_KEY


def test_the_port_is_the_one_that_was_asked_for() -> None:
    with start() as first:
        port = int(first.url.rpartition(":")[2])
    with start(port=port) as again:
        assert again.url == first.url


def test_many_mocks_run_beside_each_other_and_share_nothing() -> None:
    with start() as one, start(profile="reference") as other:
        reply = httpx.post(f"{one.url}{SUBMIT}", json=FOX, headers=bearer(one.api_key))
        task = reply.json()["id"]
        missing = httpx.get(f"{other.url}{SUBMIT}/{task}", headers=bearer(other.api_key))
    assert (reply.status_code, missing.status_code) == (200, 404)


def test_the_keys_are_those_that_were_given() -> None:
    with start(api_keys=["sk-first", "sk-second"]) as mock:
        assert mock.api_key == "sk-first"
        for key, status in (("sk-second", 200), (DEFAULT_KEY, 401)):
            reply = httpx.get(f"{mock.url}/v1/models", headers=bearer(key))
            assert reply.status_code == status


def test_a_taken_port_is_named(taken: int) -> None:
    message = rf"cannot listen on 127\.0\.0\.1:{taken}: "
    with pytest.raises(PortTakenError, match=message), start(port=taken):
        pass


@pytest.mark.parametrize("host", ["192.0.2.1", "2001:db8::1", "nowhere.invalid", "a..b", "é" * 99])
def test_an_address_that_is_not_of_this_machine_cannot_be_listened_on(host: str) -> None:
    with pytest.raises(PortTakenError, match=re.escape(f"cannot listen on {host}:0: ")):
        listen(host, 0)


def test_no_host_is_not_taken_for_every_host() -> None:
    with pytest.raises(PortTakenError, match="cannot listen without a host"):
        listen("", 0)


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:80"),
        ("localhost", "http://localhost:80"),
        ("0.0.0.0", "http://127.0.0.1:80"),
        ("::1", "http://[::1]:80"),
        ("::", "http://[::1]:80"),
    ],
)
def test_an_origin_can_be_called_from_this_machine(host: str, url: str) -> None:
    assert origin(host, 80) == url


@pytest.mark.parametrize("host", ["localhost", "0.0.0.0"])
def test_a_mock_is_reached_by_its_url_whatever_it_listens_on(host: str) -> None:
    with start(host=host) as mock:
        assert get_models(mock.url).status_code == 200


@pytest.mark.parametrize(
    ("profile", "scenario", "message"),
    [
        ("gide", None, "did you mean 'guide'"),
        ("guide", "lost-repl", "did you mean 'faults/lost-reply'"),
    ],
)
def test_a_name_that_is_not_known_is_told_before_anything_is_served(
    profile: str, scenario: str | None, message: str
) -> None:
    before = threading.active_count()
    with pytest.raises(DataError, match=message), start(profile, scenario):
        pass
    assert threading.active_count() == before


@pytest.mark.parametrize("speed", [-1.0, float("nan")])
def test_a_speed_that_makes_no_sense_is_refused(speed: float) -> None:
    with pytest.raises(ValueError, match="expected a speed"):
        create_app(speed=speed)


def served(h11: bool, failing: bool) -> Iterator[httpx.Response]:
    """What a caller gets of a mock, up to the end of its block."""
    with start(h11=h11) as mock:
        yield get_models(mock.url)
        yield get_models(mock.url)
        if failing:
            raise AssertionError("the test's own")


@pytest.mark.parametrize("h11", [False, True])
@pytest.mark.usefixtures("broken_models")
def test_a_bug_of_the_mock_is_500_for_the_caller_and_raised_by_the_block(h11: bool) -> None:
    block = served(h11, failing=False)
    replies = [next(block), next(block)]
    with pytest.raises(ArithmeticError, match=PLANTED):
        next(block)
    for reply in replies:
        error = reply.json()["error"]
        assert (reply.status_code, reply.headers["x-mock-error"]) == (500, "bug")
        assert (error["code"], error["message"]) == ("internal_error", "Internal server error")
        assert PLANTED not in reply.text


@pytest.mark.usefixtures("broken_models")
def test_a_bug_does_not_hide_what_failed_in_the_block() -> None:
    with pytest.raises(AssertionError, match="the test's own"):
        list(served(h11=False, failing=True))


@pytest.mark.usefixtures("broken_models")
def test_a_bug_is_kept_for_whoever_runs_the_application_himself(guide: Caller) -> None:
    reply = guide.get("/v1/models")
    assert (reply.status_code, reply.json()["error"]["code"]) == (500, "internal_error")
    assert [str(bug) for bug in guide.app.endpoint.bugs] == [PLANTED]


def test_a_fault_that_needs_a_connection_is_refused_where_there_is_none(guide: Caller) -> None:
    with pytest.raises(RuntimeError, match="need a real connection"):
        guide.get("/v1/models", headers={"X-Mock-Fault": "reset"})


def test_a_fault_that_nobody_knows_is_refused_with_the_nearest_name(guide: Caller) -> None:
    reply = guide.get("/v1/models", headers={"X-Mock-Fault": "rest"})
    assert (reply.status_code, reply.headers["x-mock-error"]) == (400, "request")
    assert "did you mean 'reset'" in reply.text


def test_a_block_ends_although_a_reply_is_still_being_waited_for() -> None:
    with start() as mock:
        host, _, port = mock.url.removeprefix("http://").partition(":")
        stalled = socket.create_connection((host, int(port)))
        stalled.sendall(
            f"GET /v1/models HTTP/1.1\r\nhost: a\r\nauthorization: Bearer {mock.api_key}\r\n"
            "x-mock-fault: stall(100000)\r\n\r\n".encode()
        )
        assert get_models(mock.url).status_code == 200
    with stalled:
        assert b"200 OK" not in stalled.recv(65_536)


def test_no_thread_is_left_behind() -> None:
    before = threading.active_count()
    with start() as mock:
        reply = httpx.post(f"{mock.url}{SUBMIT}", json=FOX, headers=bearer(mock.api_key))
        reply.raise_for_status()
    assert threading.active_count() == before


def test_an_application_can_be_made_without_being_served() -> None:
    assert create_app("reference").mock.contract.name == "reference"
