"""Resubmits: orders that were placed again though they had made a task, and what led to it.

Where an order has made as many tasks as its callers may ask for, each later submit of it is one too
many. What led to it is the last thing that went wrong for the order before: a poll or a fetch of
its result, or the reply to a submit that had made a task. After a task that was told to have failed
a new submit is the way to try again.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from contract_tests.finding import Violation, Words
from contract_tests.rules.base.orders import Order, orders
from contract_tests.rules.base.refused import promises_nothing
from contract_tests.rules.base.remembering import remembered
from contract_tests.trace import NO_JSON, Exchange, Trace, is_shorter
from mock_server.core.lifecycle import Phase


class Lead(Enum):
    """What leads a client into placing an order again; each is a rule of its own.

    ``WAIT``: the reply kept it waiting, it was left, or told no id. ``BROKEN``: the reply was
    broken off. ``ERROR``: it was an error of the server's. ``POLL``: a poll or a fetch went wrong.
    """

    WAIT = "wait"
    BROKEN = "broken"
    ERROR = "error"
    POLL = "poll"


@dataclass(frozen=True, slots=True)
class Temptation:
    """A call after which a client might place its order again, and what it is."""

    call: Exchange
    lead: Lead


def temptations(trace: Trace, lead: Lead) -> list[Temptation]:
    """All calls that may have led a client into that."""
    return [one for _, found in _by_order(trace) for one in found if one.lead is lead]


def resubmits(trace: Trace, lead: Lead) -> list[Violation]:
    """The submits that were too many, and to which this had led."""
    many = (one for one in _by_order(trace) if len(one[0].submits) > one[0].wanted)
    return [one for order, tempting in many for one in _resubmits(trace, order, tempting, lead)]


def _resubmits(
    trace: Trace, order: Order, tempting: Sequence[Temptation], lead: Lead
) -> Iterator[Violation]:
    made: list[Exchange] = []
    for submit in order.submits:
        standing = [one for one in made if not _has_failed(trace, one, submit)]
        before = [one for one in tempting if _precedes(one.call, submit)]
        is_again = len(standing) >= order.wanted and not _is_repeat(trace, standing, submit)
        if is_again and lead is (before[-1].lead if before else Lead.WAIT):
            yield _violation(before[-1].call if before else standing[-1], standing[-1], submit)
        if may_have_made(trace, submit):
            made.append(submit)


def may_have_made(trace: Trace, submit: Exchange) -> bool:
    """Whether a caller had to reckon with a task: nothing said that there was none.

    An error of the server's says nothing at all, unless it promises that nothing was made. What is
    refused, or sent elsewhere, may be tried again, whatever was done behind the scenes.
    """
    status = submit.heard_status
    if status is not None and status >= 500:
        return not promises_nothing(trace, submit)
    return submit.created and (status is None or status < 300)


@remembered
def _by_order(trace: Trace) -> tuple[tuple[Order, list[Temptation]], ...]:
    return tuple((order, _temptations(trace, order)) for order in orders(trace))


def _temptations(trace: Trace, order: Order) -> list[Temptation]:
    """What went wrong for an order, call by call, in their order."""
    calls = [(one, _lead_of_submit(trace, one)) for one in order.submits]
    others = (one for one in trace.calls.exchanges if one.operation in ("status", "result"))
    calls += [(one, _lead_of_poll(one)) for one in others if one.task in order.tasks]
    calls += [(one, Lead.WAIT) for one in _long_waits(trace, order)]
    found = (Temptation(one, lead) for one, lead in calls if lead is not None)
    return sorted(found, key=lambda one: one.call.number)


def _lead_of_submit(trace: Trace, submit: Exchange) -> Lead | None:
    status = submit.heard_status
    if not may_have_made(trace, submit):
        return None
    if status is None:
        return Lead.WAIT if submit.total_wait else Lead.BROKEN
    if status >= 500:
        return Lead.ERROR
    if submit.told:
        return Lead.WAIT if submit.total_wait else None
    return Lead.BROKEN if submit.reply_json is NO_JSON and not submit.aborted else Lead.WAIT


def _lead_of_poll(call: Exchange) -> Lead | None:
    """Trouble with a poll or a fetch; one that is over and only told late is none."""
    is_fine = call.heard_status == 200 and call.told and call.fault is None
    return None if is_fine else Lead.POLL


def _long_waits(trace: Trace, order: Order) -> Sequence[Exchange]:
    """The polls, from the third of a task on, that told that it still goes on."""
    found: list[Exchange] = []
    for task in order.tasks:
        going = [one for one in trace.calls.polls(task) if _goes_on(one)]
        found += going[2:]
    return found


def _goes_on(poll: Exchange) -> bool:
    is_clean = poll.heard_status == 200 and poll.fault is None
    return is_clean and poll.phase is not None and not poll.phase.is_terminal


def _precedes(call: Exchange, submit: Exchange) -> bool:
    """Whether a submit can have been sent because of a call: it was over, or was waited for."""
    is_over = call.total_wait > 0 or not is_shorter(submit.started, call.completed)
    return call.number < submit.number and is_over


def _is_repeat(trace: Trace, standing: Sequence[Exchange], submit: Exchange) -> bool:
    """Whether the vendor knows a submit for one of these orders, by its idempotency key."""
    name = (trace.terms.idempotency_field or "").lower().encode()
    keys = [value for field, value in submit.headers if field == name]
    return bool(keys) and any((name, keys[0]) in one.headers for one in standing)


def _has_failed(trace: Trace, made: Exchange, submit: Exchange) -> bool:
    """Whether the task was told to have failed before the submit was sent."""
    return any(
        one.task == made.task
        and one.says_end
        and one.phase is Phase.FAILED
        and _precedes(one, submit)
        for one in trace.calls.polls()
    )


def _violation(last: Exchange, made: Exchange, submit: Exchange) -> Violation:
    facts = {
        "call": submit.number,
        "last": last.number,
        "made": made.number,
        "task": made.task,
        "seconds": submit.started - last.completed,
    }
    template = "submitted again in call {call}, {seconds:.3f} s after call {last}"
    if made.task is None:
        behind = ", of which nobody knows whether it made a task"
    elif made is last:
        behind = ", which had made task {task}"
    else:
        behind = ", though call {made} had made task {task}"
    return Violation((made.number, last.number, submit.number), Words(template + behind, facts))
