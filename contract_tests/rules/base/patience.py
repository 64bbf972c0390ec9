"""Patience: which failures pass by themselves, and whether a client gave up of its own accord."""

from contract_tests.outcome import OutcomeStatus
from contract_tests.rules.base.replies import shows_success
from contract_tests.trace import Ability, Exchange, Trace, is_shorter
from mock_server.core.lifecycle import Phase

_PASSING = frozenset({408, 409, 425, 429})


def is_passing(exchange: Exchange) -> bool:
    """Whether the caller heard nothing, or of a trouble that may be over soon."""
    status = exchange.heard_status
    return status is None or status in _PASSING or status >= 500


def has_given_up(trace: Trace, last: Exchange, place: int = 0) -> bool:
    """Whether nothing came after a call since the client did not want to go on.

    Nothing else may have stopped it: its caller, the end of its time, or the end of the trace
    within the longest pause that the profile allows. ``place`` counts the failures in a row,
    from 0, for the pause that would have been due.
    """
    if any(done.stopped is not None for done in trace.jobs):
        return False
    if not has_ended(trace, last):
        return False
    return is_shorter(_pause(trace, last, place), _time_left(trace, last))


def _pause(trace: Trace, last: Exchange, place: int) -> float:
    """The longest pause that would have been in order; jitter may double a step."""
    steps = trace.calls.backoff.steps
    step = 2 * steps[min(place, len(steps) - 1)]
    return max(step, trace.calls.polling.ceiling, last.retry_after or 0.0)


def _time_left(trace: Trace, last: Exchange) -> float:
    limit = trace.calls.polling.max_wait if trace.gives_up_after is None else trace.gives_up_after
    calls = (one.started for one in trace.calls.exchanges)
    start = min((done.started for done in trace.jobs), default=min(calls))
    return start + limit - last.completed


def has_ended(trace: Trace, last: Exchange) -> bool:
    """Whether a call was the last one, and not the last so far.

    The client's jobs have ended, or it has been silent for longer than any pause may be.
    """
    ended = [done.outcome is not None or done.raised is not None for done in trace.jobs]
    silence = trace.calls.taken - last.completed
    return (bool(ended) and all(ended)) or is_shorter(trace.calls.backoff.cap, silence)


def has_false_success(trace: Trace) -> bool:
    """Whether more jobs were reported as successes than tasks were told to have succeeded."""
    if Ability.REPORTS not in trace.abilities:
        return False
    claimed = [one for one in trace.outcomes if one.status is OutcomeStatus.SUCCEEDED]
    return len(claimed) > len({one.task for one in trace.calls.exchanges if _succeeds(trace, one)})


def _succeeds(trace: Trace, call: Exchange) -> bool:
    """Whether a caller could know from a reply that its task has succeeded."""
    is_told = call.says_end and call.phase is Phase.SUCCEEDED
    return is_told or shows_success(trace.terms, call)
