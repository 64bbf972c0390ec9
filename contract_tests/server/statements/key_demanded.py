"""ACC-01: every operation that asks for a key refuses calls without a valid one."""

from collections.abc import Iterable

from contract_tests.finding import Words
from contract_tests.server.claim import Status
from contract_tests.server.promises import Promises
from contract_tests.server.reasons import BAD_KEYS
from contract_tests.server.seen import Seen
from contract_tests.server.statement import Breach, Known, Statement


class KeyDemanded(Statement):
    """Without a key, with an empty one or with one that nobody was given, the answer is 401."""

    id = "key-demanded"
    number = "ACC-01"
    title = "Every operation that asks for a key refuses calls without a valid one"
    group = "Access"
    why = "One forgotten operation is enough to read what others made, or to spend their money."
    mend = (
        "Ask for the key in one place, before any operation.",
        "Refuse an unknown key exactly as a missing one: 401, before the body is looked at.",
    )
    idle = "no call without a valid key"

    def source(self, promises: Promises) -> str:
        return promises.source("errors", "unauthenticated")

    def look(self, call: Seen, known: Known) -> Iterable[Breach] | None:
        if call.match is None or not call.match.route.auth or call.reply is None:
            return None
        if call.key not in BAD_KEYS or call.method == "OPTIONS":
            return None
        status = known.promises.contract.catalogue.find("unauthenticated", call.operation).status
        if call.status in (status, 429):
            return ()
        facts = {"operation": call.operation, "status": status, "key": call.key.value}
        expected = Words("{operation}: {status} (the key: {key})", facts)
        seen = Words("{status}", {"status": call.status})
        return (Breach(expected, seen, (Status(call.number, (status,)),)),)
