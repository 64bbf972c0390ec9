"""REP-06: every reply says of what type its content is, and it is the documented type."""

from collections.abc import Iterable

from contract_tests.finding import Words
from contract_tests.server.claim import Media, Status
from contract_tests.server.promises import Promises
from contract_tests.server.seen import Seen
from contract_tests.server.statement import Breach, Known, Statement


class DocumentedMediaType(Statement):
    """JSON is sent as application/json, files as one of the documented image types."""

    id = "documented-media-type"
    number = "REP-06"
    title = "Every reply with content has the documented Content-Type"
    group = "Replies"
    why = "Libraries read a reply by its type: JSON that says it is text is not read at all."
    mend = (
        "Send application/json with every JSON body, errors included.",
        "Send image/png, image/jpeg or image/webp with files, as their content is.",
    )
    idle = "no reply with content"

    def source(self, promises: Promises) -> str:
        return promises.source("replies")

    def look(self, call: Seen, known: Known) -> Iterable[Breach] | None:
        if call.reply is None or not call.reply.content or call.status in (204, 304, 416):
            return None
        types = _types(call, known.promises)
        if call.reply.media_type in types:
            return ()
        seen = call.reply.header("content-type") or "none"
        expected = Words("Content-Type: {types}", {"types": " or ".join(types)})
        given = (Status(call.number, (call.status,)),)
        return (
            Breach(expected, Words("{seen}", {"seen": seen}), (Media(call.number, types),), given),
        )


def _types(call: Seen, promises: Promises) -> tuple[str, ...]:
    if not (promises.is_file(call.operation) and call.is_accepted):
        return ("application/json",)
    path = call.match.route.path if call.match else ""
    content = promises.document["paths"][path]["get"]["responses"]["200"]["content"]
    return tuple(content)
