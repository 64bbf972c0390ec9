"""Result pictures: values are drawn to bytes, off the event loop, and kept for a while."""

import asyncio
import hashlib
import io
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock
from typing import TYPE_CHECKING

from mock_server.core.picture import Picture
from mock_server.edge.picture_caption import lay_out, paint
from mock_server.edge.picture_scene import scene

if TYPE_CHECKING:
    from PIL import Image


def draw(picture: Picture) -> bytes:
    """The bytes of a picture's file, in its media type and pixel size.

    Equal pictures give equal bytes, and any field that differs gives other bytes. Any string can
    be drawn, lone surrogates included; what the font lacks is shown as a box with its code.
    Takes some 40 ms at 1024 x 1024 and 4 bytes of memory for each pixel: call it off the loop.

    Raises ValueError for a media type that is not PNG, JPEG or WebP, or sides below 1 pixel.
    """
    if picture.media_type not in _ENCODERS:
        known = ", ".join(sorted(_ENCODERS))
        raise ValueError(f"media_type: expected one of {known}, seen {picture.media_type!r}")
    if min(picture.width, picture.height) < 1:
        raise ValueError(
            f"width, height: expected 1 or more, seen {picture.width}, {picture.height}"
        )
    image, palette = scene(picture)
    caption = lay_out(picture)
    if caption is not None:
        paint(image, caption, palette)
    return _ENCODERS[picture.media_type](image, _signature(picture))


def draw_plain(picture: Picture) -> bytes:
    """The same in one colour and without words, for those who only ask whether an image came."""
    from PIL import Image

    comment = _signature(picture)
    image = Image.new("RGB", (picture.width, picture.height), f"#{comment[-6:]}")
    return _ENCODERS[picture.media_type](image, comment)


def _signature(picture: Picture) -> str:
    """A comment for the file, which keeps apart pictures too small to look different."""
    digest = hashlib.sha256(ascii(picture).encode("ascii")).hexdigest()
    return f"Safelight mock {digest}"


def _png(image: "Image.Image", comment: str) -> bytes:
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    info.add_text("Comment", comment)
    file = io.BytesIO()
    # The flat shapes compress well at any level: a low one is the fastest.
    image.save(file, "PNG", compress_level=2, pnginfo=info)
    return file.getvalue()


def _jpeg(image: "Image.Image", comment: str) -> bytes:
    file = io.BytesIO()
    image.save(file, "JPEG", quality=88, comment=comment.encode("ascii"))
    return file.getvalue()


def _webp(image: "Image.Image", comment: str) -> bytes:
    from PIL import Image

    description = Image.Exif()
    description[0x010E] = comment  # ImageDescription
    file = io.BytesIO()
    image.save(file, "WEBP", quality=82, method=0, exif=description)
    return file.getvalue()


_ENCODERS = {"image/png": _png, "image/jpeg": _jpeg, "image/webp": _webp}


class Gallery:
    """Draws pictures in a thread of its own and keeps the latest ones within a bound of bytes."""

    def __init__(
        self,
        *,
        most_bytes: int = 32 * 1024 * 1024,
        draw: Callable[[Picture], bytes] = draw,
    ) -> None:
        """``most_bytes`` bounds the files kept, not those on their way; 0 keeps none.

        Raises ValueError for a negative bound.
        """
        if most_bytes < 0:
            raise ValueError(f"most_bytes: expected 0 or more, seen {most_bytes}")
        self._most_bytes = most_bytes
        self._draw = draw
        self._kept: OrderedDict[Picture, bytes] = OrderedDict()
        self._kept_bytes = 0
        self._under_way: dict[Picture, Future[bytes]] = {}
        self._lock = Lock()  # held for bookkeeping only, never while drawing
        # One thread: drawing takes no more than one core, and one canvas, from the server.
        self._threads = ThreadPoolExecutor(1, thread_name_prefix="safelight-pictures")

    @property
    def kept_bytes(self) -> int:
        """The size of all files that are kept now."""
        return self._kept_bytes

    async def bytes_of(self, picture: Picture) -> bytes:
        """What ``draw`` gives for the picture; callers who ask at once share one drawing.

        A caller who is cancelled leaves the drawing to the others, and to the cache.
        Raises what ``draw`` raises, and RuntimeError for what is not yet drawn at ``close``.
        """
        with self._lock:
            if picture in self._kept:
                self._kept.move_to_end(picture)
                return self._kept[picture]
            if picture not in self._under_way:
                self._under_way[picture] = self._threads.submit(self._draw_and_keep, picture)
            drawing = self._under_way[picture]
        try:
            return await asyncio.shield(asyncio.wrap_future(drawing))
        except asyncio.CancelledError:
            if drawing.cancelled():  # not this caller was cancelled: its drawing was, by close
                raise RuntimeError("the gallery was closed before the picture was drawn") from None
            raise

    def close(self) -> None:
        """Stop the thread after the drawing at hand, and wait for that; the others are given up."""
        self._threads.shutdown(cancel_futures=True)

    def _draw_and_keep(self, picture: Picture) -> bytes:
        try:
            data = self._draw(picture)
            with self._lock:
                self._keep(picture, data)
            return data
        finally:
            with self._lock:
                del self._under_way[picture]

    def _keep(self, picture: Picture, data: bytes) -> None:
        if len(data) > self._most_bytes:
            return  # it would drive out all others and not fit even then
        self._kept[picture] = data
        self._kept_bytes += len(data)
        while self._kept_bytes > self._most_bytes:
            _, dropped = self._kept.popitem(last=False)
            self._kept_bytes -= len(dropped)
