"""The fault ``broken_chunk``: a chunked transfer that breaks its own rules."""

from dataclasses import dataclass
from typing import Literal

from mock_server.core.fault import Scene
from mock_server.core.script import HangUp, Head, Raw, Script, content_of
from mock_server.faults.parts.base_fault import BaseFault
from mock_server.faults.parts.kinds import choice
from mock_server.faults.parts.options import option
from mock_server.faults.parts.wire import with_fields


@dataclass(frozen=True, slots=True)
class BrokenChunk(BaseFault):
    """The content comes in chunks (RFC 9112, 7.1) that break off or make no sense.

    Why: proxies turn lengths into chunks. A transfer that ends without its last chunk is a cut
    reply, and a client that overlooks it hands on half the data as if it were all.
    """

    where: Literal["end", "data", "size"] = option(
        choice("end", "data", "size"),
        "the last chunk is missing, a chunk is shorter than it says, or a size is no number",
        "end",
    )

    def rewrite(self, script: Script, scene: Scene) -> Script:
        """The head as for chunks, half of the content in a good chunk, the rest in a bad one."""
        content = content_of(script)
        half = len(content) // 2
        first, rest = content[:half], content[half:]
        bad = {
            # A chunk of no bytes would be the last one, and end the transfer as it should end.
            "end": _chunk(b"%x" % len(rest), rest) if rest else b"",
            "data": _chunk(b"%x" % (len(rest) + 16), rest),
            "size": _chunk(b"no number", rest),
        }[self.where]
        chunked = ((b"transfer-encoding", b"chunked"),)
        heads = [step for step in script if isinstance(step, Head)]
        head = with_fields(tuple(heads[:1]), chunked, dropped=(b"content-length",))
        good = _chunk(b"%x" % half, first) if first else b""
        return (*head, Raw(good + bad), HangUp())


def _chunk(size: bytes, data: bytes) -> bytes:
    return size + b"\r\n" + data + b"\r\n"
