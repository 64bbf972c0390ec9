"""Places for stories side by side: never more at once than there are, and more when told so."""

import asyncio

from contract_tests.clients.client import Traffic
from contract_tests.exam.places import Places


async def most_at_once(places: Places, visitors: int, meanwhile: int | None = None) -> int:
    """The most visitors that were there at the same time; each stays for a few turns."""
    here = most = 0

    async def visit() -> None:
        nonlocal here, most
        async with places.place():
            here += 1
            most = max(most, here)
            for _ in range(5):
                await asyncio.sleep(0)
            here -= 1

    visits = [asyncio.ensure_future(visit()) for _ in range(visitors)]
    if meanwhile is not None:
        places.grow(meanwhile)
    await asyncio.gather(*visits)
    return most


def test_no_more_are_lent_than_there_are() -> None:
    async def look() -> int:
        return await most_at_once(Places(2), 6)

    assert asyncio.run(look()) == 2


def test_more_can_come_once_there_are_more() -> None:
    async def look() -> int:
        return await most_at_once(Places(1), 6, meanwhile=4)

    assert asyncio.run(look()) == 4


def test_only_a_few_clients_start_at_the_same_time_and_many_may_wait_for_their_polls() -> None:
    async def look() -> tuple[int, int]:
        places, here, first = Places(100), 0, None
        all_here = asyncio.Event()

        async def visit() -> None:
            nonlocal here
            async with places.place(), places.start(lambda: Traffic(first=first)):
                here += 1
                if here == 40:
                    all_here.set()
                await all_here.wait()

        visits = [asyncio.ensure_future(visit()) for _ in range(40)]
        await asyncio.sleep(0)
        starting, first = here, 1.0
        await asyncio.gather(*visits)
        return starting, here

    starting, started = asyncio.run(look())
    assert 0 < starting < started == 40


def test_there_are_never_fewer_than_before() -> None:
    places = Places(3)
    places.grow(1)
    assert places.number == 3


def test_a_client_that_calls_at_once_gets_more_places_than_one() -> None:
    async def grown() -> int:
        places = Places(1)
        await places.grow_as_fit(lambda: Traffic(first=1.0))
        return places.number

    assert asyncio.run(grown()) > 1
