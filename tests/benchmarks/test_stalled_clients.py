"""Who among waiting clients has been served."""

import socket

import pytest

from benchmarks.measures.stalled_clients import served_among

WHOLE = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}"


@pytest.mark.parametrize(
    ("sent", "served"),
    [
        (b"", False),
        (b"HTTP/1.1 200 OK\r\n", False),
        (WHOLE[:-1], False),
        (WHOLE, True),
    ],
)
def test_a_client_is_served_when_its_reply_is_whole(sent: bytes, served: bool) -> None:
    client, server = socket.socketpair()
    with client, server:
        server.sendall(sent)
        assert served_among([client]) == ([client] if served else [])


def test_a_client_whose_connection_was_closed_waits_no_more() -> None:
    client, server = socket.socketpair()
    with client:
        server.close()
        assert served_among([client]) == [client]
