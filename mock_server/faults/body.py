"""The fault ``body``: other content than any documentation promises."""

from dataclasses import dataclass
from typing import Literal

from mock_server.core.fault import Scene
from mock_server.core.script import Script, content_of
from mock_server.faults.parts.base_fault import MOMENT, MOMENT_DOC, BaseFault
from mock_server.faults.parts.kinds import choice, text
from mock_server.faults.parts.options import OptionError, option
from mock_server.faults.parts.replies import reply
from mock_server.faults.parts.wire import with_content

_FIXED = {
    "empty": b"",
    "null": b"null",
    "array": b"[]",
    "object": b"{}",
    "string": b'"ok"',
    "number": b"0",
    "text": b"upstream connect error or disconnect/reset before headers",
    # A lone continuation byte, an overlong slash and half a sequence, inside a JSON text.
    "invalid_utf8": b'{"id":"\x80\xc0\xaf\xe4\xb8"}',
    "bom": b"\xef\xbb\xbf",
    "truncated": b'{"id":"',
}
_WORDS = tuple(_FIXED)


@dataclass(frozen=True, slots=True)
class Body(BaseFault):
    """The right status and headers with content that cannot be used, its length told correctly.

    Why: nothing on the way complains, so the client itself must notice, and say what it got instead
    of failing in the middle of its own code.
    """

    what: str | None = option(
        choice(*_WORDS),
        "nothing, another JSON value, plain text, bytes that are no UTF-8, the reply behind a "
        "byte order mark, or its first half",
        None,
    )
    content: str | None = option(text(), "a text of your own", None)
    moment: Literal["before", "after"] = option(MOMENT, MOMENT_DOC, "after")

    def check(self) -> None:
        """Refuse anything but one content."""
        if (self.what is None) == (self.content is None):
            seen = "nothing" if self.what is None else "both"
            raise OptionError("what", f"content, or one of {', '.join(_WORDS)}", seen)

    def rewrite(self, script: Script, scene: Scene) -> Script:
        """The reply, or before the work a plain success, with this content."""
        content = self._content(content_of(script))
        if script:
            return with_content(script, content)
        return reply(scene, 200, content, ((b"content-type", b"application/json"),))

    def _content(self, own: bytes) -> bytes:
        if self.content is not None:
            return self.content.encode()
        if self.what == "truncated" and own:
            return own[: len(own) // 2]
        return _FIXED[self.what or "empty"] + (own if self.what == "bom" else b"")
