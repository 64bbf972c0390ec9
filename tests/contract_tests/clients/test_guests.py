"""Threads, locks, queues, pools and event loops of a client live in virtual time too."""

import asyncio
import concurrent.futures
import queue
import subprocess
import threading
import time
from collections.abc import Callable

import pytest

from contract_tests.clients.callables import client_of
from contract_tests.outcome import Job, Outcome, OutcomeStatus
from tests.contract_tests.clients.stage import alone, lasting, on_stage, stage, told

SUCCEEDED = Outcome(OutcomeStatus.SUCCEEDED)
# A pool as clients have it: made when their module is read.
POOL = concurrent.futures.ThreadPoolExecutor(2)


def waits_for_an_event() -> None:
    event = threading.Event()
    with lasting(3):
        assert not event.wait(3)
    threading.Timer(5, event.set).start()
    with lasting(5):
        assert event.wait(100)


def waits_for_a_queue() -> None:
    items: queue.Queue[int] = queue.Queue(1)

    def produce() -> None:
        for item in range(3):
            time.sleep(2)
            items.put(item)

    producer = threading.Thread(target=produce)
    producer.start()
    with lasting(1), pytest.raises(queue.Empty):
        items.get(timeout=1)
    with lasting(5):
        assert [items.get() for _ in range(3)] == [0, 1, 2]
    producer.join()
    assert not producer.is_alive()


def waits_for_a_simple_queue() -> None:
    items: queue.SimpleQueue[str] = queue.SimpleQueue()
    with lasting(4), pytest.raises(queue.Empty):
        items.get(timeout=4)
    items.put("an item")
    assert items.get() == "an item"


def waits_for_a_thread() -> None:
    thread = threading.Thread(target=time.sleep, args=(10,))
    thread.start()
    with lasting(4):
        thread.join(4)
    assert thread.is_alive()
    with lasting(6):
        thread.join()
    assert not thread.is_alive()


def waits_for_a_lock() -> None:
    lock = threading.Lock()

    def hold() -> None:
        with lock:
            time.sleep(5)

    threading.Thread(target=hold).start()
    time.sleep(1)
    assert not lock.acquire(blocking=False)
    with lasting(2):
        assert not lock.acquire(timeout=2)
    with lasting(2), lock:
        assert lock.locked()


def waits_for_a_lock_that_it_may_take_twice() -> None:
    lock = threading.RLock()

    def hold() -> None:
        with lock, lock:
            time.sleep(5)

    threading.Thread(target=hold).start()
    time.sleep(1)
    with lasting(4), lock, lock:
        pass


def waits_for_a_condition() -> None:
    condition = threading.Condition()

    def tell() -> None:
        time.sleep(3)
        with condition:
            condition.notify_all()

    threading.Thread(target=tell).start()
    with condition, lasting(3):
        assert condition.wait(60)
    with condition, lasting(1):
        assert not condition.wait_for(lambda: False, timeout=1)


def waits_for_a_pool() -> None:
    with lasting(6), concurrent.futures.ThreadPoolExecutor(2) as pool:
        list(pool.map(time.sleep, [3, 3, 3, 3]))


def waits_for_a_pool_that_was_there_before() -> None:
    with lasting(2):
        future = POOL.submit(time.sleep, 7)
        with pytest.raises(concurrent.futures.TimeoutError):
            future.result(timeout=2)
    with lasting(5):
        future.result()


def runs_a_loop_of_its_own() -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()
        with lasting(4):
            await asyncio.gather(asyncio.sleep(2), asyncio.sleep(4))
        with lasting(3):
            await loop.run_in_executor(None, time.sleep, 3)
        with lasting(5), pytest.raises(TimeoutError):
            async with asyncio.timeout(5):
                await asyncio.Event().wait()
        with lasting(1):
            assert await asyncio.open_connection("localhost", 1) is None

    with pytest.raises(ConnectionRefusedError), lasting(13):
        asyncio.run(main())


