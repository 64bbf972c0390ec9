"""The fault ``not_http``: what answers is no web server."""

from dataclasses import dataclass
from typing import Literal

from mock_server.core.fault import Scene
from mock_server.core.script import HangUp, Raw, Script
from mock_server.faults.parts.base_fault import MOMENT, MOMENT_DOC, BaseFault
from mock_server.faults.parts.options import option

_GREETING = b"SSH-2.0-gateway\r\n"


@dataclass(frozen=True, slots=True)
class NotHttp(BaseFault):
    """The bytes of another protocol in place of a reply, then the end of the connection.

    Why: a wrong port or a broken gateway answers in a language of its own. A client has
    to call that a connection problem, with its own kind of error.
    """

    moment: Literal["before", "after"] = option(MOMENT, MOMENT_DOC, "before")

    def rewrite(self, script: Script, scene: Scene) -> Script:
        """The greeting of another protocol."""
        return (Raw(_GREETING), HangUp())
