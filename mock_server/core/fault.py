"""What a fault is: a rewrite of a script, before or after the work."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

from mock_server.core.script import Script

Moment: TypeAlias = Literal["before", "after"]


@dataclass(frozen=True, slots=True)
class Scene:
    """What a fault may know of the call whose script it rewrites.

    ``path`` and ``query`` are the call's, ``base`` the origin that it was sent to; ``now`` is the
    session's clock (epoch seconds); ``chance`` is a number from 0 to 1 decided by seed and call.
    ``error`` gives the script of an error in the operation's own envelope: of a reason of the
    catalogue or of a status code, with the catalogue's message or another one.
    """

    operation: str
    path: str
    query: str
    base: str
    now: float
    chance: float
    error: Callable[[str | int, str | None], Script]


class Fault(Protocol):
    """A rewrite of a script, applied before the work (nothing was created) or after it."""

    @property
    def moment(self) -> Moment:
        """``before``: nothing was created. ``after``: the work is done, its reply is spoiled."""

    @property
    def text(self) -> str:
        """The fault as it is written in a scenario."""

    def rewrite(self, script: Script, scene: Scene) -> Script:
        """The script that the caller gets instead of ``script`` (empty before the work)."""
