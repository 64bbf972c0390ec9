"""The careful client with nothing but the standard library."""

import gzip
import threading
import time
import urllib.error
import urllib.request
import zlib
from http.client import HTTPException, HTTPMessage, HTTPResponse
from typing import IO

from contract_tests import Job, Outcome
from tests.good_clients.careful import Careful, Report
from tests.good_clients.driving import drive
from tests.good_clients.steps import Call, LostError, NotSentError, Reply

_PIECE = 64 * 1024


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """The key is for one host alone."""

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: HTTPMessage,
        newurl: str,
    ) -> None:
        return None


_OPEN = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirects).open


class SyncUrllib:
    """A client for any number of jobs in as many threads, at most so many of them at once."""

    def __init__(self, way: type[Careful] = Careful, at_once: int = 8) -> None:
        self.way = way
        self.at_once = at_once
        self._places = threading.Semaphore(at_once)

    def __call__(self, job: Job, report: Report = lambda percent: None) -> Outcome:
        """Do one job."""
        with self._places:
            return drive(self.way(job, report).work(), self.send, time.sleep)

    def send(self, call: Call) -> Reply:
        """Make a call; raises NotSentError, LostError."""
        end = time.monotonic() + call.seconds
        headers = {"Accept-Encoding": "gzip", **call.headers}
        request = urllib.request.Request(call.url, call.body, headers, method=call.method)
        try:
            with self.open(request, call.seconds) as reply:
                headers = {name.lower(): value for name, value in reply.headers.items()}
                return Reply(reply.status, headers, _content(reply, end))
        except urllib.error.URLError as error:
            is_unsent = isinstance(error.reason, ConnectionRefusedError)
            raise (NotSentError if is_unsent else LostError)(repr(error)) from error
        except (HTTPException, OSError, EOFError, ValueError, zlib.error) as error:
            raise LostError(repr(error)) from error

    def open(self, request: urllib.request.Request, seconds: float) -> HTTPResponse:
        """Make the call; to urllib every status from 300 on is an exception that is a reply."""
        try:
            reply: HTTPResponse = _OPEN(request, timeout=seconds)
        except urllib.error.HTTPError as error:
            return error  # type: ignore[return-value]
        return reply


def _content(reply: HTTPResponse, end: float) -> bytes:
    """The content, unless it takes too long; what is cut is noticed by ``read`` alone."""
    pieces = []
    while piece := reply.read1(_PIECE):
        pieces.append(piece)
        if time.monotonic() > end:
            raise TimeoutError("the reply came too slowly")
    content = b"".join(pieces)
    announced = reply.headers.get("content-length", "")
    if announced.isdigit() and int(announced) != len(content):
        raise HTTPException(f"{len(content)} of {announced} bytes")
    is_packed = reply.headers.get("content-encoding", "") in ("gzip", "x-gzip")
    return gzip.decompress(content) if is_packed else content
