"""Pauses that are too short, too long, too regular, or other than the server asked for (BOF)."""

import time

import requests
from requests.adapters import HTTPAdapter
from urllib3 import Retry

from tests.bad_clients.bad_client import BadClient, careful, python
from tests.good_clients.async_aiohttp import AsyncAiohttp
from tests.good_clients.async_httpx import AsyncHttpx
from tests.good_clients.careful import Careful
from tests.good_clients.reading import asked_to_wait
from tests.good_clients.steps import OrderError, Reply
from tests.good_clients.sync_requests import SyncRequests
from tests.good_clients.sync_urllib import SyncUrllib


class Urllib3Retry(SyncRequests):
    """Leaves the retries to urllib3, as most answers to the question recommend."""

    def connections(self) -> requests.Session:
        session = super().connections()
        retry = Retry(
            total=5,
            backoff_factor=1,
            status_forcelist=[429],
            allowed_methods=None,
            raise_on_status=False,
        )
        session.mount("http://", HTTPAdapter(max_retries=retry))
        return session


class LeftToTheLibrary(Careful):
    """The careful way, without backoff of its own."""

    steps = ()


class FirstAtOnce(Careful):
    steps = (0, 1, 2, 4, 8)


class Milliseconds(Careful):
    def backoff(self, attempt: int, reply: Reply | None = None) -> float:
        return super().backoff(attempt, reply) / 1000


class Constant(Careful):
    steps = (5, 5, 5, 5, 5)


class NoJitter(Careful):
    spread = 0.0


class LittleJitter(Careful):
    spread = 0.02


class NoCap(Careful):
    steps = (1, 2, 4, 8, 16, 32, 64, 128, 256)


class DeafToRetryAfter(Careful):
    def backoff(self, attempt: int, reply: Reply | None = None) -> float:
        return super().backoff(attempt)


class DatesUnread(Careful):
    def backoff(self, attempt: int, reply: Reply | None = None) -> float:
        asked = "" if reply is None else reply.headers.get("retry-after", "")
        return super().backoff(attempt, reply if asked.isdigit() else None)


class TrustsRetryAfter(Careful):
    def backoff(self, attempt: int, reply: Reply | None = None) -> float:
        asked = None if reply is None else reply.headers.get("retry-after")
        return super().backoff(attempt) if asked is None else float(int(asked))


class RetryAfterSticks(Careful):
    def backoff(self, attempt: int, reply: Reply | None = None) -> float:
        asked = None if reply is None else asked_to_wait(reply, self.patience, time.time())
        self.asked = asked or getattr(self, "asked", None)
        return self.asked or super().backoff(attempt)


class PollsAtOnceAfter429(Careful):
    def after_trouble(self, error: OrderError, reply: Reply | None = None) -> float:
        pause = super().after_trouble(error, reply)
        return 0.0 if reply is not None and reply.status == 429 else pause


WRONG: tuple[BadClient, ...] = (
    python(
        "urllib3-retry",
        "backoff-floor",
        "urllib3's Retry makes its first retry at once, whatever its backoff_factor is.",
        lambda: Urllib3Retry(LeftToTheLibrary),
        backoff_jitter="backoff_jitter is 0 unless it is set",
        retry_429_submit="it raises InvalidHeader over a Retry-After that is no number or date",
        bad_retry_after="it sleeps for as long as Retry-After says, however long that is",
        submit_once_after_reset="total counts read errors too, and allowed_methods=None means POST",
        submit_once="a read timeout is a read error",
    ),
    careful(
        "first-at-once",
        "backoff-floor",
        "A first retry without delay is said to help against hiccups.",
        FirstAtOnce,
        submit_5xx_policy="an outage of the limiter is met in the same way",
    ),
    careful(
        "milliseconds",
        "backoff-floor",
        "The pauses were meant in seconds and are slept in milliseconds.",
        Milliseconds,
        AsyncHttpx,
        backoff_jitter="the jitter, too, is a thousandth of what it should be",
        retry_after_seconds="what is asked for is divided as well",
        retry_after_date="what is asked for is divided as well",
    ),
    careful(
        "constant",
        "backoff-growth",
        "A fixed pause is one line, and five seconds is longer than one.",
        Constant,
    ),
    careful(
        "no-jitter",
        "backoff-jitter",
        "1, 2, 4 is what the guide says.",
        NoJitter,
        SyncUrllib,
    ),
    python(
        "little-jitter",
        "no-herd",
        "A few milliseconds of jitter were thought to be enough.",
        lambda: AsyncAiohttp(LittleJitter, at_once=40),
    ),
    careful(
        "no-cap",
        "backoff-cap",
        "Doubling was written down, and where it ends was not.",
        NoCap,
    ),
    careful(
        "deaf-to-retry-after",
        "retry-after-seconds",
        "The backoff is a decorator that never sees the reply.",
        DeafToRetryAfter,
        SyncRequests,
        retry_after_date="a date is a Retry-After",
    ),
    careful(
        "dates-unread",
        "retry-after-date",
        "Nobody has ever seen a date there.",
        DatesUnread,
    ),
    careful(
        "trusts-retry-after",
        "bad-retry-after",
        "int() of a header is enough as long as the header is a number.",
        TrustsRetryAfter,
        retry_429_submit="the crash ends the retries",
        last_error_told="the crash takes the place of the server's error",
        error_details_told="the crash takes the place of the server's error",
        backoff_floor="a Retry-After of 0 is taken at its word",
    ),
    careful(
        "retry-after-sticks",
        "retry-after-once",
        "The last Retry-After is kept in the client and never cleared.",
        RetryAfterSticks,
    ),
    careful(
        "polls-at-once-after-429",
        "backoff-on-polls",
        "Only the submit was wrapped with the backoff.",
        PollsAtOnceAfter429,
        AsyncHttpx,
    ),
)
