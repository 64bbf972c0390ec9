"""A clock runs at a speed, stands still, is moved ahead, and wakes whoever waits on it."""

import asyncio
from collections.abc import Coroutine

import pytest

from mock_server.edge.clocks import Clock

EPOCH = 1_800_000_000.0


class Source:
    """Seconds that pass when the test says so."""

    def __init__(self) -> None:
        self.seconds = 5.0

    def __call__(self) -> float:
        return self.seconds


def clock(speed: float = 1.0) -> tuple[Clock, Source]:
    source = Source()
    return Clock(speed, EPOCH, source), source


@pytest.mark.parametrize(("speed", "passed"), [(1.0, 2.0), (20.0, 40.0), (0.5, 1.0), (0.0, 0.0)])
def test_a_clock_runs_as_fast_as_it_is_told(speed: float, passed: float) -> None:
    one, source = clock(speed)
    source.seconds += 2
    assert one.now() == EPOCH + passed


def test_a_clock_shows_the_time_of_the_day_at_first() -> None:
    assert Clock().now() > EPOCH - 10 * 365 * 86_400


def test_a_change_of_speed_does_not_move_a_clock() -> None:
    one, source = clock(10)
    source.seconds += 3
    one.run(2)
    assert one.now() == EPOCH + 30
    source.seconds += 3
    assert one.now() == EPOCH + 36


def test_a_frozen_clock_stands_still_until_it_is_moved() -> None:
    one, source = clock()
    one.run(0)
    source.seconds += 100
    assert one.now() == EPOCH
    one.advance(7)
    assert one.now() == EPOCH + 7
    one.set(EPOCH + 50)
    assert one.now() == EPOCH + 50


@pytest.mark.parametrize("speed", [-1.0, float("nan"), float("inf"), 1_000_001])
def test_a_speed_that_makes_no_sense_is_refused(speed: float) -> None:
    message = "expected a speed from 0 to 1000000"
    with pytest.raises(ValueError, match=message):
        clock()[0].run(speed)
    with pytest.raises(ValueError, match=message):
        Clock(speed)


@pytest.mark.parametrize("step", [-0.001, float("nan"), float("inf"), 1e12])
def test_time_never_runs_backwards_nor_out_of_reach(step: float) -> None:
    one, _ = clock()
    with pytest.raises(ValueError, match="expected a time from"):
        one.advance(step)
    assert one.now() == EPOCH


async def in_turns(*waiting: Coroutine[None, None, str]) -> set[asyncio.Task[str]]:
    """The tasks of these waits, each as far as it gets by itself."""
    tasks = {asyncio.ensure_future(one) for one in waiting}
    await settle()
    return tasks


async def settle() -> None:
    """Give every task that can go on the chance to do so."""
    for _ in range(10):
        await asyncio.sleep(0)


async def woken(one: Clock, seconds: float, name: str) -> str:
    await one.sleep(seconds)
    return name


def done(tasks: set[asyncio.Task[str]]) -> set[str]:
    return {task.result() for task in tasks if task.done()}


def test_moving_a_clock_wakes_those_whose_time_has_come() -> None:
    async def scene() -> list[set[str]]:
        one, _ = clock(0)
        tasks = await in_turns(woken(one, 1, "a"), woken(one, 5, "b"), woken(one, 5, "c"))
        seen = [done(tasks)]
        for step in (0.5, 0.5, 4):
            one.advance(step)
            await settle()
            seen.append(done(tasks))
        return seen

    assert asyncio.run(scene()) == [set(), set(), {"a"}, {"a", "b", "c"}]


def test_a_clock_that_starts_to_run_wakes_those_who_waited_while_it_stood() -> None:
    async def scene() -> str:
        one = Clock(0)
        (task,) = await in_turns(woken(one, 0.01, "a"))
        one.run(1000)
        return await task

    assert asyncio.run(scene()) == "a"


@pytest.mark.parametrize("seconds", [0, -1])
def test_no_time_at_all_is_not_waited_for(seconds: float) -> None:
    async def scene() -> set[str]:
        one, _ = clock(0)
        return done(await in_turns(woken(one, seconds, "a")))

    assert asyncio.run(scene()) == {"a"}


def test_a_wait_can_be_given_up() -> None:
    async def scene() -> bool:
        one, _ = clock(0)
        (task,) = await in_turns(woken(one, 5, "a"))
        task.cancel()
        await settle()
        one.advance(10)
        return task.cancelled()

    assert asyncio.run(scene())
