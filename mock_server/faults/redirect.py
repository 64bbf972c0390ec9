"""The fault ``redirect``: the caller is sent elsewhere."""

from dataclasses import dataclass
from string import punctuation
from typing import Literal
from urllib.parse import SplitResult, quote, urlsplit

from mock_server.core.fault import Scene
from mock_server.core.script import Script
from mock_server.faults.parts.base_fault import MOMENT, MOMENT_DOC, BaseFault
from mock_server.faults.parts.kinds import choice, field_text, whole
from mock_server.faults.parts.options import OptionError, option
from mock_server.faults.parts.replies import reply


@dataclass(frozen=True, slots=True)
class Redirect(BaseFault):
    """A redirect to the same place, or with another scheme, host or port, or to any URL.

    Why: a client that follows with its Authorization header gives the key to whoever runs the other
    host, and 301 and 302 turn a submit into a GET in many libraries. ``localhost`` and
    ``127.0.0.1`` are two hosts of one machine, so that the mock sees what arrives.
    """

    code: int = option(choice(301, 302, 303, 307, 308), "the HTTP status code", 302)
    moment: Literal["before", "after"] = option(MOMENT, MOMENT_DOC, "before")
    scheme: str | None = option(choice("http", "https"), "the scheme that it leads to", None)
    host: str | None = option(field_text(), "the host that it leads to", None)
    port: int | None = option(whole(1, 65_535), "the port that it leads to", None)
    to: str | None = option(field_text(), "a whole Location, in place of the parts", None)

    def check(self) -> None:
        """Refuse a host that is none, and parts beside a whole Location."""
        if self.host is not None and (not self.host or set(self.host) & set("/?#@[]\\ ")):
            raise OptionError("host", "a host name or address", self.host)
        if self.to is not None and (self.scheme or self.host or self.port):
            raise OptionError("to", "no scheme, host or port beside it", self.to)

    def rewrite(self, script: Script, scene: Scene) -> Script:
        """The redirect in place of any reply."""
        location = self._location(scene) if self.to is None else self.to
        return reply(scene, self.code, b"", ((b"location", location.encode()),))

    def _location(self, scene: Scene) -> str:
        query = f"?{scene.query}" if scene.query else ""
        url = f"{self._base(urlsplit(scene.base))}{scene.path}{query}"
        # What a header field cannot hold is percent-encoded; all signs of a URL stay as they are.
        return quote(url, safe=punctuation, errors="surrogatepass")

    def _base(self, base: SplitResult) -> str:
        host = f"[{self.host}]" if self.host and ":" in self.host else self.host
        name, colon, port = base.netloc.rpartition(":")
        if not colon or not port.isdecimal():
            name, port = base.netloc, ""
        port = str(self.port) if self.port else port
        netloc = f"{host or name}{port and f':{port}'}"
        return f"{self.scheme or base.scheme}://{netloc}{base.path}" if netloc else ""
