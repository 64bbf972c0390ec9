"""LIM-01: the header fields of limits are whole, and count."""

from collections.abc import Iterable, Iterator

from contract_tests.finding import Words
from contract_tests.server.claim import Claim, Field, FieldStep, Test
from contract_tests.server.promises import Promises
from contract_tests.server.seen import Seen
from contract_tests.server.statement import Breach, Known, Statement

_LIMIT, _LEFT = "x-ratelimit-limit", "x-ratelimit-remaining"
_NUMBERS = (_LIMIT, _LEFT, "x-ratelimit-reset")
_CATEGORY = "x-ratelimit-category"
_WHOLE = Test("matches", r"^[0-9]{1,15}$")


class LimitFieldsCount(Statement):
    """Where one X-RateLimit field is, all are; they are true, and each call takes one away."""

    id = "limit-fields-count"
    number = "LIM-01"
    title = "The header fields of limits are whole, and each call takes one away"
    group = "Limits"
    grade = "SHOULD"
    why = "Careful clients slow down by these numbers. Wrong ones stop them, or let them run on."
    mend = (
        "Send X-RateLimit-Limit, -Remaining, -Reset and -Category together, from the limiter.",
        "Remaining is what is left after this call, never below 0, never above the limit.",
    )
    idle = "no reply had header fields of limits"

    def source(self, promises: Promises) -> str:
        return promises.source("limits")

    def look(self, call: Seen, known: Known) -> Iterable[Breach] | None:
        names = (*_NUMBERS, _CATEGORY)
        if call.reply is None or not any(call.reply.header(name) for name in names):
            return None
        return list(_breaches(call, known))


def _breaches(call: Seen, known: Known) -> Iterator[Breach]:
    assert call.reply is not None
    values = {name: call.reply.header(name) or "" for name in (*_NUMBERS, _CATEGORY)}
    for name in _NUMBERS:
        if call.reply.number(name) is None:
            claim: Claim = Field(call.number, name, _WHOLE)
            yield _breach(claim, name, "a whole number", values[name])
    if not values[_CATEGORY]:
        claim = Field(call.number, _CATEGORY, Test("present"))
        yield _breach(claim, _CATEGORY, "a word", "nothing")
    most, left = call.reply.number(_LIMIT), call.reply.number(_LEFT)
    if most is None or left is None:
        return
    if left > most:
        claim = Field(call.number, _LEFT, Test("at_most", most))
        yield _breach(claim, _LEFT, f"at most {most}", str(left))
    earlier = _just_before(call, known)
    before = 0 if earlier is None else _left(earlier)
    if earlier is not None and before > 0 and left != before - 1:
        claim = FieldStep(call.number, earlier.number, _LEFT, -1)
        yield _breach(claim, _LEFT, str(before - 1), str(left))


def _just_before(call: Seen, known: Known) -> Seen | None:
    """The last call of this operation, if no time has passed since."""
    for earlier in known.log.before(call):
        if earlier.at != call.at:
            return None
        if earlier.operation == call.operation and earlier.key is call.key and earlier.reply:
            return earlier
    return None


def _left(call: Seen) -> int:
    """How many calls were left, 0 where nobody said."""
    return (call.reply.number(_LEFT) if call.reply else None) or 0


def _breach(claim: Claim, name: str, expected: str, seen: str) -> Breach:
    facts = {"name": name, "expected": expected}
    return Breach(Words("{name}: {expected}", facts), Words("{seen!r}", {"seen": seen}), (claim,))
