"""Accepted submits, fully validated, against an app that only parses the JSON."""

from collections.abc import Iterator

from benchmarks.api import submits
from benchmarks.rounds import Effort, Target, compare
from benchmarks.rows import Row, speed_row
from benchmarks.servers import ask_for, control, mock
from benchmarks.tasks import UNDER_WAY


def measure(effort: Effort) -> Iterator[Row]:
    """The control answers with the very document that the mock gave."""
    with mock(*UNDER_WAY) as subject:
        requests = submits(port=subject.port, key=subject.key)
        with control(ask_for(subject, requests[0], 200)) as bare:
            rounds = compare(
                effort,
                Target(subject, requests),
                Target(bare, submits(port=bare.port, key=bare.key)),
            )
    yield speed_row("submit", "submit, accepted", rounds, at_least=0.8)
