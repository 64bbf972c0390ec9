"""A mock in a virtual loop, and clients that do jobs there."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from contract_tests.clients.callables import client_of
from contract_tests.clients.client import Client, Traffic
from contract_tests.clients.virtual_loop import VirtualLoop
from contract_tests.outcome import Job
from contract_tests.trace import Done, Exchange
from mock_server import Application, Clock, Session, create_app, serve_in_loop
from mock_server.core.client_plan import Stop
from mock_server.core.scenario import Scenario
from mock_server.core.trace import gaps, trace_of
from mock_server.loading.scenarios import scenario_from

_STORY = {"title": "A story", "why": "Told by a test."}


@dataclass
class Played:
    """What the jobs of one story came to, and the calls that the mock saw."""

    dones: list[Done]
    exchanges: tuple[Exchange, ...]

    @property
    def done(self) -> Done:
        (one,) = self.dones
        return one

    @property
    def status(self) -> str | None:
        """How the only job ended, in the client's own word; None if it did not."""
        outcome = self.done.outcome
        return None if outcome is None else outcome.status.value

    @property
    def message(self) -> str:
        assert self.done.outcome is not None
        return self.done.outcome.message or ""

    @property
    def gaps(self) -> list[float]:
        """Seconds from each call to the next."""
        return [gap.seconds for gap in gaps(self.exchanges)]

    @property
    def lasted(self) -> float:
        return self.done.ended - self.done.started


@dataclass
class Stage:
    """A mock that is served in the running loop."""

    application: Application
    url: str
    numbers: "list[int]" = field(default_factory=list)

    def session(self, **story: Any) -> Session:
        """A session that tells the usual story with these members."""
        mock = self.application.mock
        scenario: Scenario = scenario_from({**_STORY, **story}, mock.contract)
        return mock.create_session(None, scenario)

    def traffic(self, job: Job) -> Traffic:
        """What has reached the session of a job so far, as far as these tests ask."""
        found = self.application.mock.sessions.locate("/v1", None, f"Bearer {job.api_key}".encode())
        assert found is not None
        calls = trace_of(found.session.world).exchanges
        return Traffic(first=calls[0].started if calls else None)

    def job(self, session: Session, **order: Any) -> Job:
        self.numbers.append(len(self.numbers) + 1)
        number = str(self.numbers[-1])
        return Job(base_url=f"{self.url}/v1", api_key=session.keys[0], id=number, **order)

    async def play(
        self,
        client: Client,
        *,
        jobs: int = 1,
        stop: Stop | None = None,
        limit: float = 600.0,
        folder: Path | None = None,
        prompt: str = "A lighthouse",
        **story: Any,
    ) -> Played:
        """Let a client do jobs in a session of their own."""
        session = self.session(**story)
        now = session.clock.now
        orders = [self.job(session, out_dir=folder, prompt=prompt) for _ in range(jobs)]
        try:
            dones = await asyncio.gather(*(client.do(order, now, stop, limit) for order in orders))
            # The mock hears of a caller who has left a moment later.
            await asyncio.sleep(0.01)
            return Played(dones, trace_of(session.world).exchanges)
        finally:
            self.application.mock.delete_session(session)


@asynccontextmanager
async def stage(certificate: tuple[str, str] | None = None) -> AsyncIterator[Stage]:
    """Serve a mock in the running loop, whose time is that of its sessions."""
    loop: Any = asyncio.get_running_loop()
    clock = (
        (lambda: Clock(epoch=loop.wall(), source=loop.time))
        if isinstance(loop, VirtualLoop)
        else None
    )
    application = create_app(clock=clock, thumbnails=True)
    async with serve_in_loop(application, certificate=certificate) as url:
        yield Stage(application, url)


def play(client: Client, *, real: bool = False, **story: Any) -> Played:
    """Let a client do jobs in a story, in virtual time unless in ``real`` time."""

    async def scene() -> Played:
        async with stage() as here:
            await client.begin()
            try:
                return await here.play(client, **story)
            finally:
                await client.end()

    seen: Played = on_stage(scene, real=real)
    return seen


def on_stage(scene: Callable[[], Any], *, real: bool = False) -> Any:
    """Run a coroutine function in a virtual loop of its own."""
    with asyncio.Runner(loop_factory=None if real else VirtualLoop) as runner:
        return runner.run(scene())


def alone(
    function: Callable[..., Any], *, jobs: int = 1, limit: float = 600.0, real: bool = False
) -> list[Done]:
    """Let a callable do jobs that need no mock."""

    async def scene() -> list[Done]:
        loop = asyncio.get_running_loop()
        client = client_of(function)
        now = loop.wall if isinstance(loop, VirtualLoop) else time.time
        await client.begin()
        try:
            orders = [
                Job("http://127.0.0.1:9/v1", "sk-mock-alone", "A lighthouse", id=str(number))
                for number in range(1, jobs + 1)
            ]
            return await asyncio.gather(*(client.do(order, now, None, limit) for order in orders))
        finally:
            await client.end()

    dones: list[Done] = on_stage(scene, real=real)
    return dones


def told(done: Done) -> str:
    """What is wrong with a job, in the client's own words; empty if it ended well."""
    if done.outcome is None:
        return "it did not end"
    return done.outcome.message or ""


@contextmanager
def lasting(seconds: float) -> Iterator[None]:
    """Demand that a block takes so many seconds of its thread's time."""
    began = time.monotonic()
    yield
    assert time.monotonic() - began == pytest.approx(seconds, abs=1e-6)
