"""Sockets that wait in virtual time when a client's thread uses them."""

import errno
import functools
import os
import select
import socket
from asyncio import get_running_loop
from collections.abc import Callable
from typing import Any

from contract_tests.clients.python_run import current_run
from contract_tests.clients.virtual.client_thread import ClientThread, current
from contract_tests.clients.virtual.jumping_loop import Address, JumpingLoop
from contract_tests.clients.virtual.patching import Patches

# Bound when this module is read: the clients' threads see another.
_native_poll = select.poll

# Where each method takes its flags.
_READING = {"recv": 1, "recv_into": 2, "recvfrom": 1, "recvfrom_into": 2, "recvmsg": 2}
_WRITING = {"send": 1, "sendto": 1, "sendmsg": 2}
_INET = (socket.AF_INET, socket.AF_INET6)
_AT_ONCE = getattr(socket, "MSG_DONTWAIT", 0)


def patch_sockets(patches: Patches) -> None:
    """Let waits for sockets be waits of the loop, and notice connections to elsewhere."""
    for name, flags in _READING.items():
        patches.attribute(socket.socket, name, _ready_first(name, flags, to_write=False))
    for name, flags in _WRITING.items():
        patches.attribute(socket.socket, name, _ready_first(name, flags, to_write=True))
    patches.attribute(socket.socket, "sendall", _sendall(socket.socket.sendall))
    connect_now = socket.socket.connect_ex
    patches.attribute(socket.socket, "connect", _connect(socket.socket.connect, connect_now))
    patches.attribute(socket.socket, "connect_ex", _connect_ex(connect_now))
    patches.attribute(socket.socket, "accept", _accept(socket.socket.accept))
    patches.attribute(socket.socket, "listen", _listen(socket.socket.listen))
    patches.attribute(socket.socket, "close", _close(socket.socket.close))


def _ready_first(name: str, flags_at: int, *, to_write: bool) -> Callable[..., Any]:
    original: Callable[..., Any] = getattr(socket.socket, name)

    @functools.wraps(original)
    def method(self: socket.socket, *args: Any, **named: Any) -> Any:
        thread = current()
        if thread is not None and not (len(args) > flags_at and args[flags_at] & _AT_ONCE):
            _wait(thread, self, self.gettimeout(), to_write=to_write)
        return original(self, *args, **named)

    return method


def _wait(
    thread: ClientThread, sock: socket.socket, timeout: float | None, *, to_write: bool
) -> None:
    """Wait until a socket is ready; raises TimeoutError as the socket itself would."""
    if timeout == 0 or sock.fileno() < 0:
        return
    if not is_ready(sock.fileno(), to_write=to_write) and not thread.wait(
        timeout, sock.fileno(), to_write=to_write
    ):
        raise TimeoutError("timed out")


def is_ready(file: int, *, to_write: bool) -> bool:
    """Whether a file can be read from, or written to, without waiting."""
    poll = _native_poll()
    poll.register(file, select.POLLOUT if to_write else select.POLLIN)
    return bool(poll.poll(0))


def _sendall(original: Callable[..., None]) -> Callable[..., None]:
    send = socket.socket.send

    @functools.wraps(original)
    def sendall(self: socket.socket, data: Any, flags: int = 0, /) -> None:
        thread = current()
        timeout = self.gettimeout()
        if thread is None or timeout == 0:
            original(self, data, flags)
            return
        until = None if timeout is None else thread.loop.time() + timeout
        with memoryview(data) as view, view.cast("B") as left:
            sent = 0
            while sent < len(left):
                rest = None if until is None else until - thread.loop.time()
                if rest is not None and rest <= 0:
                    raise TimeoutError("timed out")
                _wait(thread, self, rest, to_write=True)
                sent += send(self, left[sent:], flags | _AT_ONCE)

    return sendall


def _connect(original: Callable[..., None], now: Callable[..., int]) -> Callable[..., None]:
    @functools.wraps(original)
    def connect(self: socket.socket, address: Any, /) -> None:
        loop = _loop()
        if loop is None or self.family not in _INET:
            original(self, address)
        elif self.gettimeout() == 0 or current() is None:
            try:
                original(self, address)
            finally:
                _note(loop, self, address)
        elif error := _connected(self, address, now):
            raise OSError(error, os.strerror(error))

    return connect


def _connect_ex(original: Callable[..., int]) -> Callable[..., int]:
    @functools.wraps(original)
    def connect_ex(self: socket.socket, address: Any, /) -> int:
        loop = _loop()
        if loop is None or self.family not in _INET:
            return original(self, address)
        if self.gettimeout() != 0 and current() is not None:
            return _connected(self, address, original)
        error = original(self, address)
        _note(loop, self, address)
        return error

    return connect_ex


def _connected(sock: socket.socket, address: Any, now: Callable[..., int]) -> int:
    """Connect a blocking socket of a client's thread; the error number, 0 for none."""
    thread = current()
    assert thread is not None
    timeout = sock.gettimeout()
    sock.settimeout(0)
    try:
        error = now(sock, address)
        if error == errno.EINPROGRESS:
            _wait(thread, sock, timeout, to_write=True)
            error = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        _note(thread.loop, sock, address)
    finally:
        sock.settimeout(timeout)
    return error


def _loop() -> JumpingLoop | None:
    """The loop in whose virtual time the caller lives, if in any."""
    thread = current()
    if thread is not None:
        return thread.loop
    try:
        loop = get_running_loop()
    except RuntimeError:
        return None
    return loop if isinstance(loop, JumpingLoop) else None


def _note(loop: JumpingLoop, sock: socket.socket, address: Address) -> None:
    """Remember a connection that was made, or begun; one that leads elsewhere is an escape."""
    if sock.type != socket.SOCK_STREAM:
        return
    # Small writes shall not wait for the other side's word that the last one came: that takes real
    # time, while the clock would jump.
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    loop.peers.add(sock.getsockname()[:2])
    if (run := current_run.get()) is not None:
        run.connections.add(sock)
    if not loop.is_ours(address) and not _is_refused(sock, address):
        loop.escape(f"talks to {address[0]}:{address[1]}, which is no part of the exam")


def _is_refused(sock: socket.socket, address: Address) -> bool:
    """Whether a connection is known to have failed: on the same machine that is known at once."""
    try:
        sock.getpeername()
    except OSError:
        return str(address[0]).startswith(("127.", "::1", "localhost"))
    return False


def _accept(original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    def accept(self: socket.socket) -> tuple[socket.socket, Any]:
        thread, loop = current(), _loop()
        if thread is not None:
            _wait(thread, self, self.gettimeout(), to_write=False)
        accepted: tuple[socket.socket, Any] = original(self)
        if loop is not None and self.family in _INET:
            if accepted[1][:2] not in loop.peers:
                loop.escape("a connection comes from outside of virtual time")
            loop.peers.discard(accepted[1][:2])
        return accepted

    return accept


def _listen(original: Callable[..., None]) -> Callable[..., None]:
    @functools.wraps(original)
    def listen(self: socket.socket, *backlog: int) -> None:
        original(self, *backlog)
        loop = _loop()
        if loop is not None and self.family in _INET:
            loop.listening.add(self.getsockname())

    return listen


def _close(original: Callable[..., None]) -> Callable[..., None]:
    @functools.wraps(original)
    def close(self: socket.socket) -> None:
        thread = current()
        if thread is not None:
            # Whoever waits for it in another thread of the client would wait for ever.
            for to_write in (False, True):
                pause = thread.loop.watched.get((self.fileno(), to_write))
                if pause is not None:
                    pause.disarm()
                    pause.wake()
        original(self)

    return close
