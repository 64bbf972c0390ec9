"""The fault ``wrong_length``: Content-Length is not the length of the content."""

from dataclasses import dataclass
from typing import Literal

from mock_server.core.fault import Scene
from mock_server.core.script import HangUp, Script, content_of
from mock_server.faults.parts.base_fault import BaseFault
from mock_server.faults.parts.kinds import MOST_BYTES, choice, whole
from mock_server.faults.parts.options import OptionError, option
from mock_server.faults.parts.wire import FOR_EVER, with_fields


@dataclass(frozen=True, slots=True)
class WrongLength(BaseFault):
    """Content-Length announces more bytes than come, or fewer.

    Why: with too many announced a client waits for the rest, with too few it reads cut JSON and
    may take what is left over for the next reply.
    """

    by: int = option(
        whole(-MOST_BYTES, MOST_BYTES, "bytes"),
        "how many too many are told (negative: too few)",
        10,
    )
    then: Literal["close", "hang"] = option(
        choice("close", "hang"), "after the content, hang up or stay silent", "close"
    )

    def check(self) -> None:
        """Refuse the right length."""
        if self.by == 0:
            raise OptionError("by", "another number than 0", self.by)

    def rewrite(self, script: Script, scene: Scene) -> Script:
        """The whole reply under a wrong length (never below 0)."""
        length = max(0, len(content_of(script)) + self.by)
        wrong = with_fields(script, ((b"content-length", b"%d" % length),))
        return (*wrong, HangUp()) if self.then == "close" else (*wrong, FOR_EVER, HangUp())
