"""Pauses: how long a client waits after each refusal in a row before it tries again."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from contract_tests.rules.base.orders import orders
from contract_tests.rules.base.refused import asked_to_wait, is_refusal, retry_after_text
from contract_tests.rules.base.remembering import remembered
from contract_tests.rules.base.waits import Wait
from contract_tests.trace import Exchange, Trace, by_call, is_shorter


@dataclass(frozen=True, slots=True)
class Pause:
    """The time from a refusal to the next attempt at the same call.

    ``place`` counts the pauses in a row, from 0, without those for which a Retry-After named the
    time; ``step`` is what the profile says of that place. ``chain`` tells the calls of a run apart,
    ``process`` the client's processes. ``is_plain`` is false where the refusal had a Retry-After
    that nobody can keep.
    """

    before: Exchange
    after: Exchange
    seconds: float
    step: float
    place: int
    chain: int
    run: int
    process: str
    is_plain: bool

    @property
    def share(self) -> float:
        """The pause as a share of its step."""
        return self.seconds / self.step

    @property
    def wait(self) -> Wait:
        """The pause as a wait that should have lasted for its step."""
        return Wait(self.before, self.after, self.seconds, self.step, run=self.run)


@dataclass(frozen=True, slots=True)
class Caller:
    """The attempts of one caller at one call, and the process that it is."""

    attempts: tuple[Exchange, ...]
    process: str = ""


@remembered
def pauses(
    trace: Trace, operation: str, is_meant: Callable[[Trace, Exchange], bool] = is_refusal
) -> tuple[Pause, ...]:
    """All pauses after refusals of submits, or of polls (``status``), in this run and its repeats.

    ``is_meant`` tells refusals, or what else is waited after. Rows of them whose beginning may no
    longer be in the journal are left out.
    """
    return tuple(
        pause
        for number, run in enumerate(trace.all_runs)
        for pause in _pauses(run, number, operation, is_meant)
    )


@remembered
def callers(trace: Trace, operation: str) -> tuple[Caller, ...]:
    """Who made which calls; callers with equal orders, whom nothing tells apart, are left out."""
    if operation == "status":
        return tuple(map(Caller, by_call(trace.calls.polls()).values()))
    single = (order for order in orders(trace) if order.wanted == 1)
    return tuple(Caller(one.submits, one.job.process if one.job else "") for one in single)


def _pauses(
    trace: Trace, number: int, operation: str, is_meant: Callable[[Trace, Exchange], bool]
) -> Iterator[Pause]:
    rows = (
        (caller, row)
        for caller in callers(trace, operation)
        for row in _rows(trace, caller, is_meant)
    )
    for chain, (caller, row) in enumerate(rows):
        place = 0
        for before, after in pairwise(row):
            if asked_to_wait(trace, before) is not None:
                continue
            yield Pause(
                before,
                after,
                seconds=after.started - before.replied,
                step=_step(trace, place),
                place=place,
                chain=chain,
                run=number,
                process=caller.process,
                is_plain=retry_after_text(before) is None,
            )
            place += 1


def _rows(
    trace: Trace, caller: Caller, is_meant: Callable[[Trace, Exchange], bool]
) -> Iterator[Sequence[Exchange]]:
    """Attempts in a row of which each but the last was refused."""
    row: list[Exchange] = []
    is_whole = not trace.calls.dropped
    for attempt in caller.attempts:
        if row and is_shorter(attempt.started, row[-1].replied):
            # Begun before the refusal was known: no answer to it.
            continue
        row.append(attempt)
        if not is_meant(trace, attempt):
            if is_whole and len(row) > 1:
                yield row
            row, is_whole = [], True
    if is_whole and len(row) > 1:
        yield row


def _step(trace: Trace, place: int) -> float:
    steps = trace.calls.backoff.steps
    return steps[min(place, len(steps) - 1)]
