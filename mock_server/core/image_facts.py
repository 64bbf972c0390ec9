"""What is known of an image file from its content, as a value."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ImageFacts:
    """An image file as its own bytes describe it, whatever its name or declared type.

    ``media_type`` is ``image/jpeg``, ``image/png``, ``image/webp`` or ``image/gif``; ``width`` and
    ``height`` are pixels as stored, before any rotation that a camera asks for; ``has_alpha`` says
    whether pixels can be transparent (an alpha channel or a transparent colour); ``size_bytes`` is
    the size of the whole file.
    """

    media_type: str
    width: int
    height: int
    has_alpha: bool
    size_bytes: int
