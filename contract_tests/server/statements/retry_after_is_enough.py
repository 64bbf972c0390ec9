"""LIM-03: whoever waits for as long as Retry-After says is let in."""

from collections.abc import Iterable

from contract_tests.finding import Words
from contract_tests.server.claim import Status
from contract_tests.server.promises import Promises
from contract_tests.server.seen import Seen
from contract_tests.server.statement import Breach, Known, Means, Statement


class RetryAfterIsEnough(Statement):
    """The next call of the same kind, after the time that was asked for, is not limited."""

    id = "retry-after-is-enough"
    number = "LIM-03"
    title = "Whoever waits for as long as Retry-After says is let in"
    group = "Limits"
    grade = "SHOULD"
    why = "A client that did as it was told and is refused again has no better plan."
    mend = (
        "Work Retry-After out from what the limiter lacks, and round it up.",
        "Do not count refused calls against the limit.",
    )
    idle = "no call was limited and then sent again in time"

    def source(self, promises: Promises) -> str:
        return promises.source("errors", "rate_limited")

    def missing(self, means: Means) -> str:
        return (
            self.idle if means.stories else "no call was limited, and none is provoked on purpose"
        )

    def look(self, call: Seen, known: Known) -> Iterable[Breach] | None:
        limited = _limited(call, known)
        if limited is None or call.reply is None:
            return None
        if call.status != 429:
            return ()
        given = (Status(limited.number, (429,)),)
        others = tuple(c for c in known.promises.statuses(call.operation) if c != 429)
        claim = Status(call.number, others)
        return (Breach(Words("no 429"), Words("429"), (claim,), given),)


def _limited(call: Seen, known: Known) -> Seen | None:
    """The last call of the same kind, if it was limited and its time has passed."""
    for earlier in known.log.before(call):
        if earlier.operation == call.operation and earlier.key is call.key:
            wait = earlier.reply.number("retry-after") if earlier.reply else None
            is_over = wait is not None and call.at - earlier.at >= wait
            return earlier if earlier.status == 429 and is_over else None
    return None
