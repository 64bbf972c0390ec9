"""Small files to upload."""

from base64 import b64decode
from typing import Final

from contract_tests.server.conversation import FilePart

# One grey pixel as a PNG, and four by two of them as a JPEG.
_PNG_BYTES: Final = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR42mNoAAAAggCB2kUIOwAAAABJRU5ErkJggg=="
)
_JPEG_BYTES: Final = b64decode(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAP//////////////////////////////////////////////////////"
    "////////////////////////////////wAALCAACAAQBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAAAP/EABQQAQAA"
    "AAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AP//Z"
)

PNG: Final = FilePart("file", "pixel.png", "image/png", _PNG_BYTES)
JPEG: Final = FilePart("file", "pixel.jpg", "image/jpeg", _JPEG_BYTES)
# What it is called does not make it one.
MISNAMED: Final = FilePart("file", "picture.png", "image/png", _JPEG_BYTES)
TEXT: Final = FilePart("file", "note.png", "image/png", b"this is no image\n")
