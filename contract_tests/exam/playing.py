"""Playing a story with a client: in virtual time one by one, in real time many side by side."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Self

from contract_tests.clients.client import Client
from contract_tests.clients.virtual_loop import VirtualLoop
from contract_tests.exam.lag import Lag
from contract_tests.exam.places import Places
from contract_tests.exam.traffic import traffic_of
from contract_tests.exam.venue import Seat, Venue, Wish, open_venue
from contract_tests.stories.duration import real_seconds
from contract_tests.trace import Timing, Trace
from mock_server import Clock
from mock_server.core.scenario import Scenario

# A client that is still at it after so many times the longest wait that the vendor advises is
# ended by force: it would never give up.
_PATIENCE = 3.0
# So many at once still leave a machine of two cores in peace.
FEW = 4
# What these rules look for grows from run to run, and shows only where one follows the other.
_IN_TURN = frozenset({"no-leaks"})
# So many of the longest intervals between polls have to pass in silence when all is done.
_QUIET_INTERVALS = 3


@dataclass(slots=True)
class Played:
    """A story and the seats of its runs, kept until their traces are taken."""

    story: Scenario
    seats: list[Seat]

    def trace(self, venue: Venue, timing: Timing) -> Trace:
        """The trace of the first run, with those of the others as its repeats."""
        first, *others = (venue.trace(seat, timing) for seat in self.seats)
        return replace(first, repeats=tuple(others))


async def play(
    venue: Venue, client: Client, story: Scenario, stack: ExitStack, places: Places | None = None
) -> Played:
    """Play all runs of a story; their sessions end with the stack.

    With ``places``, the runs are side by side where the story allows it, each in a place of its
    own; else one after the other. Raises ``Escaped`` when the client has left virtual time.
    """

    async def one(run: int) -> Seat:
        async with AsyncExitStack() as lent:
            if places is not None:
                await lent.enter_async_context(places.place())
            seat = stack.enter_context(venue.seat(story, client, run))
            if places is not None:
                await lent.enter_async_context(places.start(partial(traffic_of, seat.session)))
            await _do(venue, seat)
            return seat

    runs = range(story.client.runs)
    if places is None or _IN_TURN & set(story.expect):
        return Played(story, [await one(run) for run in runs])
    return Played(story, list(await asyncio.gather(*map(one, runs))))


async def _do(venue: Venue, seat: Seat) -> None:
    plan = seat.story.client
    clients = [seat.client, *(seat.client.another() for _ in range(plan.clients - 1))]
    numbers = range(1, plan.clients * plan.jobs + 1)
    limit = venue.contract.polling.max_wait * _PATIENCE
    try:
        for one in clients[1:]:
            await one.begin()
        # Made before any of them begins: a job takes a moment to prepare.
        jobs = [venue.job(seat, number) for number in numbers]
        now = seat.session.clock.now
        doing = (
            clients[index % plan.clients].do(job, now, plan.stop, limit)
            for index, job in enumerate(jobs)
        )
        seat.dones.extend(await asyncio.gather(*doing))
    finally:
        for one in clients[1:]:
            if one is not seat.client:
                await one.end()


class Player(ABC):
    """Plays stories with one client, and gives their traces. Use it as a context manager.

    One event loop runs everything: the venue, the client and the clocks.
    """

    def __init__(self, client: Client, wish: Wish) -> None:
        self.client = client
        self.wish = wish
        self.venue: Venue
        self._runner: asyncio.Runner
        self._open: AsyncExitStack
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        try:
            runner = asyncio.Runner(loop_factory=self._loop_factory())
            self._runner = self._stack.enter_context(runner)
            self._open = AsyncExitStack()
            self._stack.callback(self._close)
            self.venue = self._runner.run(self._begin())
        except BaseException:
            # Nobody else would: there is no block yet that could end.
            self._stack.close()
            raise
        return self

    def __exit__(self, *exception: object) -> None:
        self._stack.close()

    def _close(self) -> None:
        self._runner.run(self._open.aclose())

    def _loop_factory(self) -> Callable[[], asyncio.AbstractEventLoop] | None:
        return None

    async def _begin(self) -> Venue:
        venue = await self._open.enter_async_context(open_venue(self.wish, self._clock()))
        self.client.watch = venue.traffic
        await self._open.enter_async_context(_begun(self.client))
        return venue

    def _clock(self) -> Callable[[], Clock] | None:
        return None

    @abstractmethod
    def play(self, story: Scenario) -> Trace:
        """The trace of one story, with its repeats; raises ``Escaped``."""


@asynccontextmanager
async def _begun(client: Client) -> AsyncIterator[None]:
    await client.begin()
    try:
        yield
    finally:
        await client.end()


class VirtualPlayer(Player):
    """Plays in virtual time: exact gaps, and no waiting."""

    def _loop_factory(self) -> Callable[[], asyncio.AbstractEventLoop]:
        return VirtualLoop

    def _clock(self) -> Callable[[], Clock]:
        loop: Any = asyncio.get_running_loop()
        return lambda: Clock(epoch=loop.wall(), source=loop.time)

    def play(self, story: Scenario) -> Trace:
        """The trace of one story, with its repeats; raises ``Escaped``."""
        # Not run(): it sets up signals anew each time, for stories that take milliseconds.
        return self._runner.get_loop().run_until_complete(self._play(story))

    async def _play(self, story: Scenario) -> Trace:
        with ExitStack() as stack:
            played = await play(self.venue, self.client, story, stack)
            await asyncio.sleep(_QUIET_INTERVALS * self.venue.contract.polling.ceiling)
            return played.trace(self.venue, Timing())


class RealPlayer(Player):
    """Plays in real time, many stories side by side.

    ``at_once`` is how many (None: as many as the machine can bear, which shows when the first has
    begun). Sessions stay until all have been played, so that what a client does too late is seen.
    """

    def __init__(self, client: Client, wish: Wish, at_once: int | None = None) -> None:
        super().__init__(client, wish)
        self.at_once = at_once

    def _clock(self) -> Callable[[], Clock] | None:
        return self.wish.clock

    def play(self, story: Scenario) -> Trace:
        """The trace of one story, with its repeats, played alone."""
        (trace,) = self.play_all((story,), at_once=1)
        return trace

    def play_all(
        self,
        stories: tuple[Scenario, ...],
        heard: Callable[[Scenario], None] = lambda story: None,
        at_once: int | None = None,
    ) -> tuple[Trace, ...]:
        """The traces of all stories, in their order; ``heard`` is told of each that is over."""
        return self._runner.run(self._play_all(stories, heard, at_once or self.at_once))

    def _in_turn(self, stories: tuple[Scenario, ...], most: int | None) -> list[int]:
        """The places of the stories, side by side the longest first: it must not begin late."""
        if most == 1:
            return list(range(len(stories)))
        seconds = [real_seconds(story, self.venue.contract) for story in stories]
        return sorted(range(len(stories)), key=lambda index: -seconds[index])

    async def _grow(self, places: Places, most: int | None) -> None:
        if most is None:
            await places.grow_as_fit(self.venue.any_traffic, self.wish.speed)

    async def _play_all(
        self, stories: tuple[Scenario, ...], heard: Callable[[Scenario], None], most: int | None
    ) -> tuple[Trace, ...]:
        places = Places(most or 1)
        with ExitStack() as stack:

            async def one(story: Scenario) -> Played:
                played = await play(self.venue, self.client, story, stack, places)
                heard(story)
                return played

            async with Lag() as lag:
                playing = {
                    index: asyncio.ensure_future(one(stories[index]))
                    for index in self._in_turn(stories, most)
                }
                growing = asyncio.ensure_future(self._grow(places, most))
                all_played = await asyncio.gather(
                    *(playing[index] for index in range(len(stories)))
                )
                growing.cancel()
            timing = Timing(
                virtual=False,
                noise=lag.seconds * self.wish.speed,
                unloaded=min(places.number, len(stories)) <= FEW,
            )
            return tuple(played.trace(self.venue, timing) for played in all_played)
