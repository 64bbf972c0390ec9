"""The functions that read a clock or sleep, as the threads of a client see them."""

import ctypes
import datetime
import functools
import gc
import math
import time
from collections.abc import Callable
from typing import Any

from contract_tests.clients.python_run import current_run
from contract_tests.clients.virtual.client_thread import current
from contract_tests.clients.virtual.patching import Patches

_NANO = 1_000_000_000


def patch_clocks(patches: Patches) -> None:
    """Let the clients' threads live in the time of their loop; all others stay in real time."""
    patches.function(time, "sleep", _sleep(time.sleep))
    for name in ("monotonic", "perf_counter"):
        patches.function(time, name, _clock(getattr(time, name), _rising))
        in_ns = f"{name}_ns"
        patches.function(time, in_ns, _clock(getattr(time, in_ns), _in_ns(_rising)))
    patches.function(time, "time", _clock(time.time, _epoch))
    patches.function(time, "time_ns", _clock(time.time_ns, _in_ns(_epoch)))
    patches.function(time, "clock_gettime", _any_clock(time.clock_gettime, lambda now: now))
    in_whole = functools.partial(_scaled, _NANO)
    patches.function(time, "clock_gettime_ns", _any_clock(time.clock_gettime_ns, in_whole))
    for name, place in (("gmtime", 0), ("localtime", 0), ("ctime", 0)):
        patches.function(time, name, _of_now(getattr(time, name), place, time.gmtime))
    patches.function(time, "strftime", _of_now(time.strftime, 1, time.localtime))
    patches.function(time, "asctime", _of_now(time.asctime, 0, time.localtime))
    _patch_datetime(patches)


def _rising() -> float:
    thread = current()
    assert thread is not None
    thread.look()
    return thread.loop.time()


def _epoch() -> float:
    thread = current()
    assert thread is not None
    thread.look()
    run = current_run.get()
    return thread.loop.wall() if run is None else run.now()


def _scaled(factor: int, seconds: float) -> int:
    return round(seconds * factor)


def _in_ns(clock: Callable[[], float]) -> Callable[[], int]:
    return lambda: _scaled(_NANO, clock())


def _clock(original: Callable[[], Any], virtual: Callable[[], Any]) -> Callable[[], Any]:
    @functools.wraps(original)
    def now() -> Any:
        return original() if current() is None else virtual()

    return now


def _sleep(original: Callable[[float], None]) -> Callable[[float], None]:
    @functools.wraps(original)
    def sleep(seconds: float, /) -> None:
        thread = current()
        if thread is None:
            original(seconds)
            return
        if math.isnan(seconds) or seconds < 0:
            raise ValueError("sleep length must be non-negative")
        thread.wait(float(seconds))

    return sleep


def _any_clock(original: Callable[[int], Any], form: Callable[[float], Any]) -> Callable[..., Any]:
    rising = {getattr(time, name, None) for name in ("CLOCK_MONOTONIC", "CLOCK_BOOTTIME")}

    @functools.wraps(original)
    def clock_gettime(clock: int, /) -> Any:
        if current() is None or clock not in {*rising, time.CLOCK_REALTIME}:
            return original(clock)
        return form(_rising() if clock in rising else _epoch())

    return clock_gettime


def _of_now(
    original: Callable[..., Any], place: int, broken_down: Callable[[float], Any]
) -> Callable[..., Any]:
    """A function that means now where its argument at ``place`` is missing or None."""
    takes_seconds = original.__name__ in ("gmtime", "localtime", "ctime")

    @functools.wraps(original)
    def of_now(*given: Any) -> Any:
        if current() is None or (len(given) > place and given[place] is not None):
            return original(*given)
        now = _epoch()
        return original(*given[:place], now if takes_seconds else broken_down(now))

    return of_now


def _patch_datetime(patches: Patches) -> None:
    """``datetime.now`` and ``utcnow`` read the clock of the system themselves.

    The class cannot be replaced, since others know it by type, nor its methods be set; so they are
    put into the dictionary behind it.
    """
    methods = gc.get_referents(datetime.datetime.__dict__)[0]
    originals = {name: methods[name] for name in ("now", "utcnow")}

    def put(values: dict[str, Any]) -> None:
        methods.update(values)
        ctypes.pythonapi.PyType_Modified(ctypes.py_object(datetime.datetime))

    def now(cls: type[datetime.datetime], tz: datetime.tzinfo | None = None) -> datetime.datetime:
        if current() is None:
            found: datetime.datetime = originals["now"].__get__(None, cls)(tz)
            return found
        return cls.fromtimestamp(_epoch(), tz)

    def utcnow(cls: type[datetime.datetime]) -> datetime.datetime:
        if current() is None:
            found: datetime.datetime = originals["utcnow"].__get__(None, cls)()
            return found
        return cls.fromtimestamp(_epoch(), datetime.UTC).replace(tzinfo=None)

    put({"now": classmethod(now), "utcnow": classmethod(utcnow)})
    patches.also(lambda: put(originals))
