"""Noticing that a client starts processes, which live in real time."""

import functools
import os
import subprocess
import time
from collections.abc import Callable
from typing import Any

from contract_tests.clients.virtual.client_thread import PATIENCE, current, outside
from contract_tests.clients.virtual.jumping_loop import JumpingLoop
from contract_tests.clients.virtual.patching import Patches

# Bound when this module is read: the clients' threads see another.
_real_seconds = time.perf_counter


def patch_processes(patches: Patches) -> None:
    """Let time stand still while a client's process runs; one that runs for long is an escape."""
    patches.attribute(subprocess.Popen, "__init__", _popen(subprocess.Popen.__init__))
    for name in ("fork", "forkpty", "system", "posix_spawn", "posix_spawnp"):
        patches.function(os, name, _noticed(getattr(os, name, None)))


def _popen(original: Callable[..., None]) -> Callable[..., None]:
    @functools.wraps(original)
    def begin(self: "subprocess.Popen[Any]", *given: Any, **named: Any) -> None:
        thread = current()
        # The standard library's own waits for the start are short, and for real.
        with outside():
            original(self, *given, **named)
        if thread is not None:
            thread.loop.outside.append(_running(self, thread.loop))

    return begin


def _running(process: "subprocess.Popen[Any]", loop: JumpingLoop) -> Callable[[], bool]:
    patience_ends = _real_seconds() + PATIENCE

    def runs() -> bool:
        if process.poll() is not None:
            return False
        if _real_seconds() < patience_ends:
            return True
        loop.escape("waits for a process that it has started")
        return False

    return runs


def _noticed(original: Callable[..., Any] | None) -> Callable[..., Any] | None:
    if original is None:
        return None

    @functools.wraps(original)
    def begin(*given: Any, **named: Any) -> Any:
        thread = current()
        if thread is None:
            return original(*given, **named)
        thread.loop.escape("starts a process")
        with outside():
            return original(*given, **named)

    return begin
