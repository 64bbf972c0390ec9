"""REP-07: no reply repeats the key of its caller."""

from collections.abc import Iterable

from contract_tests.finding import Words
from contract_tests.server.claim import Secret
from contract_tests.server.promises import Promises
from contract_tests.server.seen import Reply, Seen
from contract_tests.server.statement import Breach, Known, Statement


class KeyNotRepeated(Statement):
    """The key that a call carried stands nowhere in its reply."""

    id = "key-not-repeated"
    number = "REP-07"
    title = "No reply repeats the key of its caller"
    group = "Replies"
    why = "Replies end up in logs and in bug reports, and whoever reads the key there can use it."
    mend = (
        "Name a key in messages by its last characters at most.",
        "Do not echo header fields of requests, nor whole requests, in errors.",
    )
    idle = "no call with a key"

    def source(self, promises: Promises) -> str:
        return "safety: no document shows a key in a reply"

    def look(self, call: Seen, known: Known) -> Iterable[Breach] | None:
        if call.reply is None or not call.secrets:
            return None
        if not any(_holds(call.reply, secret) for secret in call.secrets):
            return ()
        expected = Words("a reply without the key")
        return (Breach(expected, Words("the key"), (Secret(call.number, call.key),)),)


def _holds(reply: Reply, secret: str) -> bool:
    fields = "\n".join(value for _, value in reply.headers)
    return secret.encode() in reply.content or secret in fields
