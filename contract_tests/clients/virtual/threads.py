"""Threads that a client starts, and what it waits for in them, in virtual time."""

import _thread
import asyncio
import functools
import logging
import queue
import threading
from asyncio.base_events import BaseEventLoop
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import Any
from weakref import WeakKeyDictionary

from contract_tests.clients.python_run import current_run
from contract_tests.clients.virtual.client_thread import (
    Abandoned,
    ClientThread,
    current,
    outside,
)
from contract_tests.clients.virtual.jumping_loop import JumpingLoop
from contract_tests.clients.virtual.locks import VirtualLock
from contract_tests.clients.virtual.patching import Patches
from contract_tests.clients.virtual.pause import Pause

_Guests = WeakKeyDictionary[threading.Thread, ClientThread]
_native_queue = queue.SimpleQueue
_python_queue: Any = getattr(queue, "_PySimpleQueue")  # noqa: B009 - unknown to type checkers
_python_rlock: Any = getattr(threading, "_PyRLock")  # noqa: B009


def patch_threads(patches: Patches) -> None:
    """Make the threads of a client guests of its loop, and its locks something to wait for there.

    What a client does together with threads that were there before is an escape.
    """
    guests: _Guests = WeakKeyDictionary()
    patches.attribute(threading.Thread, "start", _start(threading.Thread.start, guests))
    patches.attribute(threading.Thread, "join", _join(threading.Thread.join, guests))
    patches.function(_thread, "start_new_thread", _start_raw(_thread.start_new_thread))
    patches.function(_thread, "allocate_lock", _made_here(_thread.allocate_lock, VirtualLock))
    patches.function(threading, "RLock", _made_here(threading.RLock, _python_rlock))
    patches.function(queue, "SimpleQueue", _VirtualQueue)
    patches.attribute(threading.Condition, "notify", _notify(threading.Condition.notify))
    patches.attribute(ThreadPoolExecutor, "submit", _submit(ThreadPoolExecutor.submit))
    call = BaseEventLoop.call_soon_threadsafe
    patches.attribute(BaseEventLoop, "call_soon_threadsafe", _call_soon(call))
    patches.function(asyncio.futures, "wrap_future", _wrap_future(asyncio.wrap_future))
    # A pool's thread that has to end would call that a critical error.
    pool_log = logging.getLogger("concurrent.futures")
    pool_log.addFilter(_is_no_end)
    patches.also(lambda: pool_log.removeFilter(_is_no_end))


def _is_no_end(record: logging.LogRecord) -> bool:
    return not (record.exc_info and isinstance(record.exc_info[1], Abandoned))


def _start(original: Callable[..., None], guests: _Guests) -> Callable[..., None]:
    @functools.wraps(original)
    def start(self: threading.Thread) -> None:
        thread = current()
        if thread is None or self.ident is not None:
            original(self)
            return
        guest = guests[self] = ClientThread(thread.loop)
        vars(self)["run"] = _as_guest(self, guest)
        # A thread that never ends shall not keep the process from its end.
        self.daemon = True
        with outside():
            original(self)
        guest.is_started()

    return start


def _as_guest(native: threading.Thread, guest: ClientThread) -> Callable[[], None]:
    run, own_run, let_go = native.run, current_run.get(), _leaving_its_pool(native)

    def guarded() -> None:
        try:
            run()
        except SystemExit:
            return
        except Exception as error:
            details = (type(error), error, error.__traceback__, native)
            threading.excepthook(threading.ExceptHookArgs(details))
        finally:
            if guest.is_killed:
                let_go()

    def live() -> None:
        del vars(native)["run"]
        current_run.set(own_run)
        guest.live(guarded)

    return live


def _leaving_its_pool(native: threading.Thread) -> Callable[[], None]:
    """What makes a pool forget its thread, since it would wait for one that was ended."""
    given = vars(native).get("_args") or (None,)
    find = given[0]

    def forget() -> None:
        pool = find() if callable(find) else None
        if isinstance(pool, ThreadPoolExecutor):
            threads: Any = pool._threads
            threads.discard(native)
            if not threads:
                pool._idle_semaphore = threading.Semaphore(0)

    return forget


def _join(original: Callable[..., None], guests: _Guests) -> Callable[..., None]:
    @functools.wraps(original)
    def join(self: threading.Thread, timeout: float | None = None) -> None:
        thread, guest = current(), guests.get(self)
        if thread is None or guest is None or guest is thread:
            original(self, timeout)
            return
        if not guest.is_over:
            pause = Pause(thread)
            guest.on_end.append(pause.wake)
            if not thread.wait(timeout, pause=pause):
                return
        with outside():
            original(self)

    return join


def _start_raw(original: Callable[..., int]) -> Callable[..., int]:
    @functools.wraps(original)
    def start_new_thread(*given: Any) -> int:
        if (thread := current()) is not None:
            thread.loop.escape("starts a thread without the threading module")
        return original(*given)

    return start_new_thread


def _made_here(original: Callable[..., Any], virtual: Callable[[], Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    def make() -> Any:
        return original() if current() is None else virtual()

    return make


class _VirtualQueue(_python_queue):  # type: ignore[misc]
    """What ``queue.SimpleQueue()`` gives: the one in Python, whose waits are those of its locks."""

    def __new__(cls) -> Any:
        return _native_queue() if current() is None else super().__new__(cls)


def _notify(original: Callable[..., None]) -> Callable[..., None]:
    @functools.wraps(original)
    def notify(self: Any, n: int = 1) -> None:
        thread = current()
        if thread is not None and not all(
            isinstance(waiter, VirtualLock) for waiter in islice(self._waiters, n)
        ):
            thread.loop.escape("wakes a thread that was there before")
        original(self, n)

    return notify


def _submit(original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    def submit(self: Any, /, *given: Any, **named: Any) -> Any:
        thread = current()
        if thread is not None and isinstance(self._work_queue, _native_queue):
            if self._threads:
                thread.loop.escape("uses a pool of threads that were there before")
            else:
                self._work_queue = _VirtualQueue()
        return original(self, *given, **named)

    return submit


def _is_known(loop: Any, home: JumpingLoop) -> bool:
    """Whether a client's event loop runs in one of its own threads, or not at all."""
    return loop._thread_id is None or any(one.ident == loop._thread_id for one in home.guests)


def _call_soon(original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    def call_soon_threadsafe(self: Any, *given: Any, **named: Any) -> Any:
        thread = current()
        if thread is not None and self is not thread.loop and not _is_known(self, thread.loop):
            thread.loop.escape("uses an event loop that was there before")
        return original(self, *given, **named)

    return call_soon_threadsafe


def _wrap_future(original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    def wrap_future(future: Any, *, loop: Any = None) -> "asyncio.Future[Any]":
        wrapped: asyncio.Future[Any] = original(future, loop=loop)
        home = wrapped.get_loop()
        if wrapped is not future and isinstance(home, JumpingLoop):
            home.stand_still(wrapped)
        return wrapped

    return wrap_future
