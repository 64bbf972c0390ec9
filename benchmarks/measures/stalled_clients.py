"""Status reads while 2,000 clients wait for a stalled reply, against a mock without them."""

import resource
import select
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from benchmarks.api import HOST, STALL_HEADER, status_reads
from benchmarks.errors import CannotMeasure
from benchmarks.load import reply_end
from benchmarks.process import open_files
from benchmarks.rounds import Effort, compare
from benchmarks.rows import Row, speed_row
from benchmarks.servers import Server, mock
from benchmarks.tasks import UNDER_WAY, create, document, reads

CLIENTS = 2_000
TASKS = 256
FILES = 2 * CLIENTS
ARRIVAL_SECONDS = 20.0


def measure(effort: Effort) -> Iterator[Row]:
    """The reads run on connections of their own."""
    allow_files()
    with mock(*UNDER_WAY) as besieged, mock(*UNDER_WAY) as quiet:
        ids, quiet_ids = create(besieged, TASKS), create(quiet, TASKS)
        with stalled(besieged, ids[0]):
            rounds = compare(effort, reads(besieged, ids), reads(quiet, quiet_ids))
    title = f"{CLIENTS:,} stalled clients : none"
    yield speed_row("stalled-clients", title, rounds, at_least=0.9)


def allow_files() -> None:
    """Raise the limit on open files for this process and the servers it starts."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < FILES:
        raise CannotMeasure(f"expected a limit of {FILES} open files, seen: {hard}")
    if soft != resource.RLIM_INFINITY and soft < FILES:
        resource.setrlimit(resource.RLIMIT_NOFILE, (FILES, hard))


@contextmanager
def stalled(server: Server, task: str) -> Iterator[None]:
    """Keep ``CLIENTS`` clients waiting; raises CannotMeasure if one was served before the end."""
    address = HOST, server.port
    read = status_reads([task], port=server.port, key=server.key, header=STALL_HEADER)[0]
    with ExitStack() as stack:
        clients = []
        for _ in range(CLIENTS):
            clients.append(stack.enter_context(socket.create_connection(address)))
            clients[-1].sendall(read)
        await_arrival(server)
        # The server reads its sockets in turn: this reply comes after the stalled calls began.
        document(server, task)
        yield
        served = len(served_among(clients))
        if served:
            raise CannotMeasure(f"expected {CLIENTS} clients to wait, seen: {served} were served")


def await_arrival(server: Server) -> None:
    """Wait until the server has accepted a connection from each client."""
    deadline = time.monotonic() + ARRIVAL_SECONDS
    while (seen := open_files(server.pid)) < CLIENTS:
        if time.monotonic() > deadline:
            raise CannotMeasure(f"expected {CLIENTS} connections to be accepted, seen: {seen}")
        time.sleep(0.02)


def served_among(clients: list[socket.socket]) -> list[socket.socket]:
    """The clients whose reply has come whole, and those whose connection was closed."""
    poll = select.poll()
    for client in clients:
        poll.register(client, select.POLLIN)
    ready = {descriptor for descriptor, _ in poll.poll(0)}
    return [client for client in clients if client.fileno() in ready and is_served(client)]


def is_served(client: socket.socket) -> bool:
    """True unless what has come is the beginning of a reply."""
    try:
        data = client.recv(1 << 16)
        return data == b"" or reply_end(data) >= 0
    except (OSError, ValueError):
        return True
