"""One HTTP request as the engine sees it."""

from dataclasses import dataclass
from hashlib import blake2b
from typing import NamedTuple
from urllib.parse import parse_qsl

from mock_server.core.fault import Fault
from mock_server.core.image_facts import ImageFacts
from mock_server.core.script import Headers


@dataclass(frozen=True, slots=True)
class FilePart:
    """A file of a multipart form: its field, its name, its bytes and what they were found to be."""

    field: str
    filename: str
    data: bytes
    image: ImageFacts | None


@dataclass(frozen=True, slots=True)
class Form:
    """A multipart form, read; ``broken`` says why it could not be."""

    fields: tuple[tuple[str, str], ...] = ()
    files: tuple[FilePart, ...] = ()
    broken: str | None = None


class Call(NamedTuple):
    """One HTTP request, its session prefix removed.

    ``number`` counts the calls of a session from 1. ``path`` is as sent (percent-encoded), header
    names are lower-case, ``base`` is the origin and prefix by which the caller reached the session
    (``http://127.0.0.1:8080/s/a``), so that URLs in replies lead back the same way. ``body`` is
    empty when ``form`` is set; ``oversized`` says that it was longer than the operation allows and
    was thrown away. ``picture`` holds the bytes of a drawn result image,
    ``client`` is the caller's address and port (what tells connections apart), ``fault`` is what
    this call asked for itself.
    ``cross_origin`` says that a browser sent it from a page of another origin (it has an Origin
    header field). ``head_bytes`` is the size of the header fields.
    """

    number: int
    method: str
    path: str
    query: str = ""
    headers: Headers = ()
    body: bytes = b""
    base: str = ""
    form: Form | None = None
    oversized: bool = False
    picture: bytes | None = None
    client: tuple[str, int] | None = None
    fault: Fault | None = None
    cross_origin: bool = False
    head_bytes: int = 0

    def header(self, name: bytes) -> str | None:
        """The first field value of that (lower-case) name, or None."""
        for key, value in self.headers:
            if key == name:
                return value.decode("latin-1")
        return None

    def digest(self) -> bytes:
        """16 bytes that tell equal bodies from different ones."""
        if self.form is None:
            return blake2b(self.body, digest_size=16).digest()
        digest = blake2b(repr(self.form.fields).encode("utf-8", "backslashreplace"), digest_size=16)
        for part in self.form.files:
            digest.update(part.data)
        return digest.digest()

    def showing(self, picture: bytes) -> "Call":
        """The same call with the bytes of the picture that it asks for."""
        return self._replace(picture=picture)

    @property
    def parameters(self) -> dict[str, str]:
        """The query's parameters; of a repeated one, the last value."""
        return dict(parse_qsl(self.query, keep_blank_values=True))
