"""Silence that was called for: who broke it, and how long it has still to last."""

from collections.abc import Iterable, Sequence

from mock_server.core.finding import Words
from mock_server.core.trace import Trace, is_shorter
from mock_server.core.verification.check import Violation
from mock_server.core.verification.scopes import Followed


def broken_quiet(ends: Iterable[Followed], template: str) -> list[Violation]:
    """A violation for each call that should have been followed by none.

    ``template`` says what the first follower did, with its number ``call`` and the ``seconds``
    since the reply.
    """
    return [
        Violation(
            (end.exchange.number, *(one.number for one in end.followers[1:]), first.number),
            Words(
                f"{template} the reply to call {{end}}",
                {
                    "call": first.number,
                    "seconds": first.started - end.exchange.completed,
                    "end": end.exchange.number,
                },
            ),
        )
        for end in ends
        for first in end.followers[:1]
    ]


def quiet_time_left(trace: Trace, ends: Sequence[Followed], quiet_for: float) -> Words | None:
    """What is left of the time that has to pass in silence, None if nothing is."""
    latest = max((end.exchange.completed for end in ends), default=trace.taken)
    left = latest + quiet_for - trace.taken
    if not is_shorter(0.0, left):
        return None
    return Words("{seconds:g} s of silence are still due", {"seconds": left})
