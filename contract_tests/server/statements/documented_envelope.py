"""REP-04: every error comes in the envelope that the catalogue names."""

from collections.abc import Iterable

from contract_tests.server.promises import Promises
from contract_tests.server.schema_claims import schema_breaches
from contract_tests.server.seen import Seen
from contract_tests.server.statement import Breach, Known, Statement


class DocumentedEnvelope(Statement):
    """The body of an error has the documented form for that operation and status."""

    id = "documented-envelope"
    number = "REP-04"
    title = "Every error comes in the envelope that is documented for it"
    group = "Replies"
    why = (
        "A client that looks for error.message and finds a page of HTML can tell its user nothing."
    )
    mend = (
        "Give every refusal the documented JSON body, those of proxies and routers included.",
        "Look at the paths that answer before your own code does: 404, 405, 413, 502.",
    )
    idle = "no error"

    def source(self, promises: Promises) -> str:
        return promises.source("envelopes")

    def look(self, call: Seen, known: Known) -> Iterable[Breach] | None:
        entries = known.promises.entries(call.operation, call.status)
        if call.reply is None or not entries or call.method == "HEAD" or call.status < 400:
            return None
        names = dict.fromkeys(entry.envelope for entry in entries)
        found = [
            schema_breaches(call, known.promises.envelope_schema(name), known.promises)
            for name in names
        ]
        return min(found, key=len)
