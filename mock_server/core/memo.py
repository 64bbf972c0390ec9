"""What was worked out before and could be worked out again: it only saves time."""

from collections.abc import Callable
from dataclasses import dataclass, field
from email.utils import formatdate
from typing import NamedTuple

from mock_server.core.lifecycle import Stage
from mock_server.core.script import Headers
from mock_server.core.task import Task

_MOST_OWNERS = 10_000
_MOST_SHOWN = 2_000
_CORS: Headers = (
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"*"),
)


class _Shown(NamedTuple):
    stage: Stage
    moved: float
    base: str
    content: bytes


@dataclass(slots=True)
class Memo:
    """A world's short cuts. Nothing is lost when they are forgotten, and each is bounded.

    ``owners`` maps the digest of valid credentials to whose they are.
    """

    owners: dict[bytes, str] = field(default_factory=dict)
    _shown: dict[str, _Shown] = field(default_factory=dict)
    _second: int = -1
    _own: Headers = ()
    _shared: Headers = ()

    def keep_owner(self, digest: bytes, owner: str) -> None:
        """Remember whose credentials these are, as long as there is room."""
        if len(self.owners) < _MOST_OWNERS:
            self.owners[digest] = owner

    def fields(self, now: float, shared: bool) -> Headers:
        """The header fields of every reply: Date on the session's clock (RFC 9110), and CORS.

        Made once a second.
        """
        second = int(now)
        if self._second != second:
            date = (b"date", formatdate(second, usegmt=True).encode())
            self._second = second
            self._own = (date,)
            self._shared = (date, *_CORS)
        return self._shared if shared else self._own

    def content_of(self, task: Task, stage: Stage, base: str, make: Callable[[], bytes]) -> bytes:
        """The content that shows a task in a stage; what ``make`` returned for the same before."""
        shown = self._shown.get(task.id)
        if shown is not None and shown[:3] == (stage, task.moved, base):
            return shown.content
        content = make()
        if len(self._shown) >= _MOST_SHOWN:
            del self._shown[next(iter(self._shown))]
        self._shown[task.id] = _Shown(stage, task.moved, base, content)
        return content
