"""Making and serving files: RFC 9110 validators, HEAD and single byte ranges."""

import re
from hashlib import blake2b

from mock_server.core.call import Call, FilePart
from mock_server.core.ids import make_id
from mock_server.core.operations.work import Work
from mock_server.core.refusal import Refusal
from mock_server.core.reply import Reply
from mock_server.core.result_url import EXTENSIONS
from mock_server.core.script import Headers
from mock_server.core.world import Upload

_NO_PART = (1, 0)
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


def plan_upload(work: Work, part: FilePart, number: int) -> Upload:
    """The upload that the ``number``-th file of a session would become; keeps nothing."""
    assert part.image is not None
    contract = work.world.contract
    facts = {
        "account": contract.account,
        "unix": int(work.now),
        "name": upload_name(work, number),
        "extension": EXTENSIONS[part.image.media_type],
    }
    return Upload(str(contract.upload_path(facts)), part.data, part.image, work.now)


def upload_name(work: Work, number: int) -> str:
    """The characters that an upload's id and its file name share."""
    form = work.world.contract.upload_id
    made = make_id(form, work.world.seed, work.world.session, number, work.now)
    return made.removeprefix(form.prefix)


def uploaded_file(work: Work) -> Reply:
    """An uploaded file, given back; raises :class:`Refusal`: ``file_not_found``."""
    upload = work.world.uploads.get(work.call.path)
    if upload is None:
        raise Refusal("file_not_found")
    return file_reply(work.call, upload.data, upload.image.media_type)


def file_reply(call: Call, data: bytes, media_type: str) -> Reply:
    """The whole file, the part asked for (206), nothing new (304) or no such part (416)."""
    etag = f'"{blake2b(data, digest_size=12).hexdigest()}"'
    fields: Headers = ((b"etag", etag.encode()), (b"accept-ranges", b"bytes"))
    kind = media_type.encode()
    if _is_known(call, etag):
        return Reply(304, b"", kind, fields)
    wanted = _range_of(call, etag, len(data))
    if wanted is None:
        return Reply(200, data, kind, fields)
    first, last = wanted
    if first > last:
        return Reply(416, b"", kind, (*fields, (b"content-range", b"bytes */%d" % len(data))))
    place = b"bytes %d-%d/%d" % (first, last, len(data))
    return Reply(206, data[first : last + 1], kind, (*fields, (b"content-range", place)))


def _is_known(call: Call, etag: str) -> bool:
    known = call.header(b"if-none-match")
    if known is None:
        return False
    names = [name.strip().removeprefix("W/") for name in known.split(",")]
    return "*" in names or etag in names


def _range_of(call: Call, etag: str, size: int) -> tuple[int, int] | None:
    """First and last byte asked for; None for the whole, first > last for no such part."""
    value, condition = call.header(b"range"), call.header(b"if-range")
    match = _RANGE.fullmatch(value.strip()) if value and call.method == "GET" else None
    if match is None or match[1] == match[2] == "" or condition not in (None, etag):
        return None
    if match[1] == "":
        suffix = int(match[2])
        return (max(0, size - suffix), size - 1) if suffix and size else _NO_PART
    first = int(match[1])
    last = min(int(match[2]), size - 1) if match[2] else size - 1
    if match[2] and int(match[2]) < first:
        return None
    return (first, last) if first < size else _NO_PART
