"""Heads of requests that were read before, so that a client's next poll need not be read anew."""

from collections.abc import Hashable
from typing import NamedTuple

from mock_server.edge.request import Request

_END = b"\r\n\r\n"
_MOST_HEADS = 1_024
_LONGEST = 2_048


class Known(NamedTuple):
    """A request whose head was seen before; ``size`` is how many bytes its body must have."""

    request: Request
    size: int


class KnownHeads:
    """Heads as they came over the wire, and what reading them gave; within a bound.

    A client that polls sends the same bytes again and again, and the heads of its submits differ
    in little more than their Content-Length. ``place`` stands for what the bytes do not tell: the
    scheme, and the address they came to.
    """

    def __init__(self) -> None:
        self._known: dict[tuple[bytes, Hashable], Known] = {}

    def find(self, data: bytes, place: Hashable) -> tuple[Request, bytes] | None:
        """The request and body in ``data``, if that is a known head and just the body it tells."""
        end = data.find(_END) + 4
        if end == len(data):
            known = self._known.get((data, place))
            return None if known is None or known.size else (known.request, b"")
        known = self._known.get((data[:end], place))
        if known is None or known.size != len(data) - end:
            return None
        return known.request, data[end:]

    def learn(self, data: bytes, place: Hashable, request: Request, body: bytes) -> None:
        """Remember the head in ``data``, which a parser has found to be one request with ``body``.

        What is not simply a head and a body (because of chunks, say) is not learnt.
        """
        end = data.find(_END) + 4
        if end > _LONGEST or data[end:] != body:
            return
        if len(self._known) >= _MOST_HEADS:
            self._known.clear()
        self._known[data[:end], place] = Known(request, len(body))
