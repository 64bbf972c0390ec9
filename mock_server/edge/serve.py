"""Serving in the foreground until the process is told to stop."""

import gc
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import uvicorn

from mock_server.edge.app import Application
from mock_server.edge.certificates import Certificates, make_certificates
from mock_server.edge.log import Log
from mock_server.edge.mock import Mock, Settings
from mock_server.edge.runner import listen, listen_for_sessions, origin, uvicorn_server


@dataclass(frozen=True, slots=True)
class Address:
    """Where a server can be reached: ``url`` is its origin."""

    host: str
    port: int
    certificates: Certificates | None

    @property
    def url(self) -> str:
        """The origin that callers on this machine use."""
        return origin(self.host, self.port, "https" if self.certificates else "http")


def _stop_on_signals(server: uvicorn.Server) -> None:
    """Let SIGINT and SIGTERM end the serving, not the process: it then ends with success.

    uvicorn has handlers of its own while it serves, and raises what it got again afterwards.
    """

    def stop(number: int, frame: object) -> None:
        server.should_exit = True

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)


def _spare_the_collector() -> None:
    """What has been loaded stays and tasks live long without cycles: collect garbage less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 50, 50)


@contextmanager
def keeping(application: Application, folder: Path | None) -> Iterator[None]:
    """Bring back what a folder has of an earlier run, and keep in it what happens; None: neither.

    Raises ``DataError`` for a state that cannot be used.
    """
    if folder is None:
        yield
        return
    # Imported here: most servers keep nothing.
    from mock_server.edge.state import Store

    store = Store(folder, application.mock)
    application.mock.keeper = application.endpoint.keeper = store
    application.endpoint.listeners.append(store.delivered)
    try:
        yield
    finally:
        store.close()


@contextmanager
def listening(mock: Mock, host: str, port: int, ports: int) -> Iterator[list[socket.socket]]:
    """Listen on a port, and on so many more for sessions; raises ``PortTakenError``."""
    with ExitStack() as opened:
        sockets = [listen(host, port)]
        opened.enter_context(closing(sockets[0]))
        for extra in listen_for_sessions(mock, host, ports):
            sockets.append(opened.enter_context(closing(extra)))
        yield sockets


def serve(
    settings: Settings,
    host: str,
    port: int,
    ports: int = 0,
    *,
    tls: bool,
    log: str,
    state: Path | None,
    announce: Callable[[Mock, Address], None],
) -> None:
    """Serve until SIGINT or SIGTERM; ``announce`` is called once the socket listens.

    ``ports`` is how many more are opened, for sessions that ask for one of their own. ``log`` is
    text, json or off; ``state`` is the folder in which everything is kept. Raises ``DataError``,
    ``PortTakenError``, ``TlsExtraMissingError`` before it serves.
    """
    application = Application(Mock(settings))
    # The ports come first: a session that is brought back may have had one of them.
    with listening(application.mock, host, port, ports) as sockets, keeping(application, state):
        certificates = make_certificates(*{host, "127.0.0.1", "localhost", "::1"}) if tls else None
        writer = None if log == "off" else Log(log)
        if writer is not None:
            application.endpoint.listeners.append(writer)
        files = (str(certificates.chain), str(certificates.key)) if certificates else None
        server = uvicorn_server(application, certificate=files)
        _stop_on_signals(server)
        _spare_the_collector()
        try:
            announce(application.mock, Address(host, sockets[0].getsockname()[1], certificates))
            server.run(sockets=sockets)
        finally:
            if writer is not None:
                writer.close()
