"""REP-09: every call is answered, whole."""

from collections.abc import Iterable

from contract_tests.finding import Words
from contract_tests.server.claim import Status
from contract_tests.server.promises import Promises
from contract_tests.server.seen import Seen
from contract_tests.server.statement import Breach, Known, Statement


class AlwaysAnswers(Statement):
    """No call is left without a reply."""

    id = "always-answers"
    number = "REP-09"
    title = "Every call is answered"
    group = "Replies"
    why = "After a submit without a reply, nobody knows whether an image is being paid for."
    mend = (
        "Answer everything that can be read as HTTP, and answer it to the end.",
        "Look in the server's log for what ended the connection.",
    )
    idle = "no call"

    def source(self, promises: Promises) -> str:
        return "RFC 9110, 3.4"

    def look(self, call: Seen, known: Known) -> Iterable[Breach] | None:
        if call.reply is not None:
            return ()
        codes = known.promises.statuses(call.operation)
        seen = Words("{silence}", {"silence": call.silence[:200]})
        return (Breach(Words("a reply"), seen, (Status(call.number, codes),)),)
