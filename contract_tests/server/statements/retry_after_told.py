"""LIM-02: a call that was limited is told when to come again."""

from collections.abc import Iterable

from contract_tests.finding import Words
from contract_tests.server.claim import Field, Status, Test
from contract_tests.server.promises import Promises
from contract_tests.server.seen import Seen
from contract_tests.server.statement import Breach, Known, Means, Statement


class RetryAfterTold(Statement):
    """Every 429 has a Retry-After in whole seconds."""

    id = "retry-after-told"
    number = "LIM-02"
    title = "A call that was limited is told when to come again"
    group = "Limits"
    grade = "SHOULD"
    why = "Without it clients guess, and the crowd that guesses is what the limit was against."
    mend = (
        "Send Retry-After with every 429, in whole seconds, at least 1.",
        "Let whatever refuses the call, a proxy for one, send it as well.",
    )
    idle = "no call was limited"

    def source(self, promises: Promises) -> str:
        return promises.source("errors", "rate_limited")

    def missing(self, means: Means) -> str:
        return (
            self.idle if means.stories else "no call was limited, and none is provoked on purpose"
        )

    def look(self, call: Seen, known: Known) -> Iterable[Breach] | None:
        if call.reply is None or call.status != 429:
            return None
        if call.reply.number("retry-after"):
            return ()
        value = call.reply.header("retry-after")
        claim = Field(call.number, "retry-after", Test("matches", "^[1-9][0-9]{0,14}$"))
        expected, seen = Words("Retry-After: seconds"), Words("{value!r}", {"value": value})
        return (Breach(expected, seen, (claim,), (Status(call.number, (429,)),)),)
