"""Status reads with faults planned and limits on, against the mock as it starts."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.rounds import Effort, compare
from benchmarks.rows import Row, speed_row
from benchmarks.servers import Server, mock
from benchmarks.tasks import UNDER_WAY, create, reads

TASKS = 256
BAR = 0.8

STORY = """\
title: Everything is on, and nothing strikes
why: What a test that uses all of the mock pays for it on every call.
faults:
  submit: [pass x*]
  status: [pass x*]
limits:
  - {category: async_submit, operations: [submit], kind: token_bucket, capacity: 50,
     per_second: 1000000000}
  - {category: async_query, operations: [status], kind: token_bucket, capacity: 500,
     per_second: 1000000000}
"""
"""The documented limits, but filled again so fast that no reply is a refusal."""


def measure(effort: Effort) -> Iterator[Row]:
    """Both keep a journal: no option turns it off."""
    with full_house() as full, mock(*UNDER_WAY) as usual:
        sides = [reads(server, create(server, TASKS)) for server in (full, usual)]
        rounds = compare(effort, sides[0], sides[1])
    yield speed_row("full-house", "faults, limits : none", rounds, at_least=BAR)


@contextmanager
def full_house() -> Iterator[Server]:
    """The mock server with the story above."""
    with TemporaryDirectory() as folder:
        story = Path(folder, "full-house.yaml")
        story.write_text(STORY, "utf-8")
        with mock(*UNDER_WAY, "--scenario", str(story), "--limits") as server:
            yield server
