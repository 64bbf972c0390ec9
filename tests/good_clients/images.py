"""Saving images: whole ones, under their names, and nothing else."""

import zlib
from pathlib import Path

from tests.good_clients.steps import Reply

_ENDINGS = {"image/png": ".png", "image/jpeg": ".jpg", "image/webp": ".webp"}
_PNG = b"\x89PNG\r\n\x1a\n"


class NotAnImageError(Exception):
    """What came is no whole image of the type that it claims to be."""


class ImageFiles:
    """The folder of a job; None: there is none."""

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder

    def save(self, number: int, reply: Reply) -> None:
        """Check an image and save it; raises :class:`NotAnImageError`, and then saves nothing."""
        kind = reply.headers.get("content-type", "").partition(";")[0].strip()
        if kind not in _ENDINGS:
            raise NotAnImageError(f"of the type {kind or 'none'}")
        if not is_whole(kind, reply.content):
            raise NotAnImageError(f"no whole {kind}")
        assert self.folder is not None
        part = self.folder / f"image-{number}.part"
        part.write_bytes(reply.content)
        part.rename(part.with_suffix(_ENDINGS[kind]))


def is_whole(kind: str, data: bytes) -> bool:
    """Whether a file of that type begins and ends as one, and a PNG's check sums are right."""
    if kind == "image/png":
        return _is_whole_png(data)
    if kind == "image/jpeg":
        return data.startswith(b"\xff\xd8\xff") and data.endswith(b"\xff\xd9")
    length = int.from_bytes(data[4:8], "little")
    return data.startswith(b"RIFF") and data[8:12] == b"WEBP" and len(data) >= length + 8


def _is_whole_png(data: bytes) -> bool:
    if not data.startswith(_PNG):
        return False
    place = len(_PNG)
    while place + 12 <= len(data):
        end = place + 8 + int.from_bytes(data[place : place + 4], "big")
        name = data[place + 4 : place + 8]
        if zlib.crc32(data[place + 4 : end]) != int.from_bytes(data[end : end + 4], "big"):
            return False
        if name == b"IEND":
            return end + 4 == len(data)
        place = end + 4
    return False
