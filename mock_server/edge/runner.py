"""Running the application on uvicorn: in the foreground, or in a thread of a test."""

import asyncio
import logging
import socket
import threading
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass

import uvicorn

from mock_server.core.world import Bounds
from mock_server.edge.app import Application, create_app
from mock_server.edge.delivery import NoTransportError
from mock_server.edge.mock import DEFAULT_KEY, Mock

_START_SECONDS = 30.0
_STOP_SECONDS = 2


class PortTakenError(OSError):
    """The address cannot be listened on; the message names it and says why."""


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 lets the system choose. Raises :class:`PortTakenError`."""
    if not host:
        # To the system it means every address of the machine, which nobody asked for.
        raise PortTakenError("cannot listen without a host")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # With the protocol named, asyncio switches Nagle's algorithm off; else a body that follows its
    # head waits 40 ms for the caller's acknowledgement.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except (OSError, UnicodeError, TypeError) as error:
        # The last two are what Python makes of a name that cannot be one of a host.
        listener.close()
        reason = getattr(error, "strerror", None) or str(error)
        raise PortTakenError(f"cannot listen on {host}:{port}: {reason}") from None
    listener.listen(2048)
    listener.setblocking(False)
    return listener


def origin(host: str, port: int, scheme: str = "http") -> str:
    """The origin by which callers on this machine reach a server that listens there."""
    reachable = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    return f"{scheme}://{f'[{reachable}]' if ':' in reachable else reachable}:{port}"


def listen_for_sessions(mock: Mock, host: str, ports: int) -> list[socket.socket]:
    """Open so many extra ports, which sessions may ask for, and tell the mock where it listens.

    Raises :class:`PortTakenError`.
    """
    extra: list[socket.socket] = []
    try:
        extra.extend(listen(host, 0) for _ in range(ports))
    except PortTakenError:
        for one in extra:
            one.close()
        raise
    mock.listening(host, (one.getsockname()[1] for one in extra))
    return extra


def uvicorn_server(
    application: Application, *, h11: bool = False, certificate: tuple[str, str] | None = None
) -> uvicorn.Server:
    """A uvicorn server for the application; ``certificate`` is the files of chain and key."""
    chain, key = certificate or (None, None)
    protocol = "h11_protocol:H11" if h11 else "httptools_protocol:HttpTools"
    config = uvicorn.Config(
        application,
        http=f"mock_server.edge.{protocol}",
        ws="none",
        loop="auto",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=False,
        proxy_headers=False,
        backlog=2048,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=_STOP_SECONDS,
        ssl_certfile=chain,
        ssl_keyfile=key,
    )
    # That a client hung up in mid-request, or sent a broken form, is no news where faults are made.
    for name in ("uvicorn.error", "python_multipart"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    return uvicorn.Server(config)


@dataclass(frozen=True, slots=True)
class Running:
    """A mock that is being served: ``url`` is its origin, ``api_key`` a key that it accepts."""

    application: Application
    url: str
    api_key: str

    @property
    def base_url(self) -> str:
        """The base URL with ``/v1``, as most clients want it."""
        return f"{self.url}/v1"

    @property
    def mock(self) -> Mock:
        """The sessions behind it."""
        return self.application.mock


@contextmanager
def start(
    profile: str = "guide",
    scenario: str | None = None,
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    speed: float = 1.0,
    api_keys: Sequence[str] = (DEFAULT_KEY,),
    any_key: bool = False,
    limits: bool = False,
    bounds: Bounds | None = None,
    control_token: str | None = None,
    webhook: str | None = None,
    ports: int = 0,
    h11: bool = False,
) -> Iterator[Running]:
    """Serve a mock in a thread for as long as the ``with`` block runs.

    Arguments are those of :func:`create_app`, where to listen (port 0: any free one), and how many
    extra ``ports`` are opened for sessions that want one of their own. Raises
    ``DataError`` and :class:`PortTakenError` before the block, and after it the first exception
    that a bug of the mock itself raised while it served.
    """
    application = create_app(
        profile,
        scenario,
        speed=speed,
        api_keys=tuple(api_keys),
        any_key=any_key,
        limits=limits,
        bounds=bounds,
        control_token=control_token,
        webhook=webhook,
    )
    listener = listen(host, port)
    extra = listen_for_sessions(application.mock, host, ports)
    with serving(application, listener, *extra, h11=h11) as address:
        yield Running(application, origin(host, address), next(iter(api_keys), DEFAULT_KEY))


@contextmanager
def serving(
    application: Application, listener: socket.socket, *extra: socket.socket, h11: bool = False
) -> Iterator[int]:
    """Serve an application on listening sockets in a thread; gives the port of the first.

    Raises what a bug of the mock raised meanwhile, once the server has stopped.
    """
    server = uvicorn_server(application, h11=h11)
    sockets = [listener, *extra]
    thread = threading.Thread(target=_run, args=(server, sockets), daemon=True, name="safelight")
    thread.start()
    _wait_until_started(server, thread)
    try:
        yield listener.getsockname()[1]
    finally:
        server.should_exit = True
        thread.join(_START_SECONDS)
        for one in sockets:
            one.close()
    _raise_bug(application)


@asynccontextmanager
async def serve_in_loop(
    application: Application,
    *listeners: socket.socket,
    h11: bool = False,
    certificate: tuple[str, str] | None = None,
) -> AsyncIterator[str]:
    """Serve an application on listening sockets in the running event loop, without a thread.

    Gives the origin of the first listener; without one, any free port of 127.0.0.1 is taken. The
    listeners are closed in the end. ``certificate`` is the files of chain and key, for https.
    Raises what a bug of the mock raised meanwhile.
    """
    sockets = list(listeners) or [listen("127.0.0.1", 0)]
    server = uvicorn_server(application, h11=h11, certificate=certificate)
    server.config.load()
    server.lifespan = server.config.lifespan_class(server.config)
    # Not server.serve(): it wakes up ten times a second, which is all the time there is in a loop
    # whose clock jumps, and takes the signals of the process.
    await server.startup(sockets=sockets)
    try:
        scheme = "https" if certificate else "http"
        host, port = sockets[0].getsockname()[:2]
        yield origin(host, port, scheme)
    finally:
        await server.shutdown(sockets=sockets)
        await _break_off(server)
    _raise_bug(application)


async def _break_off(server: uvicorn.Server) -> None:
    """Break off what is still open: a caller over TLS has half a minute to say goodbye."""
    for connection in list(server.server_state.connections):
        connection.transport.abort()
    await asyncio.sleep(0)


def _run(server: uvicorn.Server, sockets: list[socket.socket]) -> None:
    server.run(sockets=sockets)


def _raise_bug(application: Application) -> None:
    bugs = [bug for bug in application.endpoint.bugs if not isinstance(bug, NoTransportError)]
    if bugs:
        raise bugs[0]


def _wait_until_started(server: uvicorn.Server, thread: threading.Thread) -> None:
    pause = threading.Event()
    waited = 0.0
    while not server.started and thread.is_alive() and waited < _START_SECONDS:
        pause.wait(0.005)
        waited += 0.005
    if not server.started:
        raise RuntimeError("the mock did not start to serve")
