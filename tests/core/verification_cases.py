"""For each check an expectation, a trace that keeps it and one that does not."""

from typing import Any, NamedTuple

import pytest

from mock_server.core.exchange import Exchange
from mock_server.core.lifecycle import Phase
from tests.core.verification_samples import after, poll, refused, submit

DONE = Phase.SUCCEEDED


class Case(NamedTuple):
    """An expectation, a trace that keeps it, one that does not, and the calls that show it."""

    expectation: dict[str, Any]
    innocent: tuple[Exchange, ...]
    guilty: tuple[Exchange, ...]
    evidence: tuple[int, ...]


CASES = {
    "backoff": Case(
        {"check": "backoff"},
        (refused(1, 0), refused(2, 1), refused(3, 3), submit(4, 7)),
        (refused(1, 0), refused(2, 1), refused(3, 2.5), submit(4, 7)),
        (2, 3),
    ),
    "count": Case(
        {"check": "count", "operation": "submit", "at_most": 1},
        (submit(1, 0), poll(2, 5)),
        (submit(1, 0), submit(2, 5), poll(3, 9)),
        (1, 2),
    ),
    "first-poll": Case(
        {"check": "first-poll", "at_least": 2},
        (submit(1, 0), poll(2, 2)),
        (submit(1, 0), poll(2, 1.9)),
        (1, 2),
    ),
    "in-flight": Case(
        {"check": "in-flight"},
        (poll(1, 0, total_wait=2), poll(2, 2, total_wait=2)),
        (poll(1, 0, total_wait=2), poll(2, 1.9, total_wait=2)),
        (1, 2),
    ),
    "order": Case(
        {"check": "order", "steps": [{"operation": "submit"}, {"operation": "status"}]},
        (submit(1, 0), poll(2, 5)),
        (poll(1, 0), submit(2, 5)),
        (2,),
    ),
    "own-tasks": Case(
        {"check": "own-tasks"},
        (submit(1, 0), poll(2, 5)),
        (submit(1, 0), poll(2, 5, task="t2")),
        (2,),
    ),
    "poll-gaps": Case(
        {"check": "poll-gaps", "at_least": 2},
        (submit(1, 0), poll(2, 5), poll(3, 7)),
        (submit(1, 0), poll(2, 5), poll(3, 6.9)),
        (2, 3),
    ),
    "poll-promptly": Case(
        {"check": "poll-promptly"},
        (submit(1, 0), poll(2, 5), poll(3, 15)),
        (submit(1, 0), poll(2, 5), poll(3, 15.1)),
        (2, 3),
    ),
    "quiet-after-end": Case(
        {"check": "quiet-after-end"},
        (submit(1, 0), poll(2, 5), poll(3, 10, DONE)),
        (submit(1, 0), poll(2, 5, DONE), poll(3, 10, DONE), poll(4, 15, DONE)),
        (2, 3, 4),
    ),
    "retries-bounded": Case(
        {"check": "retries-bounded", "at_most": 2},
        (refused(1, 0), refused(2, 1), refused(3, 3)),
        (refused(1, 0), refused(2, 1), refused(3, 3), refused(4, 7)),
        (1, 2, 3, 4),
    ),
    "retries-enough": Case(
        {"check": "retries-enough", "at_least": 2},
        (refused(1, 0), refused(2, 1), refused(3, 3)),
        (refused(1, 0), refused(2, 1)),
        (1, 2),
    ),
    "retry-after": Case(
        {"check": "retry-after"},
        (refused(1, 0, **after(7)), submit(2, 7)),
        (refused(1, 0, **after(7)), submit(2, 6.9)),
        (1, 2),
    ),
    "stop-after": Case(
        {"check": "stop-after"},
        (submit(1, 0), poll(2, 5, status=401)),
        (submit(1, 0), poll(2, 5, status=401), poll(3, 10), poll(4, 15)),
        (2, 3, 4),
    ),
    "submit-once": Case(
        {"check": "submit-once"},
        (refused(1, 0), submit(2, 1), submit(3, 9, "a dog", task="t2")),
        (submit(1, 0, status=None, created=True, task="t1"), refused(2, 1), submit(3, 2)),
        (1, 2, 3),
    ),
}
EVERY = pytest.mark.parametrize("case", CASES.values(), ids=CASES)
# What can be told although calls are gone, and what is told although nothing happened.
KNOWS_ALL = {"order"}
NEVER_IDLE = {"count", "order"}
NEEDS_ALL = {"order", "own-tasks", "retries-enough"}
