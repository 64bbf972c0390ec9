"""A thread of a client that takes turns with a jumping loop: never do both run at once."""

import ctypes
import threading
from _thread import allocate_lock
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from contract_tests.clients.virtual.jumping_loop import JumpingLoop
from contract_tests.clients.virtual.pause import Pause
from contract_tests.clients.virtual.stuck import Watch

# Real seconds. How often to look after a thread that does not come back, how long it may wait for
# something that the loop knows nothing of until that is an escape (less if it does come back), and
# how long it may compute.
_GLANCE = 0.05
PATIENCE = 0.5
_SHORT_WAIT = 0.2
_LONGEST_TURN = 10.0
_LAST_WORDS = 1.0
# A thread that was told so often to end, and goes on nevertheless, is put to rest.
_MOST_REFUSALS = 100
# So many looks at the clock, or turns of the client's own loop, without any wait.
_MOST_LOOKS = 10_000
_LEAST_STEP = 0.001
_MOST_STEP = 0.5
_MOST_LOOPS = 2_000
# So many turns of its loop at once: the others have to have theirs too.
_LOOPS_AT_ONCE = 50


class Abandoned(BaseException):
    """Raised in a thread of a client at its next wait, so that it ends."""


class _Here(threading.local):
    thread: "ClientThread | None" = None


_here = _Here()


def current() -> "ClientThread | None":
    """The client's thread that calls this, None in any other thread."""
    return _here.thread


@contextmanager
def outside() -> Iterator[None]:
    """Do something in real time, which is known to take hardly any."""
    thread, _here.thread = _here.thread, None
    try:
        yield
    finally:
        _here.thread = thread


