"""Result pictures for those who only ask whether an image came: small, and drawn on the spot."""

from collections import OrderedDict
from dataclasses import replace

from mock_server.core.picture import Picture
from mock_server.edge.pictures import Gallery, draw_plain

_LONG_SIDE = 48
_MOST = 1_000


class Thumbnails(Gallery):
    """Draws every picture with a long side of 48 pixels and in one colour, at once and in its loop.

    No thread takes part, so that nothing goes on outside of a loop whose clock jumps.
    """

    def __init__(self) -> None:
        super().__init__(most_bytes=0)
        self._drawn: OrderedDict[Picture, bytes] = OrderedDict()

    async def bytes_of(self, picture: Picture) -> bytes:
        """The bytes of the small picture; the latest ones are kept."""
        data = self._drawn.get(picture)
        if data is None:
            data = self._drawn[picture] = draw_plain(_small(picture))
            if len(self._drawn) > _MOST:
                self._drawn.popitem(last=False)
        return data


def _small(picture: Picture) -> Picture:
    scale = _LONG_SIDE / max(picture.width, picture.height)
    width, height = (max(1, round(side * scale)) for side in (picture.width, picture.height))
    return replace(picture, width=width, height=height)
