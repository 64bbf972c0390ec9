"""The fault ``html``: a gateway answers in place of the API, with a page."""

from dataclasses import dataclass
from typing import Literal

from mock_server.core.fault import Scene
from mock_server.core.script import Script
from mock_server.faults.parts.base_fault import MOMENT, MOMENT_DOC, BaseFault
from mock_server.faults.parts.kinds import whole
from mock_server.faults.parts.options import option
from mock_server.faults.parts.replies import reply
from mock_server.faults.parts.wire import phrase_of


@dataclass(frozen=True, slots=True)
class Html(BaseFault):
    """A gateway's HTML page with a status code, before the request took effect or after it.

    Why: what stands between a client and the API does not speak its JSON. A client that parses
    first and looks at the status later crashes, and after a submit the outcome is unknown.
    """

    code: int = option(whole(200, 599), "the HTTP status code; 200 is a page of a proxy", 502)
    moment: Literal["before", "after"] = option(MOMENT, MOMENT_DOC, "before")

    def rewrite(self, script: Script, scene: Scene) -> Script:
        """The page in place of any reply."""
        title = f"{self.code} {phrase_of(self.code)}"
        page = (
            f"<!DOCTYPE html>\n<html>\n<head><title>{title}</title></head>\n"
            f"<body>\n<center><h1>{title}</h1></center>\n<hr><center>gateway</center>\n"
            "</body>\n</html>\n"
        )
        return reply(scene, self.code, page.encode(), ((b"content-type", b"text/html"),))
