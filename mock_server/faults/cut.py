"""The fault ``cut``: the content stops short of what was announced."""

from dataclasses import dataclass

from mock_server.core.fault import Scene
from mock_server.core.script import HangUp, Script
from mock_server.faults.parts.base_fault import BaseFault
from mock_server.faults.parts.kinds import MOST_BYTES, number, whole
from mock_server.faults.parts.options import OptionError, option
from mock_server.faults.parts.wire import cut_place, split


@dataclass(frozen=True, slots=True)
class Cut(BaseFault):
    """The reply's content is cut and the server hangs up; Content-Length told the full length.

    Why: half a JSON text is worth nothing, half an image can look like a whole one. A client has to
    notice, and to know that what it asked for was done all the same.
    """

    at: int | None = option(whole(0, MOST_BYTES, "bytes"), "how many bytes are sent", None)
    share: float | None = option(
        number(0, 1, "a share"),
        "the share of the bytes that are sent (half: 0.5, the default)",
        None,
    )

    def check(self) -> None:
        """Refuse two places."""
        if self.at is not None and self.share is not None:
            raise OptionError("share", "only one of at and share", "both")

    def rewrite(self, script: Script, scene: Scene) -> Script:
        """The reply without its end; at least its last byte is missing."""
        sent, _ = split(script, cut_place(script, self.at, self.share))
        return (*sent, HangUp())
