"""The fault ``gzip``: the content is compressed, well or badly."""

import zlib
from dataclasses import dataclass

from mock_server.core.fault import Scene
from mock_server.core.script import Script, content_of
from mock_server.faults.parts.base_fault import BaseFault
from mock_server.faults.parts.kinds import choice
from mock_server.faults.parts.options import option
from mock_server.faults.parts.wire import with_content, with_fields

_GZIP, _ZLIB, _BARE = 31, 15, -15
_CODINGS = {"deflate": b"deflate", "bare_deflate": b"deflate", "unknown": b"x-unknown"}


@dataclass(frozen=True, slots=True)
class Gzip(BaseFault):
    """The ordinary reply in a content coding that unpacks, or in one that does not.

    Why: libraries ask for compressed replies on their own and unpack them unseen; what comes out of
    a broken one is an exception that few clients expect.
    """

    how: str = option(
        choice("gzip", "deflate", "bare_deflate", "plain", "cut", "wrong_sum", "unknown"),
        "sound gzip, sound deflate (with or without zlib's frame), gzip that is plain text, lacks "
        "its end or has a wrong sum, or a coding that nobody knows",
        "gzip",
    )

    def rewrite(self, script: Script, scene: Scene) -> Script:
        """The reply with its content packed and labelled."""
        coding = _CODINGS.get(self.how, b"gzip")
        labelled = with_fields(script, ((b"content-encoding", coding),))
        return with_content(labelled, self._packed(content_of(script)))

    def _packed(self, content: bytes) -> bytes:
        if self.how in ("plain", "unknown"):
            return content
        if self.how == "deflate":
            return _packed(content, _ZLIB)
        if self.how == "bare_deflate":
            return _packed(content, _BARE)
        packed = _packed(content, _GZIP)
        if self.how == "cut":
            return packed[: len(packed) // 2]
        if self.how == "wrong_sum":
            # A gzip file ends with four bytes of check sum and four of length.
            return packed[:-8] + bytes(value ^ 0xFF for value in packed[-8:-4]) + packed[-4:]
        return packed


def _packed(content: bytes, window: int) -> bytes:
    # zlib's own header has no time of day in it, so that equal content gives equal bytes.
    packer = zlib.compressobj(6, zlib.DEFLATED, window)
    return packer.compress(content) + packer.flush()
