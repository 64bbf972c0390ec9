"""Orders: which submits ask for the same thing, who asked for it, and for how many tasks."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import ceil

from contract_tests.rules.base.remembering import remembered
from contract_tests.trace import Done, Exchange, Trace
from mock_server.core.sizes import first_value


@dataclass(frozen=True, slots=True)
class Order:
    """All submits with one prompt, and the jobs that they may be for.

    ``wanted`` is how many tasks these jobs may ask for: one each, or one for each image where the
    client splits them. Two callers who order the same cannot be told apart: then it is above 1.
    """

    submits: tuple[Exchange, ...]
    jobs: tuple[Done, ...]
    wanted: int

    @property
    def job(self) -> Done | None:
        """The only job that it can be for, if there is only one."""
        return self.jobs[0] if len(self.jobs) == 1 else None

    @property
    def tasks(self) -> frozenset[str]:
        """The ids of the tasks that it made."""
        return frozenset(one.task for one in self.submits if one.created and one.task)


@remembered
def orders(trace: Trace) -> tuple[Order, ...]:
    """The orders of a trace, in the order of their first submits.

    They are told apart by their prompts, for a client may write something new into each attempt;
    bodies without one by the whole body. A prompt that no job has may be for any of them.
    """
    groups: dict[object, list[Exchange]] = {}
    for submit in trace.calls.submits():
        prompt = _prompt(trace, submit)
        groups.setdefault(submit.call if prompt is None else prompt, []).append(submit)
    return tuple(_order(trace, key, tuple(submits)) for key, submits in groups.items())


def order_of(trace: Trace, exchange: Exchange) -> Order | None:
    """The order that a call is about: its own, or that of its task."""
    for order in orders(trace):
        if exchange in order.submits or (exchange.task and exchange.task in order.tasks):
            return order
    return None


def job_of(trace: Trace, exchange: Exchange) -> Done | None:
    """The job for which a call was made, None where that cannot be told."""
    if len(trace.jobs) == 1:
        return trace.jobs[0]
    order = order_of(trace, exchange)
    return None if order is None else order.job


def _order(trace: Trace, prompt: object, submits: tuple[Exchange, ...]) -> Order:
    meant = tuple(done for done in trace.jobs if done.job.prompt == prompt)
    jobs = meant or trace.jobs
    count = max(1, min(_count(trace, submit) for submit in submits))
    return Order(submits, jobs, max(1, _tasks(jobs, count)))


def _tasks(jobs: Iterable[Done], count: int) -> int:
    return sum(max(1, ceil(done.job.n / count)) for done in jobs)


def _prompt(trace: Trace, submit: Exchange) -> str | None:
    body = submit.json
    found = first_value(body, trace.terms.fields.prompt) if isinstance(body, Mapping) else None
    return found if isinstance(found, str) else None


def _count(trace: Trace, submit: Exchange) -> int:
    body = submit.json
    found = first_value(body, trace.terms.fields.count) if isinstance(body, Mapping) else None
    return found if isinstance(found, int) else 1
