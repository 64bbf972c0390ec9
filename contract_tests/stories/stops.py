"""A client is told to stop: while it submits, while it waits for another try, between polls."""

from collections.abc import Iterator

from contract_tests.stories.lives import TWO_POLLS, done_after
from contract_tests.stories.telling import Teller, Told
from mock_server.core.client_plan import ClientPlan, Stop, StopBy

_WORDS = {StopBy.CANCEL: "is cancelled", StopBy.SIGNAL: "is told to end by SIGTERM"}
_WHY = {
    StopBy.CANCEL: "A caller who cancels wants no more calls made, and no connection left open.",
    StopBy.SIGNAL: "Whoever stops a service waits a few seconds, then kills; an order that is sent"
    " after the signal is paid for and lost.",
}
_RULES = {StopBy.CANCEL: "cancel-stops", StopBy.SIGNAL: "signal-stops"}


def stops(teller: Teller) -> Iterator[Told]:
    """Both ways to stop at the moments at which most clients are."""
    for by in StopBy:
        yield from _stops(teller, by)


def _stops(teller: Teller, by: StopBy) -> Iterator[Told]:
    moments = (
        ("submit", "while the submit is on its way", 1.0, {"submit": ["delay(3)"]}),
        ("backoff", "while it waits for another try", 1.5, {"submit": ["429(retry_after=4)"]}),
        ("wait", "between two polls", 7.0, {"life": TWO_POLLS}),
        ("poll", "while a poll is on its way", 6.5, {"status": ["delay(4)"], "life": TWO_POLLS}),
        ("download", "while a file comes in", 6.0, {"result": ["delay(5)"]}),
        ("at-once", "right after its start", 0.0, {"life": done_after(4.0)}),
    )
    for name, when, after, facts in moments:
        yield teller.tell(
            f"stops/{by.value}-{name}",
            f"The client {_WORDS[by]} {when}",
            _WHY[by],
            *(_RULES[by], *(("submit-once",) if name == "submit" else ())),
            client=ClientPlan(stop=Stop(by, after)),
            quick=name in ("submit", "backoff", "wait"),
            **facts,
        )
