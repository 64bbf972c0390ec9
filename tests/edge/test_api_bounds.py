"""Memory: what callers send and leave behind stays within bounds, the oldest going first."""

import asyncio
import pickle
import tracemalloc
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from mock_server.core.journal import Entry
from mock_server.core.world import Bounds
from mock_server.edge.reading import CallerLeftError, read_body
from mock_server.edge.request import Interned
from tests.edge.callers import FOX, SUBMIT, Caller, caller

MEGABYTE = 1024 * 1024
PIECE = bytes(65_536)


def sending(*pieces: bytes, complete: bool = True) -> Callable[[], Awaitable[dict[str, Any]]]:
    """What a server hands on of a body in pieces; a caller that is not ``complete`` leaves."""
    messages: list[dict[str, Any]] = [
        {"type": "http.request", "body": piece, "more_body": True} for piece in pieces
    ]
    if complete:
        messages[-1]["more_body"] = False
    waiting = iter(messages)

    async def receive() -> dict[str, Any]:
        return next(waiting, {"type": "http.disconnect"})

    return receive


def read(receive: Callable[[], Awaitable[dict[str, Any]]], most: int) -> bytes | None:
    return asyncio.run(read_body(receive, most))


@pytest.mark.parametrize("pieces", [(b"hello",), (b"he", b"l", b"lo"), (b"", b"hello", b"")])
def test_a_body_is_put_together_up_to_the_last_byte_allowed(pieces: tuple[bytes, ...]) -> None:
    assert read(sending(*pieces), 5) == b"hello"
    assert read(sending(*pieces), 4) is None


def test_a_caller_that_leaves_has_sent_no_body() -> None:
    with pytest.raises(CallerLeftError):
        read(sending(complete=False), 5)
    with pytest.raises(CallerLeftError):
        read(sending(b"he", b"l", complete=False), 5)


def test_too_large_a_body_is_heard_out_without_being_kept() -> None:
    receive = sending(*[PIECE] * 1_600)
    tracemalloc.start()
    try:
        assert read(receive, MEGABYTE) is None
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 3 * MEGABYTE


def test_a_body_without_end_is_not_heard_out() -> None:
    heard = 0

    async def endless() -> dict[str, Any]:
        nonlocal heard
        heard += len(PIECE)
        return {"type": "http.request", "body": PIECE, "more_body": True}

    assert read(endless, MEGABYTE) is None
    assert heard < 300 * MEGABYTE


def test_a_body_over_the_limit_creates_nothing(guide: Caller) -> None:
    limit = guide.app.mock.contract.bodies.json_bytes
    fitting = {**FOX, "metadata": {"note": ""}}
    room = limit - len(guide.app.mock.contract.encode(fitting))
    for extra, status in ((0, 200), (1, 400)):
        body = {**FOX, "metadata": {"note": "x" * (room + extra)}}
        reply = guide.post(SUBMIT, content=guide.app.mock.contract.encode(body), headers=JSON)
        assert reply.status_code == status
    assert guide.world.submitted == 1


JSON = {"Content-Type": "application/json"}


def test_tasks_make_room_for_newer_ones() -> None:
    with caller(bounds=Bounds(tasks=2)) as one:
        tasks = [one.submit()["id"] for _ in range(3)]
        found = [one.get(f"{SUBMIT}/{task}").status_code for task in tasks]
        spent = one.get("/v1/balance").json()["used_credits"]
    assert found == [404, 200, 200]
    assert spent == 30


def test_tasks_are_kept_for_their_lifetime() -> None:
    with caller(bounds=Bounds(task_lifetime=100)) as one:
        first = one.submit()["id"]
        one.clock.advance(101)
        second = one.submit()["id"]
        found = [one.get(f"{SUBMIT}/{task}").status_code for task in (first, second)]
    assert found == [404, 200]


def test_the_journal_keeps_the_latest_calls_and_counts_the_others() -> None:
    with caller(bounds=Bounds(journal=3)) as one:
        for number in range(5):
            one.get(f"/{number}")
        journal = one.world.journal
        assert [entry.path for entry in journal] == ["/2", "/3", "/4"]
        assert journal.dropped == 2


@pytest.mark.parametrize("place", ["body", "path", "query", "header", "reply", "form"])
def test_the_journal_keeps_within_its_bytes_wherever_they_are(place: str) -> None:
    with caller(bounds=Bounds(journal_bytes=MEGABYTE)) as one:
        for number in range(60):
            send(one, place, f"{number}{'x' * 30_000}")
        entries = list(one.world.journal)
        assert one.world.journal.dropped + len(entries) == 60
        assert 0 < sum(map(kept_bytes, entries)) <= MEGABYTE


def kept_bytes(entry: Entry) -> int:
    """What an entry keeps of what was sent and answered."""
    head = sum(len(name) + len(value) for name, value in entry.headers)
    return head + len(entry.path) + len(entry.query) + len(entry.body) + len(entry.content)


def test_heads_that_many_requests_share_are_kept_once_and_long_ones_never() -> None:
    interned = Interned()
    for number in range(300):
        interned.head([(b"x-long", b"%d" % number + b"x" * 60_000)])
        interned.origin("http", b"%d" % number + b"x" * 60_000)
    shared = [interned.head([(b"x-short", bytes([49]))]) for _ in range(2)]
    assert shared[0] is shared[1]
    assert len(pickle.dumps(interned)) < 100_000


def send(one: Caller, place: str, filler: str) -> None:
    """A call that carries the filler in one of its places."""
    match place:
        case "path":
            one.get(f"/{filler}")
        case "query":
            one.get(f"/v1/models?q={filler}")
        case "header":
            one.get("/v1/models", headers={"X-Filler": filler})
        case "reply":
            one.post(SUBMIT, json={**FOX, "model": filler})
        case "form":
            one.post(SUBMIT, data={"model": "a", "prompt": filler}, files={"x": b"x"})
        case _:
            one.post(SUBMIT, json={"prompt": filler})
