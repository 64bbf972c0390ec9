"""Clients that never end by themselves are ended, and the exam goes on."""

import asyncio
import time
from collections.abc import Callable
from typing import Any

import aiohttp
import pytest
import requests

from contract_tests.clients.callables import client_of
from contract_tests.clients.virtual import client_thread
from contract_tests.outcome import Job, Outcome, OutcomeStatus
from tests.contract_tests.clients.python_clients import headers_of
from tests.contract_tests.clients.stage import alone, play

SUCCEEDED = Outcome(OutcomeStatus.SUCCEEDED)


def waits_for_ever(job: Job) -> None:
    time.sleep(1e9)


async def awaits_for_ever(job: Job) -> None:
    await asyncio.Event().wait()


def polls_for_ever(job: Job) -> None:
    while True:
        time.sleep(2)


async def ignores_that_it_is_cancelled(job: Job) -> None:
    while True:
        try:
            await asyncio.sleep(1)
        except asyncio.CancelledError:
            continue


def ignores_whatever_is_raised(job: Job) -> None:
    while True:
        try:
            time.sleep(1)
        except BaseException:
            continue


@pytest.mark.parametrize(
    "client",
    [
        waits_for_ever,
        awaits_for_ever,
        polls_for_ever,
        ignores_that_it_is_cancelled,
        ignores_whatever_is_raised,
    ],
    ids=lambda client: client.__name__.replace("_", " "),
)
def test_a_client_has_no_outcome_if_it(client: Callable[[Job], Any]) -> None:
    (done,) = alone(client, limit=50.0)
    assert (done.outcome, done.raised) == (None, None)
    assert 50 <= done.ended - done.started <= 55.001


def test_the_next_client_is_well_after_one_that_ignored_everything() -> None:
    def client(job: Job) -> Outcome:
        if job.id == "1":
            ignores_whatever_is_raised(job)
        time.sleep(100)
        return SUCCEEDED

    first, second = alone(client, jobs=2, limit=150)
    assert first.outcome is None
    assert second.outcome is not None
    assert second.ended - second.started == pytest.approx(100, abs=1e-6)


def test_a_client_that_computes_for_ever_is_interrupted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_thread, "_LONGEST_TURN", 0.05)

    def client(job: Job) -> None:
        number = 0
        while True:
            number += 1

    (done,) = alone(client)
    assert done.outcome is None


def test_a_client_that_calls_again_and_again_without_a_pause_is_ended_in_time() -> None:
    def client(job: Job) -> None:
        with requests.Session() as session:
            while True:
                session.get(f"{job.base_url}/models", headers=headers_of(job))

    seen = play(client_of(client), limit=20.0)
    assert seen.done.outcome is None
    assert 20 <= seen.lasted < 30
    assert len(seen.exchanges) > 100


def test_an_async_client_that_never_pauses_is_ended_in_time() -> None:
    async def client(job: Job) -> None:
        async with aiohttp.ClientSession(headers=headers_of(job)) as session:
            while True:
                async with session.get(f"{job.base_url}/models") as reply:
                    await reply.read()

    seen = play(client_of(client), limit=20.0)
    assert seen.done.outcome is None
    assert 20 <= seen.lasted < 30


def test_time_goes_on_for_a_coroutine_that_gives_way_again_and_again() -> None:
    async def client(job: Job) -> Outcome:
        began = time.monotonic()
        while time.monotonic() - began < 5:  # noqa: ASYNC110 - the habit that this is about
            await asyncio.sleep(0)
        return SUCCEEDED

    (done,) = alone(client)
    assert done.outcome is not None
    assert done.ended - done.started == pytest.approx(5, abs=0.6)
