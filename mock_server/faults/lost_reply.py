"""The fault ``lost_reply``: the work is done, and the caller never hears of it."""

from dataclasses import dataclass
from typing import Literal

from mock_server.core.fault import Scene
from mock_server.core.script import HangUp, Reset, Script
from mock_server.faults.parts.base_fault import BaseFault
from mock_server.faults.parts.kinds import choice
from mock_server.faults.parts.options import option
from mock_server.faults.parts.wire import FOR_EVER


@dataclass(frozen=True, slots=True)
class LostReply(BaseFault):
    """The request takes full effect, but its reply does not arrive.

    Why: the task exists and is paid for. A client that simply submits again pays twice and throws
    the first images away.
    """

    how: Literal["reset", "hang", "close"] = option(
        choice("reset", "hang", "close"),
        "the connection is reset, silent until the caller gives up, or closed",
        "reset",
    )

    def rewrite(self, script: Script, scene: Scene) -> Script:
        """Nothing of the reply."""
        if self.how == "reset":
            return (Reset(),)
        return (HangUp(),) if self.how == "close" else (FOR_EVER, HangUp())
