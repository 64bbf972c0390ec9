"""The load reads replies rightly and stops at the first that is wrong."""

from collections.abc import Iterator

import pytest

from benchmarks.api import status_reads, submits
from benchmarks.errors import CannotMeasure
from benchmarks.load import reply_end, send_each
from benchmarks.rounds import Effort, compare
from benchmarks.servers import Server, ask_for, control, serving
from benchmarks.tasks import create, reads

DOCUMENT = {"id": "task_1", "status": "queued"}
REPLY = b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc"


@pytest.fixture(scope="module")
def bare() -> Iterator[Server]:
    """The control, which answers with DOCUMENT."""
    with control(DOCUMENT) as server:
        yield server


def test_a_whole_reply_ends_where_its_length_says() -> None:
    assert reply_end(REPLY) == len(REPLY)
    assert reply_end(REPLY + b"HTTP") == len(REPLY)


@pytest.mark.parametrize("length", range(len(REPLY)))
def test_a_part_of_a_reply_has_no_end(length: int) -> None:
    assert reply_end(REPLY[:length]) == -1


def test_a_reply_without_a_length_is_an_error() -> None:
    with pytest.raises(ValueError, match="without Content-Length"):
        reply_end(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")


def test_each_request_is_answered_once(bare: Server) -> None:
    assert create(bare, 100) == ["task_1"] * 100


def test_fewer_requests_than_connections_are_enough(bare: Server) -> None:
    bodies = send_each(bare, submits(port=bare.port, key=bare.key)[:3], status=200)
    assert len(bodies) == 3


def test_a_reply_of_another_status_stops_the_load(bare: Server) -> None:
    requests = status_reads(["task_1"], port=bare.port, key=bare.key)
    with pytest.raises(CannotMeasure, match=r"control: expected HTTP/1.1 404, seen: HTTP/1.1 200"):
        send_each(bare, requests, status=404)


def test_a_single_request_of_another_status_is_told_with_its_document(bare: Server) -> None:
    [request] = status_reads(["task_1"], port=bare.port, key=bare.key)
    with pytest.raises(CannotMeasure, match=r"expected status 404, seen: 200 .*queued"):
        ask_for(bare, request, 404)


def test_a_server_that_is_gone_is_told() -> None:
    with control(DOCUMENT) as server:
        gone = server
    with pytest.raises(CannotMeasure, match="control: expected a connection"):
        create(gone, 1)


def test_a_server_that_does_not_start_is_told_with_what_it_printed() -> None:
    told = r"nowhere: expected its address and key.*No module"
    with pytest.raises(CannotMeasure, match=told), serving("nowhere", ["benchmarks.nowhere"]):
        pass


def test_servers_that_were_compared_run_on_afterwards(bare: Server) -> None:
    with control(DOCUMENT) as other:
        rounds = compare(Effort(1, 0.05), reads(bare, ["task_1"]), reads(other, ["task_1"]))
        assert rounds[0].subject.replies > 0
        assert rounds[0].control.replies > 0
        assert create(bare, 1) == create(other, 1) == ["task_1"]
