"""Submits that validation refuses, against an app that only parses the JSON."""

from collections.abc import Iterator

from benchmarks.api import refused_submits
from benchmarks.rounds import Effort, Target, compare
from benchmarks.rows import Row, speed_row
from benchmarks.servers import ask_for, control, mock
from benchmarks.tasks import UNDER_WAY


def measure(effort: Effort) -> Iterator[Row]:
    """The control answers, with status 200, the very error document that the mock gave."""
    with mock(*UNDER_WAY) as subject:
        requests = refused_submits(port=subject.port, key=subject.key)
        with control(ask_for(subject, requests[0], 400)) as bare:
            rounds = compare(
                effort,
                Target(subject, requests, status=400),
                Target(bare, refused_submits(port=bare.port, key=bare.key)),
            )
    yield speed_row("submit-refused", "submit, refused", rounds, at_least=0.6)
