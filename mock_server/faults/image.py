"""The fault ``image``: the result file is not the image that was promised."""

from dataclasses import dataclass
from typing import Literal

from mock_server.core.fault import Scene
from mock_server.core.script import Script, content_of
from mock_server.faults.parts.base_fault import BaseFault
from mock_server.faults.parts.kinds import choice
from mock_server.faults.parts.options import option
from mock_server.faults.parts.wire import with_content, with_fields

_NO_IMAGE = b"<!DOCTYPE html>\n<title>Not the image</title>\n"
# Signatures stand in the first bytes of a file; behind them damage shows only to a decoder.
_SIGNATURE = 64


@dataclass(frozen=True, slots=True)
class Image(BaseFault):
    """A result file that is cut, empty, mislabelled, damaged, or no image at all.

    Why: HTTP reports a success, and what a client saves is what its user opens. Content-Length
    fits, so only a look at the file itself can tell.
    """

    how: Literal["truncated", "empty", "wrong_type", "damaged", "page"] = option(
        choice("truncated", "empty", "wrong_type", "damaged", "page"),
        "half a file, no byte, an image labelled image/gif, a file with flipped bytes, or a web "
        "page under the image's label",
        "truncated",
    )

    def rewrite(self, script: Script, scene: Scene) -> Script:
        """The reply with another file in it, or under another label."""
        if self.how == "wrong_type":
            return with_fields(script, ((b"content-type", b"image/gif"),))
        return with_content(script, self._file(content_of(script)))

    def _file(self, own: bytes) -> bytes:
        if self.how == "truncated":
            return own[: len(own) // 2]
        if self.how == "damaged":
            flipped = bytes(value ^ 0xFF for value in own[_SIGNATURE:])
            return own[:_SIGNATURE] + flipped
        return _NO_IMAGE if self.how == "page" else b""
