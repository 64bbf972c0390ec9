"""Waits that a Retry-After named: from a refusal with one to the next attempt at the same call."""

from collections.abc import Iterator, Sequence

from contract_tests.rules.base.pauses import callers
from contract_tests.rules.base.refused import asked_to_wait, is_heard
from contract_tests.rules.base.remembering import remembered
from contract_tests.rules.base.waits import Wait
from contract_tests.trace import Exchange, Trace, by_call, is_shorter


@remembered
def named_waits(trace: Trace) -> tuple[Wait, ...]:
    """All such waits of this run; what a reply without an error says of waiting asks for nothing.

    A refusal that nobody followed up is none.
    """
    return tuple(wait for attempts in every_caller(trace) for wait in _waits(trace, attempts))


def every_caller(trace: Trace) -> Iterator[Sequence[Exchange]]:
    """The attempts at each call, caller by caller, as far as callers can be told apart."""
    yield from (caller.attempts for caller in callers(trace, "submit"))
    others = (one for one in trace.calls.exchanges if one.operation != "submit")
    yield from by_call(others).values()


def follower(attempts: Sequence[Exchange], before: Exchange) -> Exchange | None:
    """The next attempt that was begun when the reply to this one could be known."""
    later = attempts[attempts.index(before) + 1 :]
    return next((one for one in later if not is_shorter(one.started, before.replied)), None)


def _waits(trace: Trace, attempts: Sequence[Exchange]) -> Iterator[Wait]:
    for before in attempts:
        asked = asked_to_wait(trace, before)
        after = follower(attempts, before)
        if is_heard(before) and asked is not None and after is not None:
            yield Wait(before, after, after.started - before.replied, asked)
