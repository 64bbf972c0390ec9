"""Encrypted connections that wait in virtual time when a client's thread uses them."""

import functools
import ssl
from collections.abc import Callable
from typing import Any

from contract_tests.clients.virtual.client_thread import ClientThread, current
from contract_tests.clients.virtual.patching import Patches


def patch_tls(patches: Patches) -> None:
    """Let waits for TLS be waits of the loop; asyncio has encryption of its own, which never waits.

    What is sent or read in clear goes through the methods of ordinary sockets.
    """
    for name in ("do_handshake", "read", "write", "send", "unwrap"):
        original = getattr(ssl.SSLSocket, name)
        patches.attribute(ssl.SSLSocket, name, _waiting(original))


def _waiting(original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    def method(self: ssl.SSLSocket, *args: Any, **named: Any) -> Any:
        thread, timeout = current(), self.gettimeout()
        if thread is None or timeout == 0:
            return original(self, *args, **named)
        self.settimeout(0)
        try:
            return _patiently(thread, self, timeout, lambda: original(self, *args, **named))
        finally:
            # It may be detached by now: unwrap() gives the connection away.
            if self.fileno() >= 0:
                self.settimeout(timeout)

    return method


def _patiently(
    thread: ClientThread, sock: ssl.SSLSocket, timeout: float | None, act: Callable[[], Any]
) -> Any:
    """Do something without waiting again and again, until the socket lets it be done."""
    until = None if timeout is None else thread.loop.time() + timeout
    while True:
        try:
            return act()
        except ssl.SSLWantReadError:
            to_write = False
        except ssl.SSLWantWriteError:
            to_write = True
        left = None if until is None else max(0.0, until - thread.loop.time())
        if not thread.wait(left, sock.fileno(), to_write=to_write):
            raise TimeoutError("The read operation timed out")
