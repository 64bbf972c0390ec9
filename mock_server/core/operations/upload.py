"""Uploading an image: judged by its content, not by its name."""

from mock_server.core.call import Form
from mock_server.core.operations.files import plan_upload, upload_name
from mock_server.core.operations.work import Work
from mock_server.core.refusal import Refusal
from mock_server.core.reply import Reply

_FIELD = "file"


def upload(work: Work) -> Reply:
    """Keep the image in the field ``file``.

    Raises :class:`Refusal`: ``invalid_upload`` for a form that is broken or has no such file,
    ``upload_type`` for anything but an allowed image, ``upload_too_large``.
    """
    contract = work.world.contract
    form = work.call.form or Form(broken="The request body must be multipart/form-data.")
    if form.broken is not None:
        raise Refusal("invalid_upload", {"detail": form.broken})
    part = next((part for part in form.files if part.field == _FIELD), None)
    if part is None:
        raise Refusal("invalid_upload", {"detail": f"The '{_FIELD}' field is required."})
    if len(part.data) > contract.uploads.max_bytes:
        raise Refusal("upload_too_large")
    if part.image is None or part.image.media_type not in contract.uploads.media_types:
        raise Refusal("upload_type")
    work.world.uploaded += 1
    number = work.world.uploaded
    kept = plan_upload(work, part, number)
    work.world.keep_upload(kept)
    facts = {
        "id": contract.upload_id.prefix + upload_name(work, number),
        "url": work.call.base + kept.path,
        "mime_type": part.image.media_type,
        "size": len(part.data),
    }
    return Reply(200, contract.encode(contract.replies.upload(facts)), created=True)
