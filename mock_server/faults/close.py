"""The fault ``close``: the connection ends before the reply's content begins."""

from dataclasses import dataclass
from typing import Literal

from mock_server.core.fault import Scene
from mock_server.core.script import HangUp, Raw, Script
from mock_server.faults.parts.base_fault import MOMENT, MOMENT_DOC, BaseFault
from mock_server.faults.parts.kinds import choice
from mock_server.faults.parts.options import option
from mock_server.faults.parts.wire import head_text


@dataclass(frozen=True, slots=True)
class Close(BaseFault):
    """The server hangs up (TCP FIN) with no reply, or in the middle of its header fields.

    Why: load balancers and restarting servers end connections politely, and many clients take an
    empty reply for something other than a failure, or repeat a request that has taken effect.
    """

    where: Literal["nothing", "headers"] = option(
        choice("nothing", "headers"), "what was sent: nothing, or half of the head", "nothing"
    )
    moment: Literal["before", "after"] = option(MOMENT, MOMENT_DOC, "before")

    def rewrite(self, script: Script, scene: Scene) -> Script:
        """The part of the head that is sent, then the end."""
        if self.where == "nothing":
            return (HangUp(),)
        head = head_text(script)
        return (Raw(head[: len(head) // 2]), HangUp())
