"""Status reads on a mock that logs each request as text, against a mock that logs nothing."""

from collections.abc import Iterator

from benchmarks.rounds import Effort, compare
from benchmarks.rows import Row, speed_row
from benchmarks.servers import mock
from benchmarks.tasks import UNDER_WAY, create, reads

TASKS = 256


def measure(effort: Effort) -> Iterator[Row]:
    """The log goes to a file, so that no reader of it takes time from either core."""
    with mock(*UNDER_WAY, log="text") as talking, mock(*UNDER_WAY) as silent:
        sides = [reads(server, create(server, TASKS)) for server in (talking, silent)]
        rounds = compare(effort, *sides)
    yield speed_row("log-lines", "text log : no log", rounds, at_least=0.8)
