"""Python clients in virtual time: waits, timeouts and faults take exactly what they should."""

import asyncio
import random
import time
from collections.abc import Callable
from typing import Any

import aiohttp
import pytest
import requests

from contract_tests.clients.callables import client_of
from contract_tests.clients.virtual_loop import VirtualLoop
from contract_tests.outcome import Job, Outcome, OutcomeStatus
from mock_server.core.client_plan import Stop, StopBy
from tests.contract_tests.clients.python_clients import LIBRARIES, headers_of
from tests.contract_tests.clients.stage import Played, on_stage, play, stage

SUCCEEDED = Outcome(OutcomeStatus.SUCCEEDED)
EXACTLY = 1e-6
# Each drop of a reply may be early by what an epoch time in a float cannot tell.
ALMOST = 1e-4

library = pytest.mark.parametrize("library", LIBRARIES)


def faults(*submits: str) -> dict[str, Any]:
    return {"faults": {"submit": list(submits)}}


def played(library: str, *submits: str, **how: Any) -> Played:
    return play(client_of(LIBRARIES[library]), **faults(*submits), **how)


@library
def test_the_waits_between_calls_are_exact(library: str) -> None:
    seen = played(library, "429 x3")
    assert seen.status == "succeeded"
    assert seen.gaps == pytest.approx([1, 2, 4, 2, 2], abs=EXACTLY)


@library
def test_a_stall_meets_the_timeout_of_the_client(library: str) -> None:
    seen = played(library, "stall(30)")
    assert seen.status == "failed"
    assert seen.done.typed
    assert seen.lasted == pytest.approx(10, abs=EXACTLY)
    assert seen.exchanges[0].aborted


@library
def test_a_broken_reply_is_seen_at_once(library: str) -> None:
    async def scene() -> list[Played]:
        async with stage() as here:
            client = client_of(LIBRARIES[library])
            await client.begin()
            broken = ("cut", "reset", "close", "broken_chunk")
            seen = [await here.play(client, **faults(fault)) for fault in broken]
            await client.end()
            return seen

    for seen in on_stage(scene):
        assert (seen.status, seen.done.typed) == ("failed", True)
        assert seen.lasted == 0


@library
def test_a_reply_in_drops_takes_its_time(library: str) -> None:
    seen = played(library, "drip(20)")
    dripped = seen.exchanges[0].total_wait
    assert dripped > 5
    assert seen.status == "succeeded"
    assert seen.gaps[0] == pytest.approx(dripped + 2, abs=ALMOST)


@library
def test_twenty_jobs_at_once_end_as_one_does_and_always_in_the_same_order(library: str) -> None:
    def story() -> list[tuple[float, str, int | None]]:
        seen = played(library, "429 x20", jobs=20)
        assert {done.outcome.status.value for done in seen.dones if done.outcome} == {"succeeded"}
        began = seen.dones[0].started
        return [(one.started - began, one.operation, one.status) for one in seen.exchanges]

    first = story()
    assert len(first) == 80
    assert [moment for moment, *_ in first][::20] == pytest.approx([0, 1, 3, 5], abs=EXACTLY)
    assert story() == first


def test_a_client_sees_the_clock_of_its_session() -> None:
    seen: list[float] = []

    def client(job: Job) -> Outcome:
        seen.append(time.time())
        time.sleep(100)
        seen.append(time.time())
        return SUCCEEDED

    done = play(client_of(client)).done
    assert seen == [done.started, done.ended]
    assert done.ended - done.started == pytest.approx(100, abs=EXACTLY)


def test_a_story_takes_as_long_after_another_as_alone() -> None:
    async def scene() -> list[float]:
        async with stage() as here:
            client = client_of(LIBRARIES["aiohttp"])
            await client.begin()
            lasted = []
            for late in ("delay(0.3)", "stall(30)"):
                lasted.append((await here.play(client, **faults(late))).lasted)
            await client.end()
            return lasted

    # aiohttp rounds a long timeout up to a whole second of its clock.
    assert on_stage(scene)[1] == pytest.approx(10, abs=EXACTLY)


def test_a_cancelled_client_makes_no_further_call() -> None:
    async def client(job: Job) -> Outcome:
        return await LIBRARIES["aiohttp"](job)  # type: ignore[no-any-return]

    done = play(client_of(client), stop=Stop(StopBy.CANCEL, 3.0)).done
    assert done.outcome is not None
    assert done.outcome.status is OutcomeStatus.CANCELLED
    assert done.stopped is not None
    assert done.stopped - done.started == pytest.approx(3, abs=EXACTLY)
    assert (done.raised, done.typed, done.ended) == (None, True, done.stopped)


