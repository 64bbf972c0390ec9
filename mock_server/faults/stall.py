"""The fault ``stall``: the server falls silent."""

from dataclasses import dataclass
from typing import Literal

from mock_server.core.fault import Scene
from mock_server.core.script import HangUp, Script, Wait
from mock_server.faults.parts.base_fault import MOMENT, MOMENT_DOC, BaseFault
from mock_server.faults.parts.kinds import MOST_BYTES, choice, duration, whole
from mock_server.faults.parts.options import OptionError, option
from mock_server.faults.parts.wire import FOR_EVER, cut_place, split


@dataclass(frozen=True, slots=True)
class Stall(BaseFault):
    """The server says nothing for a while, or for ever; then it goes on or hangs up.

    Why: a client without a timeout hangs with it, and one whose timeout strikes after the submit
    took effect does not know whether it has a task.
    """

    seconds: float | None = option(duration(), "how long; for ever without it", None)
    at: int | None = option(
        whole(0, MOST_BYTES, "bytes"),
        "after how many bytes of the content; before the head without it",
        None,
    )
    then: Literal["go_on", "close"] | None = option(
        choice("go_on", "close"), "send the rest, as after the work, or hang up, as before it", None
    )
    moment: Literal["before", "after"] = option(MOMENT, MOMENT_DOC, "after")

    def check(self) -> None:
        """Refuse to send something of a reply that is never made."""
        if self.moment == "before" and self.at is not None:
            raise OptionError("at", "moment=after beside it: before the work is no reply", self.at)
        if self.moment == "before" and self.then == "go_on":
            raise OptionError("then", "close: before the work is no reply to go on with", self.then)

    def rewrite(self, script: Script, scene: Scene) -> Script:
        """What is sent first, the silence, and what follows it."""
        sent: Script = ()
        rest = script
        if self.at is not None:
            sent, rest = split(script, cut_place(script, self.at, None))
        if self.seconds is None:
            return (*sent, FOR_EVER, HangUp())
        goes_on = self.moment == "after" and self.then != "close"
        return (*sent, Wait(self.seconds), *(rest if goes_on else (HangUp(),)))
