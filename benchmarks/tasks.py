"""The tasks that a measure reads."""

import itertools
import json
import time
from collections.abc import Sequence
from typing import Any

from benchmarks.api import FINISHED, status_reads, submits
from benchmarks.errors import CannotMeasure
from benchmarks.load import send_each
from benchmarks.rounds import Target
from benchmarks.servers import Server, ask_for

UNDER_WAY = ("--speed", "0.001")
"""Options with which the default story, seconds long, lasts longer than any measure."""

AT_ONCE = ("--speed", "1000")
"""Options with which the default story is over within milliseconds."""

FINISH_SECONDS = 10.0


def create(server: Server, count: int) -> list[str]:
    """Submit ``count`` tasks; their ids."""
    requests = itertools.cycle(submits(port=server.port, key=server.key))
    bodies = send_each(server, itertools.islice(requests, count), status=200)
    return [json.loads(body)["id"] for body in bodies]


def reads(server: Server, ids: Sequence[str]) -> Target:
    """Status reads of the given tasks in a circle."""
    return Target(server, status_reads(ids, port=server.port, key=server.key))


def document(server: Server, task: str) -> Any:
    """What a status read of a task answers now."""
    return ask_for(server, status_reads([task], port=server.port, key=server.key)[0], 200)


def under_way(server: Server, task: str) -> Any:
    """The status document of a task that must not be finished."""
    seen = document(server, task)
    if seen["status"] == FINISHED:
        raise CannotMeasure(f"expected a task under way, seen: status {FINISHED!r}")
    return seen


def finished(server: Server, task: str) -> Any:
    """The status document of a task as soon as it is finished."""
    deadline = time.monotonic() + FINISH_SECONDS
    while (seen := document(server, task))["status"] != FINISHED:
        if time.monotonic() > deadline:
            raise CannotMeasure(f"expected status {FINISHED!r}, seen: {seen['status']!r}")
        time.sleep(0.02)
    return seen
