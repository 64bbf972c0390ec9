"""Status reads with faults planned, limits and a journal, against mocks without them."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from benchmarks.rounds import Effort, compare
from benchmarks.rows import Row, speed_row
from benchmarks.servers import Server, mock, serving
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
  - {category: async_submit, operations: [submit], kind: token_bucket, capacity: 1000000000,
     per_second: 5}
  - {category: async_query, operations: [status], kind: token_bucket, capacity: 1000000000,
     per_second: 50}
"""
"""The documented limits with so much room that no reply is a refusal."""


def measure(effort: Effort) -> Iterator[Row]:
    """Against the mock as it starts, which keeps a journal, and against one that keeps none.

    No option turns the journal off, so the last one is started from this file.
    """
    with full_house() as full, mock(*UNDER_WAY) as usual, without_journal() as empty:
        sides = [reads(server, create(server, TASKS)) for server in (full, usual, empty)]
        against_usual = compare(effort, sides[0], sides[1])
        against_empty = compare(effort, sides[0], sides[2])
    yield speed_row("full-house", "faults, limits : none", against_usual, at_least=BAR)
    yield speed_row("full-house", "faults, limits, journal : none", against_empty, at_least=BAR)


@contextmanager
def full_house() -> Iterator[Server]:
    """The mock server with the story above."""
    with TemporaryDirectory() as folder:
        story = Path(folder, "full-house.yaml")
        story.write_text(STORY, "utf-8")
        with mock(*UNDER_WAY, "--scenario", str(story), "--limits") as server:
            yield server


@contextmanager
def without_journal() -> Iterator[Server]:
    """The mock server with the usual story, of which it keeps nothing."""
    command = [__name__, "serve", "--host", "127.0.0.1", "--port", "0", "--log", "off"]
    with serving("mock without journal", [*command, *UNDER_WAY]) as server:
        yield server


def keeping_nothing() -> AbstractContextManager[object]:
    """While it lasts, this process's calls leave no trace in a journal, nor time behind for one."""
    both = ExitStack()
    both.enter_context(patch("mock_server.core.engine.entry_of", lambda *facts: None))
    both.enter_context(patch("mock_server.core.journal.Journal.append", lambda *entry: None))
    return both


if __name__ == "__main__":
    from mock_server.cli import main

    with keeping_nothing():
        main()
