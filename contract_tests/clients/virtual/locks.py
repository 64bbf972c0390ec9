"""Locks that the threads of a client can wait for in virtual time."""

from _thread import allocate_lock
from collections import deque
from types import TracebackType

from contract_tests.clients.virtual.client_thread import ClientThread, current
from contract_tests.clients.virtual.pause import Pause

_FOREVER = -1


class VirtualLock:
    """What ``threading.Lock()`` gives to a client's thread: waits for it are waits of the loop."""

    def __init__(self) -> None:
        self._lock = allocate_lock()
        self._waiting: deque[Pause] = deque()

    def acquire(self, blocking: bool = True, timeout: float = _FOREVER) -> bool:
        """As the method of the standard library's lock."""
        if not blocking and timeout != _FOREVER:
            raise ValueError("can't specify a timeout for a non-blocking call")
        if timeout < 0 and timeout != _FOREVER:
            raise ValueError("timeout value must be a non-negative number")
        if self._lock.acquire(False):
            return True
        if not blocking:
            return False
        thread = current()
        if thread is None:
            return self._lock.acquire(True, timeout)
        return self._wait_for_it(thread, None if timeout == _FOREVER else timeout)

    def _wait_for_it(self, thread: ClientThread, timeout: float | None) -> bool:
        until = None if timeout is None else thread.loop.time() + timeout
        while True:
            pause = Pause(thread)
            self._waiting.append(pause)
            try:
                # A thread that the loop does not know may have let it go just now.
                if self._lock.acquire(False):
                    return True
                in_time = thread.wait(
                    None if until is None else until - thread.loop.time(), pause=pause
                )
                if self._lock.acquire(False):
                    return True
                if not in_time:
                    return False
            finally:
                self._forget(pause)

    def release(self) -> None:
        """As the method of the standard library's lock."""
        self._lock.release()
        while self._waiting:
            pause = self._waiting.popleft()
            if not pause.is_woken:
                pause.wake()
                return

    def locked(self) -> bool:
        """As the method of the standard library's lock."""
        return self._lock.locked()

    def _forget(self, pause: Pause) -> None:
        if pause in self._waiting:
            self._waiting.remove(pause)

    def _at_fork_reinit(self) -> None:
        self.__init__()  # type: ignore[misc]

    def __enter__(self) -> bool:
        return self.acquire()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()
