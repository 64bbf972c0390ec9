"""The fault ``drip``: the content comes very slowly."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil

from mock_server.core.fault import Scene
from mock_server.core.script import Chunk, Script, Step, Wait
from mock_server.faults.parts.base_fault import BaseFault
from mock_server.faults.parts.kinds import number
from mock_server.faults.parts.options import option

# Beyond this many pieces they grow instead: the journal keeps every script.
MOST_PIECES = 2_000
# One object for each byte value and every wait, however long the script.
_SINGLE = tuple(Chunk(bytes([value])) for value in range(256))


@dataclass(frozen=True, slots=True)
class Drip(BaseFault):
    """The head comes at once, the content in drops, at so many bytes a second.

    Why: each drop resets a timeout that counts silence, so that a client without a limit for the
    whole reply can be held for hours.
    """

    rate: float = option(number(0.001, 1e9, "bytes a second"), "bytes a second", 10.0)

    def rewrite(self, script: Script, scene: Scene) -> Script:
        """The same reply with its content in pieces, a wait before each."""
        size = sum(len(step.data) for step in script if isinstance(step, Chunk))
        # At high rates one byte at a time would ask for waits that no clock can keep.
        piece = max(1, ceil(size / MOST_PIECES), ceil(self.rate / 100))
        return tuple(self._drops(script, piece))

    def _drops(self, script: Script, piece: int) -> Iterator[Step]:
        whole = Wait(piece / self.rate)
        for step in script:
            if not isinstance(step, Chunk):
                yield step
                continue
            # A chunk of nothing stays one, so that other faults find where the content is.
            for start in range(0, max(1, len(step.data)), piece):
                drop = step.data[start : start + piece]
                yield whole if len(drop) == piece else Wait(len(drop) / self.rate)
                yield _SINGLE[drop[0]] if len(drop) == 1 else Chunk(drop)
