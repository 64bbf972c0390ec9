"""The images that a job comes with: references and a mask that fits them, as files and as bytes."""

from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path

from mock_server.core.image_facts import ImageFacts

_SIDE = 64


@dataclass(frozen=True, slots=True)
class Material:
    """One image: its bytes, and what they are."""

    data: bytes
    image: ImageFacts


@cache
def reference(number: int) -> Material:
    """The ``number``-th reference image, counted from 0: a small picture in a colour of its own."""
    colour = ((40 + 53 * number) % 256, (120 + 31 * number) % 256, (200 + 17 * number) % 256)
    return _png("RGB", colour)


@cache
def mask() -> Material:
    """A mask for any reference: as large, and transparent."""
    return _png("RGBA", (0, 0, 0, 0))


def write(material: Material, path: Path) -> Path:
    """The file that holds the image; it is written if it is not there."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(material.data)
    return path


def _png(mode: str, colour: tuple[int, ...]) -> Material:
    # Imported here: most jobs come without images.
    from PIL import Image

    file = BytesIO()
    Image.new(mode, (_SIDE, _SIDE), colour).save(file, "PNG")
    data = file.getvalue()
    return Material(data, ImageFacts("image/png", _SIDE, _SIDE, mode == "RGBA", len(data)))
