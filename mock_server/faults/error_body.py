"""The fault ``error_body``: an error that says it is a success."""

from dataclasses import dataclass
from typing import Literal

from mock_server.core.fault import Scene
from mock_server.core.script import Script
from mock_server.faults.parts.base_fault import MOMENT, MOMENT_DOC, BaseFault
from mock_server.faults.parts.kinds import text, whole
from mock_server.faults.parts.options import option
from mock_server.faults.parts.replies import vendor_error
from mock_server.faults.parts.wire import with_status


@dataclass(frozen=True, slots=True)
class ErrorBody(BaseFault):
    """Status 200 with the content of an error.

    Why: this API reports failed balance requests with status 200 (REF account/token-balance), and
    gateways do it for others. A client that looks at the status alone reports a success without
    images.
    """

    code: int = option(whole(400, 599), "the status code whose error is sent", 500)
    moment: Literal["before", "after"] = option(MOMENT, MOMENT_DOC, "before")
    reason: str | None = option(
        text("a reason of the error catalogue", 1),
        "the entry of the error catalogue",
        None,
    )
    message: str | None = option(text(), "the message, in place of the catalogue's", None)

    def rewrite(self, script: Script, scene: Scene) -> Script:
        """The error under status 200."""
        return with_status(vendor_error(scene, self.code, self.reason, self.message), 200)
