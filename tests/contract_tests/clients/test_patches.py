"""What a virtual loop changes in the process, and that all of it is undone."""

import asyncio
import datetime
import importlib
import logging
import os
import select
import selectors
import socket
import subprocess
import sys
import threading
import time
from _thread import allocate_lock
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest

from contract_tests.clients.virtual_loop import VirtualLoop
from contract_tests.outcome import Job, Outcome, OutcomeStatus
from tests.contract_tests.clients.stage import alone, told

SUCCEEDED = Outcome(OutcomeStatus.SUCCEEDED)
MODULES = (time, threading, select, os, asyncio, asyncio.futures)
CLASSES = (
    socket.socket,
    threading.Thread,
    threading.Condition,
    ThreadPoolExecutor,
    asyncio.BaseEventLoop,
    subprocess.Popen,
    selectors.EpollSelector,
    selectors.PollSelector,
    selectors.SelectSelector,
    datetime.datetime,
)


class Waiter:
    """Holds functions in every way that a client may."""

    pause = staticmethod(sleep)
    clock = monotonic

    def wait(self, seconds: float, wait: Callable[[float], None] = sleep) -> None:
        wait(seconds)

    @classmethod
    def wait_too(cls, seconds: float, *, wait: Callable[[float], None] = sleep) -> None:
        wait(seconds)


def contents() -> list[dict[str, Any]]:
    return [dict(vars(one)) for one in (*MODULES, *CLASSES, Waiter)]


def streams() -> list[Any]:
    return [sys.stdout, sys.stderr, [one.stream for one in handlers()]]


def handlers() -> list[logging.StreamHandler[Any]]:
    return [one for one in logging.root.handlers if isinstance(one, logging.StreamHandler)]


def test_nothing_is_changed_in_the_end() -> None:
    before, printed_to = contents(), streams()
    defaults = Waiter.wait.__defaults__, Waiter.wait_too.__kwdefaults__

    def client(job: Job) -> Outcome:
        threading.Thread(target=print, args=("hello",)).start()
        return SUCCEEDED

    assert told(alone(client)[0]) == ""
    assert contents() == before
    assert streams() == printed_to
    assert (Waiter.wait.__defaults__, Waiter.wait_too.__kwdefaults__) == defaults
    assert sleep is time.sleep is before[0]["sleep"]
    assert allocate_lock is threading.Lock


def test_nothing_is_changed_after_an_error_in_the_loop() -> None:
    before = contents()
    with pytest.raises(ZeroDivisionError), asyncio.Runner(loop_factory=VirtualLoop) as runner:
        runner.run(broken())
    assert contents() == before


async def broken() -> None:
    await asyncio.sleep(1)
    raise ZeroDivisionError


def test_one_loop_may_end_before_the_other() -> None:
    before = contents()
    first, second = VirtualLoop(), VirtualLoop()
    first.close()
    assert time.sleep is not before[0]["sleep"]
    second.close()
    assert contents() == before


def test_functions_that_a_client_took_by_name_are_virtual_too() -> None:
    def client(job: Job) -> Outcome:
        began = monotonic()
        sleep(1)
        Waiter.pause(2)
        Waiter().wait(4)
        Waiter.wait_too(8)
        assert monotonic() - began == pytest.approx(15)
        return SUCCEEDED

    assert told(alone(client)[0]) == ""


class Limiter:
    """Keeps functions in its instances, and in objects that those keep."""

    def __init__(self, inner: "Limiter | None" = None) -> None:
        self.clock = time.monotonic
        self.waits: list[Callable[..., None]] = [time.sleep, partial(sleep, 3)]
        self.by_name = {"clock": time.time}
        self.inner = inner

    def client(self, job: Job) -> Outcome:
        assert self.inner is not None
        began, began_by_name = self.inner.clock(), self.by_name["clock"]()
        self.inner.waits[0](2)
        assert self.inner.clock() - began == pytest.approx(2)
        assert self.by_name["clock"]() - began_by_name == pytest.approx(2)
        return SUCCEEDED


