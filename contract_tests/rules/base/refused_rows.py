"""Samples of refusals in a row, written down as the pauses between them."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate
from typing import Any

from contract_tests.rules.base import samples
from contract_tests.trace import Exchange, Trace


def refused_row(pauses: Sequence[float], **facts: Any) -> tuple[Exchange, ...]:
    """A submit that is refused as often as there are pauses (seconds), and then accepted."""
    *refused_at, accepted_at = accumulate(pauses, initial=0.0)
    refusals = (samples.refused(number, at, **facts) for number, at in enumerate(refused_at, 1))
    return *refusals, samples.submit(len(pauses) + 1, accepted_at)


def refused_rows(first: Sequence[float], *others: Sequence[float], **facts: Any) -> Trace:
    """A trace of such a submit, and other runs of it."""
    repeats = tuple(samples.trace(*refused_row(one), **facts) for one in others)
    return samples.trace(*refused_row(first), repeats=repeats, **facts)


def refused_by_processes(*rows: Sequence[float], **facts: Any) -> Trace:
    """The same where each run is that of a new process, if the facts do not name another."""
    names = facts.pop("names", [str(number) for number in range(len(rows))])
    runs = [
        samples.trace(
            *refused_row(row), jobs=(samples.done(samples.succeeded(), process=name),), **facts
        )
        for name, row in zip(names, rows, strict=True)
    ]
    return replace(runs[0], repeats=tuple(runs[1:]))


def polls_refused(pauses: Sequence[float], first: float = 5.0, **facts: Any) -> Trace:
    """A trace of a task whose polls are refused as often as there are pauses (seconds)."""
    *refused_at, seen_at = accumulate(pauses, initial=first)
    refusals = [samples.poll(two, at, status=429) for two, at in enumerate(refused_at, 2)]
    last = samples.poll(len(pauses) + 2, seen_at)
    return samples.trace(samples.submit(1, 0), *refusals, last, **facts)