class ClientThread:
    """One thread of a client, as a guest of a loop.

    The loop stands still while the thread runs, and the thread while the loop does, so that all
    that happens has one order, the same in each run. Whenever the thread would wait, it calls
    :meth:`wait`, which lets the loop go on, and with it virtual time. ``on_end`` are called in the
    loop's thread when it has ended, or was given up.
    """

    def __init__(self, loop: JumpingLoop, *on_end: Callable[[], None]) -> None:
        self.loop = loop
        self.is_over = False
        self.on_end = list(on_end)
        self._turn, self._back = allocate_lock(), allocate_lock()
        self._turn.acquire()
        self._back.acquire()
        self._watch: Watch | None = None
        self._pause: Pause | None = None
        self.is_killed = self._is_given_up = False
        self._refusals = self._looks = self._loops = 0
        self._waited = 0.0

    def start(self, target: Callable[[], None], name: str) -> None:
        """Begin, in a native thread of its own; to be called in the loop's thread."""
        threading.Thread(target=self.live, args=(target,), name=name, daemon=True).start()
        self.is_started()

    def is_started(self) -> None:
        """Say that a native thread is there, which will call :meth:`live` or does so already."""
        self.loop.guests.add(self)
        self.loop.call_soon_threadsafe(self.take_turn)

    # What follows is called in the thread itself.

    def live(self, target: Callable[[], None]) -> None:
        """Be this thread from the first turn on until ``target`` returns, or has to end."""
        _here.thread = self
        self._watch = Watch(threading.current_thread())
        self._turn.acquire()
        try:
            self._obey()
            target()
        except Abandoned:
            pass
        finally:
            self._leave()

    def _leave(self) -> None:
        _here.thread = None
        if not self._is_given_up:
            self.is_over = True
            self._back.release()

    def wait(
        self,
        seconds: float | None = None,
        file: int = -1,
        *,
        to_write: bool = False,
        pause: Pause | None = None,
    ) -> bool:
        """Let the loop go on until the file is ready, the virtual seconds are over or it is woken.

        False when the time is over. Raises :class:`Abandoned` when the thread has to end.
        """
        self._obey()
        pause = pause or Pause(self)
        if pause.is_woken:
            return True
        pause.seconds, pause.file, pause.to_write = seconds, file, to_write
        self._pause, self._looks, self._loops = pause, 0, 0
        if self._watch is not None:
            self._waited = self._watch.waited
            self._watch.begin()
        self._back.release()
        self._turn.acquire()
        self._obey()
        return pause.is_woken

    def look(self) -> None:
        """Count a look at the clock; after many in a row let a little time pass, and then more.

        Without it, a client that does nothing but look at the clock would never see it move.
        """
        self._obey()
        self._looks += 1
        if self._looks > _MOST_LOOKS:
            self._let_pass(self._looks - _MOST_LOOKS)

    def loop_once(self) -> None:
        """Count a turn of the client's own event loop that waits for nothing, as :meth:`look`."""
        self._obey()
        self._loops += 1
        if self._loops > _MOST_LOOPS:
            self._let_pass(self._loops - _MOST_LOOPS)
        elif self._loops % _LOOPS_AT_ONCE == 0:
            self._let_pass(0)

    def _let_pass(self, excess: int) -> None:
        counts = self._looks, self._loops
        self.wait(min(_MOST_STEP, _LEAST_STEP * 2 ** min(20, excess // 100)) if excess else 0)
        self._looks, self._loops = counts

    def _obey(self) -> None:
        if not self.is_killed:
            return
        self._refusals += 1
        if self._refusals > _MOST_REFUSALS:
            self._leave()
            rest = allocate_lock()
            rest.acquire()
            rest.acquire()
        raise Abandoned

    # What follows is called in the loop's thread.

    @property
    def ident(self) -> int:
        """By which the system's own threads are told apart, 0 before it has begun."""
        return 0 if self._watch is None else self._watch.ident

    def take_turn(self) -> None:
        """Let the thread run until it waits again, or is over."""
        if self.is_over:
            return
        self._turn.release()
        while not self._back.acquire(True, _GLANCE):
            if self._is_lost():
                self._give_up()
                break
        if self._waited > _SHORT_WAIT:
            self.loop.escape(f"waited {self._waited:.1f} s outside of virtual time")
        self._waited = 0.0
        if self._is_done():
            self._end()
        elif self._pause is not None:
            self._pause.arm()

    def resume(self, pause: Pause) -> None:
        """End a pause, if the thread is still in it, and let it run."""
        if self._pause is pause:
            self._pause = None
            pause.disarm()
            self.take_turn()

    def kill(self) -> None:
        """End the thread: whatever it waits for from now on raises :class:`Abandoned` in it."""
        self.is_killed = True
        if self._pause is not None:
            self.resume(self._pause)
        elif not self.is_over:
            self.take_turn()

    def _is_done(self) -> bool:
        # A function, since a type checker does not know that the thread has changed it meanwhile.
        return self.is_over

    def _end(self) -> None:
        self.loop.guests.discard(self)
        listeners, self.on_end = self.on_end, []
        for listener in listeners:
            listener()

    def _is_lost(self) -> bool:
        if self._watch is None:
            return False
        self._watch.glance(_GLANCE)
        if self._watch.waited > PATIENCE:
            where = self._watch.place()
            self.loop.escape(f"waits for something outside of virtual time at {where}")
            return True
        worked = self._watch.worked
        if worked > _LONGEST_TURN and not self.is_killed:
            self.is_killed = True
            self._interrupt()
        return worked > _LONGEST_TURN + _LAST_WORDS

    def _interrupt(self) -> None:
        """Raise in the midst of the thread's code, which never waits."""
        if self._watch is not None:
            ident = ctypes.c_ulong(self.ident)
            ctypes.pythonapi.PyThreadState_SetAsyncExc(ident, ctypes.py_object(Abandoned))

    def _give_up(self) -> None:
        """Go on without the thread, which ends at its next wait, if it ever comes to one."""
        self.is_killed = self._is_given_up = self.is_over = True
        self._turn.release()
