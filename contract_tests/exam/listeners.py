"""The addresses of a venue: the API's, the same port of another host, and ports for sessions."""

import socket
from contextlib import suppress

from mock_server import Application, PortTakenError, listen, listen_for_sessions

HOST = "127.0.0.1"
# Another host, as far as a client can tell; every Linux has it, and stories name it.
ELSEWHERE = "127.0.0.2"
_TRIES = 20


def open_listeners(application: Application, ports: int) -> list[socket.socket]:
    """Listening sockets, that of the API first; ``ports`` are for sessions of their own.

    Where the machine has no second address of its own, stories about other hosts show nothing.
    Raises :class:`PortTakenError`.
    """
    pair = _pair()
    return [*pair, *listen_for_sessions(application.mock, HOST, ports)]


def _pair() -> list[socket.socket]:
    for _ in range(_TRIES):
        first = listen(HOST, 0)
        with suppress(PortTakenError):
            return [first, listen(ELSEWHERE, first.getsockname()[1])]
        first.close()
    return [listen(HOST, 0)]
