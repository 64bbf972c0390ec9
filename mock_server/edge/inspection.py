"""Uploaded files are judged by their content: which kind of image, how large, transparent or not.

Only the container is read, up to the first pixel data, and no pixel is ever decoded: a file that
claims to be huge costs nothing. Pillow is not asked, for three reasons: it answers odd metadata
with warnings, which can only be silenced for the whole process; it sets up a canvas for WebP; and
it calls a camera's JPEG something else. The tests hold this reader against Pillow instead.
"""

import re
import struct
import zlib
from collections.abc import Callable

from mock_server.core.image_facts import ImageFacts

# Real files have some dozens of blocks before their pixels, or one for each 255 bytes of a long
# comment in a GIF. The bound keeps files made of nothing but blocks from costing time.
_MOST_BLOCKS = 50_000

# Bytes that may stand between two segments of a JPEG: decoders pass over them, within reason.
_MOST_STRAYS = 65_536

_Found = tuple[int, int, bool]  # width, height, has_alpha


class _NotAnImageError(Exception):
    """The bytes contradict the format that their signature announces."""


def inspect(data: bytes) -> ImageFacts | None:
    """The facts of a JPEG, PNG, WebP or GIF file; None for anything else, and for broken headers.

    A file that is cut off within its pixels still tells its facts; one that holds no pixel data at
    all is none. What follows an image, as in a file that is also an archive, does not matter.
    Accepts any bytes and never raises.
    """
    for signature, media_type, read in _FORMATS:
        if signature.match(data):
            try:
                width, height, has_alpha = read(data)
            except (_NotAnImageError, struct.error, IndexError):
                return None
            if width < 1 or height < 1:
                return None
            return ImageFacts(media_type, width, height, has_alpha, len(data))
    return None


def _png(data: bytes) -> _Found:
    """PNG specification (third edition), 5 and 11: IHDR comes first, tRNS before IDAT."""
    length, kind, width, height, _, colour_type = struct.unpack_from(">I4sIIBB", data, 8)
    (check,) = struct.unpack_from(">I", data, 29)
    if (length, kind) != (13, b"IHDR") or check != zlib.crc32(data[12:29]):
        raise _NotAnImageError
    if colour_type not in _PNG_COLOUR_TYPES:
        raise _NotAnImageError
    has_alpha = _PNG_COLOUR_TYPES[colour_type]
    at = 33
    for _ in range(_MOST_BLOCKS):
        length, kind = struct.unpack_from(">I4s", data, at)
        if kind == b"IDAT":
            return width, height, has_alpha
        has_alpha = has_alpha or kind == b"tRNS"
        at += 12 + length
    raise _NotAnImageError


_PNG_COLOUR_TYPES = {0: False, 2: False, 3: False, 4: True, 6: True}  # has an alpha channel?


def _jpeg(data: bytes) -> _Found:
    """ITU-T T.81, B.1 and B.2: marker segments, one of them a frame header, up to the scan."""
    size: tuple[int, int] | None = None
    at = 2
    for _ in range(_MOST_BLOCKS):
        marker = _JPEG_MARKER.search(data, at, at + _MOST_STRAYS)
        if marker is None:
            raise _NotAnImageError
        at = marker.end()
        code = data[at - 1]
        if code == 0xDA:  # start of scan: pixels follow
            break
        if code in _JPEG_BARE:
            continue
        (length,) = struct.unpack_from(">H", data, at)
        if code == 0xD9 or length < 2:  # the end of the image, or no segment at all
            raise _NotAnImageError
        if code in _JPEG_FRAMES:
            height, width = struct.unpack_from(">HH", data, at + 3)
            size = (width, height)
        at += length
    if size is None:
        raise _NotAnImageError
    return (*size, False)


_JPEG_MARKER = re.compile(rb"\xff[^\x00\xff]")
_JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}  # these three are tables
_JPEG_BARE = frozenset({0x01, *range(0xD0, 0xD9)})  # markers without a length


def _webp(data: bytes) -> _Found:
    """RFC 9649, 2.5 to 2.7 and 3.4: one of three kinds of first chunk tells the size."""
    kind = data[12:16]
    if kind == b"VP8 ":  # RFC 6386, 9.1
        mark, width, height = struct.unpack_from("<3sHH", data, 23)
        if mark != b"\x9d\x01\x2a" or data[20] & 1:
            raise _NotAnImageError
        return width & 0x3FFF, height & 0x3FFF, False
    if kind == b"VP8L":
        mark, bits = struct.unpack_from("<BI", data, 20)
        if mark != 0x2F:
            raise _NotAnImageError
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1, bool(bits >> 28 & 1)
    if kind == b"VP8X":
        _require_webp_pixels(data)
        low_width, high_width, low_height, high_height = struct.unpack_from("<HBHB", data, 24)
        width, height = low_width + (high_width << 16) + 1, low_height + (high_height << 16) + 1
        return width, height, bool(data[20] & 0x10)
    raise _NotAnImageError


def _require_webp_pixels(data: bytes) -> None:
    at = 12
    for _ in range(_MOST_BLOCKS):
        kind, length = struct.unpack_from("<4sI", data, at)
        if kind in (b"VP8 ", b"VP8L", b"ANMF"):
            return
        at += 8 + length + length % 2
    raise _NotAnImageError


def _gif(data: bytes) -> _Found:
    """GIF89a specification, 18 to 24: the first frame says whether a colour is transparent."""
    width, height, flags = struct.unpack_from("<HHB", data, 6)
    at = 13 + (3 << (flags & 7) + 1 if flags & 0x80 else 0)
    has_alpha = within_extension = False
    for _ in range(_MOST_BLOCKS):
        first = data[at]
        if within_extension:  # ``first`` is the length of a sub-block; one without bytes ends it
            at += 1 + first
            within_extension = first > 0
        elif first == 0x2C:
            left, top, wide, high = struct.unpack_from("<4H", data, at + 1)
            # Some writers leave the screen at zero and rely on the frame.
            return max(width, left + wide), max(height, top + high), has_alpha
        elif first == 0x21:
            if data[at + 1] == 0xF9:
                has_alpha = bool(data[at + 3] & 1)
            at += 2
            within_extension = True
        else:
            break
    raise _NotAnImageError


_FORMATS: tuple[tuple[re.Pattern[bytes], str, Callable[[bytes], _Found]], ...] = (
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "image/png", _png),
    (re.compile(rb"\xff\xd8\xff"), "image/jpeg", _jpeg),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), "image/webp", _webp),
    (re.compile(rb"GIF8[79]a"), "image/gif", _gif),
)
