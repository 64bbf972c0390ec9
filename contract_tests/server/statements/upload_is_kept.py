"""UPL-01: an uploaded image can be fetched at its URL, unchanged."""

from collections.abc import Iterable

from contract_tests.finding import Words
from contract_tests.server.claim import SentBytes, Status
from contract_tests.server.conversation import FormBody
from contract_tests.server.promises import Promises
from contract_tests.server.seen import Seen
from contract_tests.server.statement import Breach, Known, Statement


class UploadIsKept(Statement):
    """The URL in the reply to an upload leads to the bytes that were sent."""

    id = "upload-is-kept"
    number = "UPL-01"
    title = "An uploaded image can be fetched at its URL, unchanged"
    group = "Uploads"
    why = "It is what images are made from; what was changed on the way shows in all of them."
    mend = (
        "Store the bytes as they came.",
        "Answer the upload only when its URL can be read from everywhere.",
    )
    idle = "no upload was fetched"

    def source(self, promises: Promises) -> str:
        return promises.route_source("uploaded_file")

    def look(self, call: Seen, known: Known) -> Iterable[Breach] | None:
        upload = known.log.upload(call)
        if upload is None or call.method != "GET" or call.reply is None:
            return None
        body = upload.send.body
        if not isinstance(body, FormBody) or not body.files or call.sent("range"):
            return None
        at, given = call.number, (Status(upload.number, (200,)),)
        if call.status != 200:
            seen = Words("{status}", {"status": call.status})
            return (Breach(Words("200"), seen, (Status(at, (200,)),), given),)
        if call.reply.content == body.files[0].data:
            return ()
        expected = Words("the {size} bytes that were sent", {"size": len(body.files[0].data)})
        seen = Words("{size} other bytes", {"size": len(call.reply.content)})
        claim = SentBytes(at, upload.number)
        return (Breach(expected, seen, (claim,), (*given, Status(at, (200,)))),)
