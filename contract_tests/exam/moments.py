"""The time line of a story: its calls, the stages of its tasks, and what the client said."""

from collections.abc import Iterator

from contract_tests.examination import Moment
from contract_tests.trace import Done, Exchange, Trace
from mock_server.core.lifecycle import Phase

_MOST = 400


def moments(trace: Trace) -> tuple[Moment, ...]:
    """What happened, in the order of time, seconds counted from the start of the first job.

    Of a very long story only the beginning is told.
    """
    starts = [done.started for done in trace.jobs] + [one.started for one in trace.calls.exchanges]
    start = min(starts, default=0.0)
    found = [*_calls(trace, start), *_stages(trace, start), *_client(trace, start)]
    return tuple(sorted(found, key=lambda one: (one.seconds, one.number or 0))[:_MOST])


def _calls(trace: Trace, start: float) -> Iterator[Moment]:
    for one in trace.calls.exchanges:
        yield Moment(
            seconds=one.started - start,
            kind="call",
            what=one.operation
            if one.base.startswith(trace.origin)
            else f"{one.operation} elsewhere",
            answered=_answered(one),
            number=one.number,
            lasted=max(0.0, one.completed - one.started),
            fault=one.fault,
            task=one.task,
            phase=None if one.phase is None else one.phase.value,
        )


def _answered(exchange: Exchange) -> str:
    if exchange.heard_status is None:
        return "no reply"
    phase = "" if exchange.phase is None or not exchange.told else f" {exchange.phase.value}"
    return f"{exchange.heard_status}{phase}"


def _stages(trace: Trace, start: float) -> Iterator[Moment]:
    """When each phase of each task was first told."""
    known: set[tuple[str | None, Phase]] = set()
    for one in trace.calls.exchanges:
        if one.phase is None or (one.task, one.phase) in known:
            continue
        known.add((one.task, one.phase))
        yield Moment(one.started - start, "stage", one.phase.value, task=one.task)


def _client(trace: Trace, start: float) -> Iterator[Moment]:
    for done in trace.jobs:
        yield Moment(done.started - start, "client", f"job {done.job.id} begins")
        if done.stopped is not None:
            yield Moment(done.stopped - start, "client", f"job {done.job.id} is told to stop")
        yield Moment(done.ended - start, "client", f"job {done.job.id} {_end(done)}")


def _end(done: Done) -> str:
    outcome = done.outcome
    if outcome is None:
        return "is ended by force"
    if outcome.code is None and outcome.message is None:
        return outcome.status.value
    told = " ".join(str(part) for part in (outcome.code, outcome.message) if part is not None)
    return f"{outcome.status.value}: {told[:200]}"
