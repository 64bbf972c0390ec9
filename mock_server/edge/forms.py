"""Reading multipart forms from the wire, their files judged by content."""

from collections.abc import AsyncGenerator
from email.message import Message as Fields

from starlette.datastructures import Headers, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from mock_server.core.call import FilePart, Form
from mock_server.edge.inspection import inspect

_MOST_FILES = 32
_MOST_FIELDS = 200


async def read_form(content_type: bytes, body: bytes, most_bytes: int) -> Form:
    """The form in a multipart body; ``broken`` says in words why it could not be read."""
    if not _boundary(content_type):
        return Form(broken="The multipart boundary is missing from the Content-Type.")
    parser = MultiPartParser(
        Headers({"content-type": content_type.decode("latin-1")}),
        _stream(body),
        max_files=_MOST_FILES,
        max_fields=_MOST_FIELDS,
        max_part_size=most_bytes,
    )
    try:
        return await _parts(parser)
    except (MultiPartException, ValueError, KeyError) as error:
        reason = getattr(error, "message", str(error)) or type(error).__name__
        return Form(broken=f"The multipart form could not be read: {reason[:200]}")
    finally:
        # A file that never came to its end is in no form, so that nobody else would close it.
        for file in parser._files_to_close_on_error:
            file.close()


async def _parts(parser: MultiPartParser) -> Form:
    fields, files = [], []
    for name, value in (await parser.parse()).multi_items():
        if isinstance(value, UploadFile):
            data = await value.read()
            files.append(FilePart(name, value.filename or "", data, inspect(data)))
        else:
            fields.append((name, value))
    return Form(tuple(fields), tuple(files))


def _boundary(content_type: bytes) -> str | None:
    fields = Fields()
    fields["content-type"] = content_type.decode("latin-1")
    return fields.get_boundary()


async def _stream(body: bytes) -> AsyncGenerator[bytes, None]:
    for start in range(0, len(body), 65_536):
        yield body[start : start + 65_536]
