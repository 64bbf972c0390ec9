"""Everything that happened in a session, within a bound, with secrets masked."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from mock_server.core.call import Call
from mock_server.core.masking import masked, masked_headers, presented
from mock_server.core.script import Headers, Script, content_of, head_of

CONTENT_BYTES = 64 * 1024


@dataclass(slots=True)
class Entry:
    """One call and what was answered; times are seconds of the session's clock.

    ``operation`` is ``nowhere`` for a path that means nothing; ``fault`` is the text of the fault
    that struck and ``moment`` when it did; ``ended`` (None until then) and ``aborted`` (the
    caller left first) are noted on delivery. ``call`` and ``script`` are kept without files and
    pictures; what of them may be shown is in the properties, in which every key is masked and what
    is longer than :data:`CONTENT_BYTES` is cut. ``weight`` is about how many bytes the entry holds.
    """

    at: float
    operation: str
    task: str | None
    phase: str | None
    created: bool
    fault: str | None
    moment: str | None
    secrets: tuple[str, ...] = field(repr=False)
    call: Call = field(repr=False)
    script: Script = field(repr=False)
    body_size: int
    body_digest: bytes | None
    content_size: int
    weight: int
    ended: float | None = None
    aborted: bool = False

    @property
    def number(self) -> int:
        """The number of the call within its session, counted from 1 as calls begin."""
        return self.call.number

    @property
    def method(self) -> str:
        """The method of the request."""
        return self.call.method

    @property
    def connection(self) -> str:
        """The caller's address and port: what tells connections apart."""
        client = self.call.client
        return "" if client is None else f"{client[0]}:{client[1]}"

    @property
    def path(self) -> str:
        """The path as sent (percent-encoded)."""
        return self._clean(self.call.path.encode("latin-1", "replace")).decode("latin-1")

    @property
    def query(self) -> str:
        """The query as sent."""
        return self._clean(self.call.query.encode("latin-1", "replace")).decode("latin-1")

    @property
    def headers(self) -> Headers:
        """The request's header fields in the order they came in, names lower-case."""
        return masked_headers(self.call.headers, self._all_secrets)

    @property
    def body(self) -> bytes:
        """The start of the body; of a form its texts and the names of its files as JSON."""
        return self._clean(self.call.body)

    @property
    def digest(self) -> bytes:
        """Tells equal request bodies from different ones."""
        return self.call.digest() if self.body_digest is None else self.body_digest

    @property
    def status(self) -> int | None:
        """The status code that was planned, None where no reply was."""
        head = head_of(self.script)
        return None if head is None else head.status

    @property
    def reply_headers(self) -> Headers:
        """The header fields of the reply."""
        head = head_of(self.script)
        return () if head is None else head.headers

    @property
    def content(self) -> bytes:
        """The start of the reply's content; a picture's is left out."""
        return self._clean(content_of(self.script))

    @property
    def steps(self) -> tuple[str, ...]:
        """The names of the steps that were planned, in order."""
        return tuple(type(step).__name__ for step in self.script)

    def _clean(self, data: bytes) -> bytes:
        return masked(data, self._all_secrets)[:CONTENT_BYTES]

    @property
    def _all_secrets(self) -> tuple[str, ...]:
        return (*self.secrets, *presented(self.call.headers))


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
        while self.weight > self.max_weight or len(self._entries) > self.capacity:
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
