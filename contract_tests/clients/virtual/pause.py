"""One wait of a client's thread, and the loop that ends it."""

import os
from asyncio import TimerHandle
from dataclasses import dataclass
from typing import Protocol

from contract_tests.clients.virtual.jumping_loop import JumpingLoop


class Sleeper(Protocol):
    """A thread that can wait."""

    loop: JumpingLoop

    def resume(self, pause: "Pause") -> None:
        """End a pause, if the thread is still in it; to be called in the loop's thread."""


@dataclass(slots=True, eq=False)
class Pause:
    """One wait of a thread: for a number of seconds, for a file to be ready, or to be woken."""

    thread: "Sleeper"
    seconds: float | None = None
    file: int = -1
    to_write: bool = False
    is_woken: bool = False
    timer: TimerHandle | None = None
    watched: int = -1

    def wake(self) -> None:
        """End the wait, also one that is yet to begin; may be called from any thread."""
        if not self.is_woken:
            self.is_woken = True
            self.thread.loop.call_soon_threadsafe(self.thread.resume, self)

    def time_is_over(self) -> None:
        """End the wait without a wake-up."""
        self.thread.resume(self)

    def is_ready(self) -> None:
        """End the wait, since the file is ready."""
        self.is_woken = True
        self.thread.resume(self)

    def arm(self) -> None:
        """Let the loop end the wait in its time."""
        loop = self.thread.loop
        if self.seconds is not None:
            self.timer = loop.call_later(max(0.0, self.seconds), self.time_is_over)
        if self.file >= 0:
            # A loop can watch a file once: a second thread that waits for it has a copy watched.
            is_taken = (self.file, self.to_write) in loop.watched
            self.watched = os.dup(self.file) if is_taken else self.file
            loop.watched[self.watched, self.to_write] = self
            watch = loop.add_writer if self.to_write else loop.add_reader
            watch(self.watched, self.is_ready)

    def disarm(self) -> None:
        """Let the loop forget it."""
        loop = self.thread.loop
        if self.timer is not None:
            self.timer.cancel()
        if self.watched >= 0:
            (loop.remove_writer if self.to_write else loop.remove_reader)(self.watched)
            del loop.watched[self.watched, self.to_write]
            if self.watched != self.file:
                os.close(self.watched)
            self.watched = -1
