"""REP-02: every orderly reply obeys its schema."""

from collections.abc import Iterable

from contract_tests.server.promises import Promises
from contract_tests.server.schema_claims import schema_breaches
from contract_tests.server.seen import Seen
from contract_tests.server.statement import Breach, Known, Statement


class ReplyObeysSchema(Statement):
    """What an accepted call is answered obeys the schema of that operation."""

    id = "reply-obeys-schema"
    number = "REP-02"
    title = "Every orderly reply obeys the schema of its operation"
    group = "Replies"
    why = "A field that is missing, or of another type, stops a client in the middle of its job."
    mend = (
        "Send exactly the documented fields, with their documented types and values.",
        "A new field belongs into the schema before it belongs into a reply.",
    )
    idle = "no orderly reply"

    def source(self, promises: Promises) -> str:
        return promises.source("replies")

    def look(self, call: Seen, known: Known) -> Iterable[Breach] | None:
        schema = known.promises.reply_schema(call.operation)
        if schema is None or not call.is_accepted or call.method == "HEAD":
            return None
        return schema_breaches(call, schema, known.promises)
