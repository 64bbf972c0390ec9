"""A client that leaves virtual time is noticed, and never judged on wrong figures."""

import asyncio
import concurrent.futures
import ctypes
import os
import queue
import socket
import subprocess
import sys
import threading
import time
from _thread import allocate_lock, start_new_thread
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import uvloop

from contract_tests.clients.callables import client_of
from contract_tests.clients.client import Escaped
from contract_tests.outcome import Job, Outcome, OutcomeStatus
from tests.contract_tests.clients.python_clients import LIBRARIES, headers_of
from tests.contract_tests.clients.stage import alone, play, told

SUCCEEDED = Outcome(OutcomeStatus.SUCCEEDED)
C = ctypes.CDLL(None)


@contextmanager
def a_thread_that_does(work: Callable[[], object]) -> Iterator[None]:
    """A thread that was there before the exam."""
    thread = threading.Thread(target=work)
    thread.start()
    yield
    thread.join()


def escape_of(client: Callable[..., Any], *, jobs: int = 1) -> str:
    with pytest.raises(Escaped) as escape:
        alone(client, jobs=jobs)
    return str(escape.value)


def test_a_wait_in_a_library_that_is_not_python_is_noticed_with_its_place() -> None:
    def client(job: Job) -> None:
        C.usleep(900_000)

    text = escape_of(client)
    assert text.startswith("waits for something outside of virtual time at test_escapes.py:")
    assert text.endswith("in client")


def test_a_short_wait_of_that_kind_is_noticed_when_it_is_over() -> None:
    def client(job: Job) -> None:
        C.usleep(400_000)
        time.sleep(1)

    assert "outside of virtual time" in escape_of(client)


def test_a_wait_for_a_native_lock_is_noticed() -> None:
    lock = allocate_lock()

    def client(job: Job) -> None:
        with lock:
            time.sleep(1)

    assert "outside of virtual time" in escape_of(client, jobs=2)


def test_computing_is_no_wait() -> None:
    def client(job: Job) -> Outcome:
        end = time.thread_time() + 0.6
        while time.thread_time() < end:
            pass
        return SUCCEEDED

    (done,) = alone(client)
    assert told(done) == ""
    assert done.ended == done.started


def test_a_process_that_lasts_is_noticed() -> None:
    def client(job: Job) -> None:
        with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
            time.sleep(10)
            process.terminate()

    assert escape_of(client) == "waits for a process that it has started"


def test_another_way_to_start_a_process_is_noticed() -> None:
    assert escape_of(lambda job: os.system("true")) == "starts a process"


def test_a_thread_without_the_threading_module_is_noticed() -> None:
    text = escape_of(lambda job: start_new_thread(time.sleep, (0,)) and None)
    assert text == "starts a thread without the threading module"


def test_work_for_a_thread_that_was_there_before_is_noticed() -> None:
    items: queue.Queue[int] = queue.Queue()

    def client(job: Job) -> Outcome:
        items.put(1)
        return SUCCEEDED

    with a_thread_that_does(items.get):
        assert escape_of(client) == "wakes a thread that was there before"


def test_work_for_a_pool_whose_threads_were_there_before_is_noticed() -> None:
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        pool.submit(time.sleep, 0).result()
        text = escape_of(lambda job: pool.submit(len, "").result())
    assert text == "uses a pool of threads that were there before"


def test_work_for_an_event_loop_that_was_there_before_is_noticed() -> None:
    loop = asyncio.new_event_loop()

    def client(job: Job) -> Outcome:
        return asyncio.run_coroutine_threadsafe(later(), loop).result()

    async def later() -> Outcome:
        return SUCCEEDED

    with a_thread_that_does(loop.run_forever):
        assert escape_of(client) == "uses an event loop that was there before"
        loop.call_soon_threadsafe(loop.stop)
    loop.close()


def test_a_connection_to_a_server_outside_is_noticed() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        host, port = listener.getsockname()

        def client(job: Job) -> None:
            with socket.create_connection((host, port), timeout=5) as connection:
                connection.recv(1)

        assert escape_of(client) == f"talks to {host}:{port}, which is no part of the exam"


def test_a_connection_of_a_coroutine_to_a_server_outside_is_noticed() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        host, port = listener.getsockname()

        async def client(job: Job) -> None:
            _, writer = await asyncio.open_connection(host, port)
            writer.close()

        assert escape_of(client) == f"talks to {host}:{port}, which is no part of the exam"


def test_a_call_from_outside_is_noticed() -> None:
    wanted: queue.SimpleQueue[Job] = queue.SimpleQueue()

    def call() -> None:
        url = wanted.get().base_url
        address = url.removeprefix("http://").removesuffix("/v1").split(":")
        with socket.create_connection((address[0], int(address[1]))) as connection:
            connection.sendall(b"GET /v1/models HTTP/1.1\r\nhost: x\r\n\r\n")
            connection.recv(1)

    def client(job: Job) -> None:
        wanted.put(job)
        threading.Event().wait()

    with a_thread_that_does(call), pytest.raises(Escaped, match="from outside of virtual time"):
        play(client_of(client))


def test_an_event_loop_that_is_not_written_in_python_is_noticed() -> None:
    def client(job: Job) -> Outcome:
        return uvloop.run(LIBRARIES["aiohttp"](job))  # type: ignore[no-any-return]

    with pytest.raises(Escaped, match="outside of virtual time"):
        play(client_of(client))


def test_calls_in_such_a_loop_that_was_there_before_are_noticed() -> None:
    loop = uvloop.new_event_loop()

    def client(job: Job) -> Outcome:
        doing = asyncio.run_coroutine_threadsafe(LIBRARIES["aiohttp"](job), loop)
        return doing.result()  # type: ignore[no-any-return]

    with a_thread_that_does(loop.run_forever):
        with pytest.raises(Escaped, match="from outside of virtual time"):
            play(client_of(client))
        asyncio.run_coroutine_threadsafe(cancel_all(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
    loop.close()


async def cancel_all() -> None:
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def test_after_an_escape_the_next_story_is_judged_again() -> None:
    def client(job: Job) -> Outcome:
        if job.prompt == "Away":
            os.system("true")
        return SUCCEEDED

    examined = client_of(client)
    with pytest.raises(Escaped):
        play(examined, prompt="Away")
    assert play(examined).status == "succeeded"
    assert play(examined, prompt="Away", real=True).status == "succeeded"


def test_waiting_for_a_reply_in_native_code_is_noticed() -> None:
    def client(job: Job) -> None:
        address = job.base_url.removeprefix("http://").removesuffix("/v1").split(":")
        with socket.create_connection((address[0], int(address[1]))) as connection:
            head = "".join(f"{name}: {value}\r\n" for name, value in headers_of(job).items())
            connection.sendall(f"GET /v1/models HTTP/1.1\r\nhost: x\r\n{head}\r\n".encode())
            C.recv(connection.fileno(), ctypes.create_string_buffer(1), 1, 0)

    with pytest.raises(Escaped, match="in client"):
        play(client_of(client))
