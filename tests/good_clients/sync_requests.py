"""The careful client over requests, with a session of its own for each job."""

import threading
import time

import requests
from requests.exceptions import ConnectionError as NoConnectionError
from requests.exceptions import ConnectTimeout
from urllib3.exceptions import HTTPError, MaxRetryError, NewConnectionError

from contract_tests import Job, Outcome
from tests.good_clients.careful import Careful, Report
from tests.good_clients.driving import drive
from tests.good_clients.steps import Call, LostError, NotSentError, Reply

_PIECE = 64 * 1024


class SyncRequests:
    """A client for any number of jobs in as many threads, at most so many of them at once."""

    def __init__(self, way: type[Careful] = Careful, at_once: int = 8) -> None:
        self.way = way
        self.at_once = at_once
        self._places = threading.Semaphore(at_once)

    def __call__(self, job: Job, report: Report = lambda percent: None) -> Outcome:
        """Do one job."""
        with self._places, self.connections() as http:
            return drive(
                self.way(job, report).work(), lambda call: self.send(http, call), self.sleep
            )

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)

    def connections(self) -> requests.Session:
        """The connections of one job, without proxies and passwords of the machine's."""
        session = requests.Session()
        session.trust_env = False
        return session

    def send(self, http: requests.Session, call: Call) -> Reply:
        """Make a call; raises NotSentError, LostError."""
        end = time.monotonic() + call.seconds
        try:
            with http.request(
                call.method,
                call.url,
                headers=dict(call.headers),
                data=call.body,
                allow_redirects=False,
                stream=True,
                timeout=call.seconds,
            ) as reply:
                headers = {name.lower(): value for name, value in reply.headers.items()}
                return Reply(reply.status_code, headers, self.content(reply, end))
        except NoConnectionError as error:
            raise _meaning(error) from error
        except (requests.RequestException, HTTPError, TimeoutError) as error:
            raise LostError(repr(error)) from error

    def content(self, reply: requests.Response, end: float) -> bytes:
        """The content, unless it takes too long: the timeout of requests counts only silence."""
        pieces = []
        while piece := reply.raw.read1(_PIECE, decode_content=True):
            pieces.append(piece)
            if time.monotonic() > end:
                raise TimeoutError("the reply came too slowly")
        return b"".join(pieces)


def _meaning(error: NoConnectionError) -> NotSentError | LostError:
    """Whether a connection could not be made or broke off."""
    cause = error.args[0] if error.args else None
    reason = cause.reason if isinstance(cause, MaxRetryError) else cause
    is_unsent = isinstance(error, ConnectTimeout) or isinstance(reason, NewConnectionError)
    return NotSentError(repr(error)) if is_unsent else LostError(repr(error))
