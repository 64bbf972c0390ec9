"""Threads, locks, queues, pools and event loops of a client live in virtual time too."""

import asyncio
import concurrent.futures
import queue
import select
import selectors
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from contract_tests.clients.callables import client_of
from contract_tests.outcome import Job, Outcome, OutcomeStatus
from tests.contract_tests.clients.stage import alone, on_stage, stage, told

SUCCEEDED = Outcome(OutcomeStatus.SUCCEEDED)
# A pool as clients have it: made when their module is read.
POOL = concurrent.futures.ThreadPoolExecutor(2)


@contextmanager
def lasting(seconds: float) -> Iterator[None]:
    """Demand that a block takes so long."""
    began = time.monotonic()
    yield
    assert time.monotonic() - began == pytest.approx(seconds, abs=1e-6)


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


def waits_for_sockets() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        threading.Timer(3, theirs.send, [b"x"]).start()
        with lasting(3):
            assert select.select([ours], [], [], 60)[0] == [ours]
        with lasting(0):
            assert select.select([ours], [ours], [], 60)[:2] == ([ours], [ours])
        ours.recv(1)
        with lasting(2):
            assert select.select([ours], [], [], 2)[0] == []
        ours.settimeout(4)
        with lasting(4), pytest.raises(TimeoutError):
            ours.recv(1)


def waits_by_polling() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        poll = select.poll()
        poll.register(ours, select.POLLOUT)
        assert poll.poll(0) == [(ours.fileno(), select.POLLOUT)]
        poll.modify(ours, select.POLLIN)
        with lasting(1.5):
            assert poll.poll(1500) == []
        threading.Timer(3, theirs.send, [b"x"]).start()
        with lasting(3):
            assert poll.poll() == [(ours.fileno(), select.POLLIN)]
        poll.unregister(ours)


def waits_by_selectors() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        for kind in (selectors.EpollSelector, selectors.PollSelector, selectors.SelectSelector):
            with kind() as selector:
                selector.register(ours, selectors.EVENT_READ)
                with lasting(2):
                    assert selector.select(2) == []
                threading.Timer(3, theirs.send, [b"x"]).start()
                with lasting(3):
                    assert [key.fileobj for key, _ in selector.select()] == [ours]
                ours.recv(1)


def waits_for_a_socket_that_another_thread_closes() -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    ours = socket.create_connection(listener.getsockname())
    theirs, _ = listener.accept()
    with listener, theirs:
        threading.Timer(3, ours.close).start()
        with lasting(3), pytest.raises(OSError, match="Bad file descriptor"):
            ours.recv(1)


def waits_for_one_socket_in_two_threads() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        seen: list[bytes] = []
        readers = [threading.Thread(target=lambda: seen.append(ours.recv(1))) for _ in range(2)]
        for reader in readers:
            reader.start()
        time.sleep(1)
        theirs.send(b"xy")
        for reader in readers:
            reader.join()
        assert sorted(seen) == [b"x", b"y"]


def sends_more_than_a_socket_takes() -> None:
    ours, theirs = socket.socketpair()
    size = 4_000_000

    def read_late() -> None:
        time.sleep(5)
        left = size
        while left:
            left -= len(theirs.recv(100_000))

    with ours, theirs:
        reader = threading.Thread(target=read_late)
        reader.start()
        with lasting(5):
            ours.sendall(bytes(size))
            reader.join()
        ours.settimeout(3)
        with lasting(3), pytest.raises(TimeoutError):
            ours.sendall(bytes(size))


def serves_another_thread() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer() -> None:
            connection, _ = listener.accept()
            with connection:
                time.sleep(3)
                connection.sendall(connection.recv(10).upper())

        threading.Thread(target=answer).start()
        with lasting(3), socket.create_connection(listener.getsockname(), timeout=60) as ours:
            ours.sendall(b"hello")
            assert ours.recv(10) == b"HELLO"


def meets_a_port_where_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = listener.getsockname()
    with lasting(0), pytest.raises(ConnectionRefusedError):
        socket.create_connection(address, timeout=5)


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
        waits_for_sockets,
        waits_by_polling,
        waits_by_selectors,
        waits_for_a_socket_that_another_thread_closes,
        waits_for_one_socket_in_two_threads,
        sends_more_than_a_socket_takes,
        serves_another_thread,
        meets_a_port_where_nobody_listens,
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
