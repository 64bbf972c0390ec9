"""RES-04: the first result's URL also stands at the top of the reply."""

from collections.abc import Iterable

from contract_tests.finding import Words
from contract_tests.server.claim import Claim, Compare, Status, Test, Value
from contract_tests.server.promises import Promises
from contract_tests.server.seen import Seen
from contract_tests.server.statement import Breach, Known, Statement

_FIRST = ("result", "data", 0, "url")


class UrlOnTop(Statement):
    """url and result.data[0].url are the same."""

    id = "url-on-top"
    number = "RES-04"
    title = "The URL of the first result also stands at the top of the reply"
    group = "Results"
    why = "The documented samples read it there."
    mend = (
        "Set url to result.data[0].url when a task succeeds.",
        "Or take the field out of the documents and the samples.",
    )
    idle = "no task was seen to succeed"

    def source(self, promises: Promises) -> str:
        return promises.source("switches", "top_level_url")

    def not_promised(self, promises: Promises) -> str | None:
        is_promised = promises.contract.switches.top_level_url
        return None if is_promised else "the profile has no url at the top"

    def look(self, call: Seen, known: Known) -> Iterable[Breach] | None:
        if call.operation != "status" or not call.is_accepted:
            return None
        if call.value("status") != known.promises.end_words[0]:
            return None
        if call.value("url") == call.value(*_FIRST):
            return ()
        at = call.number
        word = known.promises.end_words[0]
        claims: tuple[Claim, ...] = (
            Value(at, ("url",), Test("present"), 200, word),
            Compare(at, ("url",), "==", at, _FIRST),
        )
        expected = Words("{url}", {"url": call.value(*_FIRST)})
        seen = Words("{url}", {"url": call.value("url")})
        return (Breach(expected, seen, claims, (Status(at, (200,)),), "$.url"),)