def test_the_moment_to_stop_is_counted_from_the_first_call() -> None:
    async def scene() -> Played:
        async with stage() as here:
            client = client_of(slow_to_begin)
            await client.begin()
            client.watch = here.traffic
            seen = await here.play(client, stop=Stop(StopBy.CANCEL, 3.0))
            await client.end()
            return seen

    async def slow_to_begin(job: Job) -> Outcome:
        await asyncio.sleep(50)
        return await LIBRARIES["aiohttp"](job)  # type: ignore[no-any-return]

    assert on_stage(scene).lasted == pytest.approx(53, abs=EXACTLY)


def test_a_function_that_waits_is_not_stopped() -> None:
    seen = play(client_of(LIBRARIES["requests"]), stop=Stop(StopBy.CANCEL, 1.0))
    assert (seen.status, seen.done.stopped) == ("succeeded", None)


def test_connections_that_are_left_open_are_counted() -> None:
    kept: list[requests.Session] = []

    def client(job: Job) -> Outcome:
        kept.append(requests.Session())
        kept[-1].get(f"{job.base_url}/models", headers=headers_of(job))
        return SUCCEEDED

    async def scene() -> list[int]:
        async with stage() as here:
            leaking = client_of(client)
            await leaking.begin()
            found = [(await here.play(leaking)).done.leftovers for _ in range(3)]
            for session in kept:
                session.close()
            found.append((await here.play(client_of(lambda job: SUCCEEDED))).done.leftovers)
            await leaking.end()
            return found

    assert on_stage(scene) == [1, 2, 3, 0]


def test_a_client_keeps_its_session_from_one_exam_to_the_next() -> None:
    sessions: list[aiohttp.ClientSession] = []

    async def client(job: Job) -> Outcome:
        if not sessions:
            sessions.append(aiohttp.ClientSession())
        async with sessions[0].get(f"{job.base_url}/models", headers=headers_of(job)) as reply:
            await reply.read()
        if job.prompt == "The last":
            await sessions[0].close()
        return SUCCEEDED

    examined = client_of(client)
    assert play(examined).status == "succeeded"
    assert play(examined, real=True).status == "succeeded"
    assert play(examined, prompt="The last").status == "succeeded"


def test_a_loop_may_be_closed_while_a_client_is_at_work() -> None:
    ended: list[str] = []

    def client(job: Job) -> None:
        try:
            time.sleep(1e9)
        finally:
            ended.append("sync")

    async def scene() -> None:
        async with stage() as here:
            playing = asyncio.ensure_future(here.play(client_of(client), limit=1e10))
            await asyncio.sleep(5)
            assert not playing.done()

    on_stage(scene)
    assert ended == ["sync"]


@pytest.mark.proof
def test_no_run_of_ten_thousand_has_a_wrong_figure(proof_size: Callable[[int, int], int]) -> None:
    runs = proof_size(60, 10_000)
    dice = random.Random(7)

    async def run(number: int, here: Any, clients: dict[str, Any]) -> str | None:
        name = dice.choice(sorted(clients))
        jobs = dice.choice([1, 1, 1, 2, 5])
        late = dice.choice([None, "delay(3.25)", "drip(50)", "stall(30)"])
        submits = ["429"] * (3 * jobs) if late is None else [late]
        seen = await here.play(clients[name], jobs=jobs, **faults(*submits))
        wrong = _wrong(seen, late)
        return None if wrong is None else f"run {number}, {name}, {jobs} jobs, {late}: {wrong}"

    async def scene() -> list[str]:
        async with stage() as here:
            clients = {name: client_of(one) for name, one in LIBRARIES.items()}
            for client in clients.values():
                await client.begin()
            found = [await run(number, here, clients) for number in range(runs)]
            for client in clients.values():
                await client.end()
            return [text for text in found if text is not None]

    assert on_stage(scene) == []


def _wrong(seen: Played, late: str | None) -> str | None:
    """What is wrong with the moments of a story's calls, if anything is."""
    began = seen.dones[0].started
    moments = sorted({round(one.started - began, 4) for one in seen.exchanges})
    if late is None:
        expected: list[float] = [0, 1, 3, 7, 9, 11]
    else:
        # A task is done 3 seconds after it was made, which its client sees at its second poll, or
        # at the first if the reply came late.
        wait = seen.exchanges[0].total_wait
        others = [0, 2, 4] if len(seen.dones) > 1 else [0]
        first = [] if late == "stall(30)" else [round(wait + 2, 4)]
        expected = sorted({*others, *first})
    return None if moments == expected else f"expected calls at {expected}, seen {moments}"


def test_the_loop_is_one_of_asyncio() -> None:
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        assert runner.run(asyncio.sleep(1e6, "awake")) == "awake"
