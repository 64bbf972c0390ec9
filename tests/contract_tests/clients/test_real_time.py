"""The same callables in real time, in an ordinary loop."""

import asyncio
import threading
import time

import aiohttp
import pytest
import requests

from contract_tests.clients.callables import client_of
from contract_tests.outcome import Job, Outcome, OutcomeStatus
from mock_server.core.client_plan import Stop, StopBy
from tests.contract_tests.clients.python_clients import headers_of
from tests.contract_tests.clients.stage import alone, play

SUCCEEDED = Outcome(OutcomeStatus.SUCCEEDED)


def test_a_function_calls_the_mock() -> None:
    def client(job: Job) -> Outcome:
        requests.get(f"{job.base_url}/models", headers=headers_of(job), timeout=60)
        return SUCCEEDED

    seen = play(client_of(client), real=True, jobs=3)
    assert [done.raised for done in seen.dones] == [None] * 3
    assert len(seen.exchanges) == 3


def test_a_coroutine_calls_the_mock() -> None:
    async def client(job: Job) -> Outcome:
        async with (
            aiohttp.ClientSession(headers=headers_of(job)) as session,
            session.get(f"{job.base_url}/models") as reply,
        ):
            await reply.read()
        return SUCCEEDED

    seen = play(client_of(client), real=True, jobs=3)
    assert [done.raised for done in seen.dones] == [None] * 3
    assert len(seen.exchanges) == 3


def test_nothing_is_virtual() -> None:
    def client(job: Job) -> Outcome:
        assert type(threading.Lock()).__module__ == "_thread"
        began = time.monotonic()
        time.sleep(0.01)
        assert time.monotonic() - began >= 0.01
        return SUCCEEDED

    (done,) = alone(client, real=True)
    assert (done.raised, done.outcome is not None) == (None, True)


def test_a_coroutine_is_cancelled() -> None:
    async def client(job: Job) -> Outcome:
        await asyncio.Event().wait()
        return SUCCEEDED

    done = play(client_of(client), real=True, stop=Stop(StopBy.CANCEL, 0.0)).done
    assert done.outcome is not None
    assert done.outcome.status is OutcomeStatus.CANCELLED
    assert done.stopped is not None


def test_what_never_ends_is_ended() -> None:
    async def waits(job: Job) -> None:
        await asyncio.Event().wait()

    def computes(job: Job) -> None:
        while True:
            pass

    assert alone(waits, real=True, limit=0.05)[0].outcome is None
    assert alone(computes, real=True, limit=0.05)[0].outcome is None


@pytest.mark.parametrize("real", [False, True], ids=["in virtual time", "in real time"])
def test_threads_are_gone_in_the_end(real: bool) -> None:
    before = set(threading.enumerate())

    def client(job: Job) -> Outcome:
        return SUCCEEDED

    async def coroutine(job: Job) -> Outcome:
        return SUCCEEDED

    alone(client, jobs=2, real=real)
    alone(coroutine, jobs=2, real=real)
    for thread in set(threading.enumerate()) - before:
        thread.join(60)
        assert not thread.is_alive()
