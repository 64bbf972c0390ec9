"""Sockets of a client wait in virtual time, however it waits for them."""

import select
import selectors
import socket
import threading
import time
from collections.abc import Callable

import pytest

from contract_tests.outcome import Job, Outcome, OutcomeStatus
from tests.contract_tests.clients.stage import alone, lasting, told


def waits_for_sockets() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        threading.Timer(3, theirs.send, [b"x"]).start()
        with lasting(3):
            assert select.select([ours], [], [], 60)[0] == [ours]
        with lasting(0):
            assert select.select([ours], [ours], [], 60)[:2] == ([ours], [ours])
        ours.recv(1)
        with lasting(2):
            assert select.select([ours], [], [], 2)[0] == []
        ours.settimeout(4)
        with lasting(4), pytest.raises(TimeoutError):
            ours.recv(1)


def waits_by_polling() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        poll = select.poll()
        poll.register(ours, select.POLLOUT)
        assert poll.poll(0) == [(ours.fileno(), select.POLLOUT)]
        poll.modify(ours, select.POLLIN)
        with lasting(1.5):
            assert poll.poll(1500) == []
        threading.Timer(3, theirs.send, [b"x"]).start()
        with lasting(3):
            assert poll.poll() == [(ours.fileno(), select.POLLIN)]
        poll.unregister(ours)


def waits_by_selectors() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        for kind in (selectors.EpollSelector, selectors.PollSelector, selectors.SelectSelector):
            with kind() as selector:
                selector.register(ours, selectors.EVENT_READ)
                with lasting(2):
                    assert selector.select(2) == []
                threading.Timer(3, theirs.send, [b"x"]).start()
                with lasting(3):
                    assert [key.fileobj for key, _ in selector.select()] == [ours]
                ours.recv(1)


def waits_for_a_socket_that_another_thread_closes() -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    ours = socket.create_connection(listener.getsockname())
    theirs, _ = listener.accept()
    with listener, theirs:
        threading.Timer(3, ours.close).start()
        with lasting(3), pytest.raises(OSError, match="Bad file descriptor"):
            ours.recv(1)


def waits_for_one_socket_in_two_threads() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        seen: list[bytes] = []
        readers = [threading.Thread(target=lambda: seen.append(ours.recv(1))) for _ in range(2)]
        for reader in readers:
            reader.start()
        time.sleep(1)
        theirs.send(b"xy")
        for reader in readers:
            reader.join()
        assert sorted(seen) == [b"x", b"y"]


def sends_more_than_a_socket_takes() -> None:
    ours, theirs = socket.socketpair()
    size = 4_000_000

    def read_late() -> None:
        time.sleep(5)
        left = size
        while left:
            left -= len(theirs.recv(100_000))

    with ours, theirs:
        reader = threading.Thread(target=read_late)
        reader.start()
        with lasting(5):
            ours.sendall(bytes(size))
            reader.join()
        ours.settimeout(3)
        with lasting(3), pytest.raises(TimeoutError):
            ours.sendall(bytes(size))


def serves_another_thread() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer() -> None:
            connection, _ = listener.accept()
            with connection:
                time.sleep(3)
                connection.sendall(connection.recv(10).upper())

        threading.Thread(target=answer).start()
        with lasting(3), socket.create_connection(listener.getsockname(), timeout=60) as ours:
            ours.sendall(b"hello")
            assert ours.recv(10) == b"HELLO"


def meets_a_port_where_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = listener.getsockname()
    with lasting(0), pytest.raises(ConnectionRefusedError):
        socket.create_connection(address, timeout=5)


@pytest.mark.parametrize(
    "doing",
    [
        waits_for_sockets,
        waits_by_polling,
        waits_by_selectors,
        waits_for_a_socket_that_another_thread_closes,
        waits_for_one_socket_in_two_threads,
        sends_more_than_a_socket_takes,
        serves_another_thread,
        meets_a_port_where_nobody_listens,
    ],
    ids=lambda doing: doing.__name__.replace("_", " "),
)
def test_in_virtual_time_a_client(doing: Callable[[], None]) -> None:
    def client(job: Job) -> Outcome:
        doing()
        return Outcome(OutcomeStatus.SUCCEEDED)

    (done,) = alone(client)
    assert (done.raised, told(done)) == (None, "")
