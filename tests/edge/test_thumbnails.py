"""Small pictures, drawn on the spot."""

import asyncio
from dataclasses import replace
from io import BytesIO

from PIL import Image

from mock_server.edge.thumbnails import Thumbnails
from tests.edge.picture_samples import PICTURE


def test_a_thumbnail_is_small_and_has_the_ratio_asked_for() -> None:
    data = asyncio.run(Thumbnails().bytes_of(replace(PICTURE, width=1024, height=1536)))
    with Image.open(BytesIO(data)) as image:
        assert image.size == (32, 48)


def test_different_pictures_have_different_bytes_and_equal_ones_the_same() -> None:
    gallery = Thumbnails()
    first, second, again = (
        asyncio.run(gallery.bytes_of(replace(PICTURE, index=index))) for index in (1, 2, 1)
    )
    assert first != second
    assert first == again