def runs_a_loop_in_a_thread() -> None:
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    with lasting(2):
        assert asyncio.run_coroutine_threadsafe(asyncio.sleep(2, "slept"), loop).result() == "slept"
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


def spins_on_the_clock() -> None:
    began = time.monotonic()
    while time.monotonic() - began < 5:
        pass
    assert time.monotonic() - began == pytest.approx(5, abs=0.5)


def starts_a_short_process() -> None:
    with lasting(0):
        assert subprocess.check_output(["echo", "hello"]) == b"hello\n"


@pytest.mark.parametrize(
    "doing",
    [
        waits_for_an_event,
        waits_for_a_queue,
        waits_for_a_simple_queue,
        waits_for_a_thread,
        waits_for_a_lock,
        waits_for_a_lock_that_it_may_take_twice,
        waits_for_a_condition,
        waits_for_a_pool,
        waits_for_a_pool_that_was_there_before,
        runs_a_loop_of_its_own,
        runs_a_loop_in_a_thread,
        spins_on_the_clock,
        starts_a_short_process,
    ],
    ids=lambda doing: doing.__name__.replace("_", " "),
)
def test_in_virtual_time_a_client(doing: Callable[[], None]) -> None:
    def client(job: Job) -> Outcome:
        doing()
        return SUCCEEDED

    (done,) = alone(client)
    assert (done.raised, told(done)) == (None, "")


def test_a_pool_that_was_there_before_serves_one_exam_after_the_other() -> None:
    def client(job: Job) -> Outcome:
        waits_for_a_pool_that_was_there_before()
        return SUCCEEDED

    assert [told(done) for _ in range(3) for done in alone(client)] == ["", "", ""]


def test_a_lock_is_held_for_others_while_its_owner_sleeps() -> None:
    locks: list[threading.Lock] = []

    def client(job: Job) -> Outcome:
        if not locks:
            locks.append(threading.Lock())
        with locks[0]:
            time.sleep(2)
        return SUCCEEDED

    dones = alone(client, jobs=3)
    assert [done.ended - dones[0].started for done in dones] == pytest.approx([2, 4, 6], abs=1e-6)


def test_a_coroutine_that_blocks_its_loop_blocks_the_jobs_beside_it_and_nothing_else() -> None:
    async def client(job: Job) -> Outcome:
        time.sleep(2)  # noqa: ASYNC251 - the mistake that this is about
        await asyncio.sleep(1)
        return SUCCEEDED

    dones = alone(client, jobs=2)
    assert [done.ended - done.started for done in dones] == pytest.approx([4, 5], abs=1e-6)


def test_an_async_client_may_wait_in_threads() -> None:
    async def client(job: Job) -> Outcome:
        await asyncio.gather(*(asyncio.to_thread(time.sleep, 3) for _ in range(3)))
        return SUCCEEDED

    (done,) = alone(client)
    assert done.ended - done.started == pytest.approx(3, abs=1e-6)


def test_what_a_function_returns_may_have_to_be_awaited() -> None:
    async def later(job: Job) -> Outcome:
        await asyncio.sleep(3)
        return SUCCEEDED

    (done,) = alone(lambda job: later(job))  # noqa: PLW0108 - a coroutine function would be seen
    assert done.outcome is not None
    assert done.outcome.status is OutcomeStatus.SUCCEEDED
    assert done.ended - done.started == pytest.approx(3, abs=1e-6)


def test_calls_one_after_the_other_share_a_thread_and_calls_at_once_do_not() -> None:
    kept = threading.local()

    def client(job: Job) -> Outcome:
        kept.calls = [*getattr(kept, "calls", []), job.prompt]
        return Outcome(OutcomeStatus.SUCCEEDED, message=" ".join(kept.calls))

    async def scene() -> list[str]:
        async with stage() as here:
            examined = client_of(client)
            await examined.begin()
            played = [await here.play(examined, jobs=2, prompt=one) for one in ("a", "b")]
            await examined.end()
            return [told(done) for one in played for done in one.dones]

    assert on_stage(scene) == ["a", "a", "a b", "a b"]
