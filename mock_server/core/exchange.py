"""One call and its reply, as a value that never changes."""

import json
from calendar import timegm
from dataclasses import dataclass
from email.utils import parsedate_tz
from functools import cached_property
from typing import Final

from mock_server.core.lifecycle import Phase
from mock_server.core.script import Headers


class NoJson:
    """The type of :data:`NO_JSON`."""

    def __repr__(self) -> str:
        """The word for it in what people read."""
        return "nothing"


# What is no JSON text, or was too long to be kept whole; JSON itself has a null.
NO_JSON: Final = NoJson()


@dataclass(frozen=True)
class Exchange:
    """One call and its reply; times are seconds of the session's clock.

    ``path`` and ``query`` are as sent, ``base`` is the origin (and prefix) it was sent to; every
    key is masked. ``body_cut`` and ``content_cut`` say that ``body`` and ``content`` were too long
    to be kept whole. Of a form, ``body`` tells the texts and the names of the files as JSON;
    ``content`` is without content coding. ``digest`` tells equal bodies from different ones.

    ``status`` is None where no reply was. ``task`` is the id of the task that the call was about,
    whether or not the server got as far as to look; ``phase`` is where it stood, and ``created``
    says that the call made it (or an upload). ``told`` says that a caller who read the reply could
    know so: it was to arrive whole, and no fault took the words out of it. ``fault`` is the text of
    the fault that struck and ``moment`` when. ``head_wait`` and ``total_wait`` are the seconds for
    which the head and the end of the reply were held back. ``ended`` is when the delivery was over
    (None: not yet, or nobody noted it); ``aborted`` says that the caller left before that. ``key``
    tells calls with one key from those with another, and does not give it away.
    """

    number: int
    started: float
    operation: str
    method: str = "GET"
    path: str = "/"
    query: str = ""
    headers: Headers = ()
    body: bytes = b""
    body_cut: bool = False
    digest: bytes = b""
    status: int | None = 200
    reply_headers: Headers = ()
    content: bytes = b""
    content_cut: bool = False
    task: str | None = None
    phase: Phase | None = None
    created: bool = False
    told: bool = True
    fault: str | None = None
    moment: str | None = None
    head_wait: float = 0.0
    total_wait: float = 0.0
    ended: float | None = None
    aborted: bool = False
    key: str = ""
    connection: str = ""
    base: str = ""

    @cached_property
    def json(self) -> object:
        """The body as a JSON value, :data:`NO_JSON` if it is none or was cut."""
        return NO_JSON if self.body_cut else _json(self.body)

    @cached_property
    def reply_json(self) -> object:
        """The reply's content as a JSON value, :data:`NO_JSON` if it is none or was cut."""
        return NO_JSON if self.content_cut else _json(self.content)

    @cached_property
    def call(self) -> tuple[str, str]:
        """What tells the same call, made again, from another one.

        That is the operation, and: of a submit the body (equal JSON is equal, however it is
        written), of a call about a task the task, else path and query. Two callers who send equal
        submits look like one.
        """
        if self.operation == "submit":
            return self.operation, _canonical(self.json) or self.digest.hex()
        return self.operation, self.task or f"{self.path}?{self.query}"

    @property
    def replied(self) -> float:
        """When the caller could know status and header fields at the earliest, or gave up."""
        return self._reached(self.started + self.head_wait)

    @property
    def completed(self) -> float:
        """When the caller could know the whole reply at the earliest, or gave up."""
        return self._reached(self.started + self.total_wait)

    @property
    def heard_status(self) -> int | None:
        """The status that reached the caller, None if none did."""
        is_left = self.aborted and self.ended is not None
        return None if is_left and self.replied < self.started + self.head_wait else self.status

    def _reached(self, planned: float) -> float:
        return planned if self.ended is None else min(planned, self.ended)

    @property
    def says_end(self) -> bool:
        """True when the reply told its caller that the task is over."""
        return self.told and self.phase is not None and self.phase.is_terminal

    @property
    def retry_after(self) -> float | None:
        """Seconds from the head on that Retry-After asks to wait (RFC 9110, 10.2.3).

        None where it does not: there is none, it is no number of seconds and no date, it is 0, or
        the date is past.
        """
        found = (value for name, value in self.reply_headers if name == b"retry-after")
        text = next(found, b"").decode("latin-1").strip()
        wait = float(text) if text.isascii() and text.isdigit() else _until(text, self.replied)
        return wait if wait > 0 else None


def _json(data: bytes) -> object:
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return NO_JSON


def _canonical(value: object) -> str | None:
    try:
        return None if value is NO_JSON else json.dumps(value, sort_keys=True)
    except RecursionError:
        return None


def _until(text: str, now: float) -> float:
    """Seconds until a date in any of HTTP's three forms, 0 if it is none."""
    try:
        date = parsedate_tz(text)
        return 0.0 if date is None else timegm(date[:6]) - (date[9] or 0) - now
    except (ValueError, OverflowError):
        return 0.0
