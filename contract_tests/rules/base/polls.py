"""Polls: which of them went well, and the waits between those of one task."""

from collections.abc import Iterator

from contract_tests.rules.base.waits import Wait
from contract_tests.trace import Exchange, Trace, by_call, gaps


def went_well(exchange: Exchange) -> bool:
    """Whether a call about a task was answered as it should be, and told that the task goes on."""
    is_under_way = exchange.phase is not None and not exchange.phase.is_terminal
    is_whole = exchange.told and exchange.fault is None and not exchange.aborted
    return exchange.heard_status == 200 and is_under_way and is_whole


def first_waits(trace: Trace) -> Iterator[Wait]:
    """From each submit that went well to the first poll of its task."""
    polling = trace.calls.polling
    made = {one.task: one for one in trace.calls.submits() if one.created and went_well(one)}
    for poll in trace.calls.polls():
        submit = made.pop(poll.task, None)
        if submit is not None:
            seconds = poll.started - submit.replied
            yield Wait(submit, poll, seconds, polling.floor, polling.initial)


def steady_waits(trace: Trace) -> Iterator[Wait]:
    """From each poll that went well to the next one of its task, from start to start.

    After an error other waits are in order: those of backoff, or none.
    """
    polling = trace.calls.polling
    for polls in by_call(trace.calls.polls()).values():
        for gap in gaps(polls):
            if went_well(gap.before):
                yield Wait(gap.before, gap.after, gap.seconds, polling.floor, polling.interval)