def test_functions_that_the_objects_of_a_client_keep_are_virtual_too() -> None:
    limiter = Limiter(Limiter())
    assert told(alone(limiter.client)[0]) == ""
    assert limiter.clock is time.monotonic
    assert limiter.waits[0] is time.sleep
    assert limiter.by_name["clock"] is time.time


def test_a_module_that_is_imported_meanwhile_is_put_right_afterwards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = "from time import sleep\ndef wait(seconds, sleep=sleep):\n    sleep(seconds)\n"
    (tmp_path / "late_module.py").write_text(source, "utf-8")
    monkeypatch.syspath_prepend(tmp_path)

    def client(job: Job) -> Outcome:
        importlib.import_module("late_module").wait(5)
        return SUCCEEDED

    (done,) = alone(client)
    assert told(done) == ""
    assert done.ended - done.started == pytest.approx(5)
    late = sys.modules.pop("late_module")
    assert late.sleep is sleep
    assert late.wait.__defaults__ == (sleep,)


def test_threads_of_nobody_stay_in_real_time() -> None:
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        before = time.monotonic()
        runner.run(asyncio.sleep(1e6))
        assert time.monotonic() - before < 1e5
        assert abs(time.time() - datetime.datetime.now().astimezone().timestamp()) < 60
        assert datetime.datetime.now(datetime.UTC).tzinfo is datetime.UTC


def test_every_clock_shows_the_same_time() -> None:
    def client(job: Job) -> Outcome:
        time.sleep(100_000)
        now = time.time()
        zone = datetime.UTC
        assert datetime.datetime.now(zone).timestamp() == pytest.approx(now, abs=1e-5)
        assert datetime.datetime.now().astimezone(zone).timestamp() == pytest.approx(now, abs=1e-5)
        naive = datetime.datetime.utcnow()  # noqa: DTZ003 - clients still use it
        assert naive.replace(tzinfo=zone).timestamp() == pytest.approx(now, abs=1e-5)
        today = datetime.datetime.now().date()  # noqa: DTZ005
        assert datetime.date.today() == today  # noqa: DTZ011
        assert time.time_ns() / 1e9 == pytest.approx(now)
        assert time.clock_gettime(time.CLOCK_REALTIME) == now
        assert time.gmtime() == time.gmtime(now)
        assert time.localtime() == time.localtime(None) == time.localtime(now)
        assert time.ctime() == time.asctime() == time.ctime(now)
        assert time.strftime("%c") == time.strftime("%c", time.localtime(now))
        return SUCCEEDED

    (done,) = alone(client, limit=1e6)
    assert told(done) == ""


def test_every_rising_clock_rises_alike() -> None:
    clocks: list[Callable[[], float]] = [
        time.monotonic,
        time.perf_counter,
        lambda: time.monotonic_ns() / 1e9,
        lambda: time.perf_counter_ns() / 1e9,
        lambda: time.clock_gettime(time.CLOCK_MONOTONIC),
        lambda: time.clock_gettime_ns(time.CLOCK_MONOTONIC) / 1e9,
    ]

    def client(job: Job) -> Outcome:
        before = [clock() for clock in clocks]
        time.sleep(10)
        assert [clock() - one for clock, one in zip(clocks, before, strict=True)] == [
            pytest.approx(10, abs=1e-6)
        ] * len(clocks)
        assert time.process_time() < 1e5
        return SUCCEEDED

    assert told(alone(client)[0]) == ""


@pytest.mark.parametrize("seconds", [-1, float("nan")])
def test_a_sleep_of_no_length_is_refused_as_ever(seconds: float) -> None:
    def client(job: Job) -> Outcome:
        with pytest.raises(ValueError, match="non-negative"):
            time.sleep(seconds)
        return SUCCEEDED

    assert told(alone(client)[0]) == ""
