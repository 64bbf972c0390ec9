"""Everything that happened in a session, within a bound, with secrets masked."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from mock_server.core.masking import masked, masked_headers
from mock_server.core.script import Headers

CONTENT_BYTES = 64 * 1024


@dataclass(slots=True)
class Entry:
    """One call and what was answered; times are seconds of the session's clock.

    ``body`` and ``content`` (the reply's) are cut at :data:`CONTENT_BYTES`; ``body_size`` and
    ``content_size`` are their full lengths, ``body_digest`` tells equal bodies from different ones.
    ``fault`` is the text of the fault that struck, ``moment`` when it did; ``steps`` names the steps
    of the planned script when it was not an orderly reply. ``ended`` (None until then) and
    ``aborted`` (the caller left first) are noted on delivery. What the caller sent is shown by the
    properties below, in which every key is masked.
    """

    number: int
    at: float
    operation: str | None
    method: str
    status: int | None
    reply_headers: Headers
    content: bytes
    content_size: int
    task: str | None
    phase: str | None
    fault: str | None
    moment: str | None
    created: bool
    connection: str
    body_size: int
    body_digest: bytes
    steps: tuple[str, ...]
    sent_path: str = field(repr=False)
    sent_query: str = field(repr=False)
    sent_headers: Headers = field(repr=False)
    sent_body: bytes = field(repr=False)
    secrets: tuple[str, ...] = field(repr=False)
    ended: float | None = None
    aborted: bool = False

    @property
    def path(self) -> str:
        """The path as sent (percent-encoded)."""
        return self._clean(self.sent_path.encode("utf-8", "surrogateescape")).decode("latin-1")

    @property
    def query(self) -> str:
        """The query as sent."""
        return self._clean(self.sent_query.encode("utf-8", "surrogateescape")).decode("latin-1")

    @property
    def headers(self) -> Headers:
        """The header fields in the order they came in, names lower-case."""
        return masked_headers(self.sent_headers, self.secrets)

    @property
    def body(self) -> bytes:
        """The start of the body; of a form its texts and the names of its files as JSON."""
        return self._clean(self.sent_body)

    @property
    def weight(self) -> int:
        """About how many bytes the entry holds."""
        return 1_000 + len(self.sent_body) + len(self.content) + len(self.sent_path)

    def _clean(self, data: bytes) -> bytes:
        return masked(data, self.secrets)


class Journal:
    """The latest entries of a session, oldest first, within a number and a weight (bytes).

    ``dropped`` counts those that had to go.
    """

    def __init__(self, capacity: int, max_weight: int) -> None:
        self.capacity = capacity
        self.max_weight = max_weight
        self.dropped = 0
        self.weight = 0
        self._entries: deque[Entry] = deque()

    def append(self, entry: Entry) -> None:
        """Add an entry; the oldest go when the journal is full."""
        self._entries.append(entry)
        self.weight += entry.weight
        while len(self._entries) > self.capacity or self.weight > self.max_weight:
            self.weight -= self._entries.popleft().weight
            self.dropped += 1

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    @property
    def last(self) -> Entry | None:
        """The newest entry."""
        return self._entries[-1] if self._entries else None

    def since(self, number: int, most: int) -> tuple[Entry, ...]:
        """At most so many entries whose number is greater than ``number``, oldest first."""
        return tuple(islice((entry for entry in self._entries if entry.number > number), most))
