"""The fault ``reset``: the connection breaks off."""

from dataclasses import dataclass
from typing import Literal

from mock_server.core.fault import Scene
from mock_server.core.script import Reset as ResetStep
from mock_server.core.script import Script
from mock_server.faults.parts.base_fault import MOMENT, MOMENT_DOC, BaseFault
from mock_server.faults.parts.kinds import MOST_BYTES, whole
from mock_server.faults.parts.options import OptionError, option
from mock_server.faults.parts.wire import cut_place, split


@dataclass(frozen=True, slots=True)
class Reset(BaseFault):
    """The connection is reset (TCP RST), before the request took effect or after it.

    Why: both look alike to a client, yet repeating a submit is safe in the first case and pays for
    the images twice in the second.
    """

    moment: Literal["before", "after"] = option(MOMENT, MOMENT_DOC, "before")
    at: int | None = option(
        whole(0, MOST_BYTES, "bytes"),
        "how much of the content is sent first; nothing without it",
        None,
    )

    def check(self) -> None:
        """Refuse to send a part of a reply that is never made."""
        if self.at is not None and self.moment == "before":
            raise OptionError("at", "moment=after beside it: before the work is no reply", self.at)

    def rewrite(self, script: Script, scene: Scene) -> Script:
        """What is sent of the reply, then the reset."""
        if self.at is None:
            return (ResetStep(),)
        sent, _ = split(script, cut_place(script, self.at, None))
        return (*sent, ResetStep())
