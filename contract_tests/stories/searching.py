"""Letting Hypothesis look for the smallest story that breaks a rule."""

from collections.abc import Callable
from pathlib import Path

from hypothesis import given, seed, settings
from hypothesis.database import DirectoryBasedExampleDatabase

from contract_tests.stories.shrinking import MOST_PLAYS, shrink
from contract_tests.stories.strategies import ALL_CHECKS, drawn_stories
from mock_server.core.contract import Contract
from mock_server.core.scenario import Scenario


class _BrokenError(Exception):
    """A story breaks what is looked for; Hypothesis makes it smaller then."""


def search(
    contract: Contract,
    breaks: Callable[[Scenario], bool],
    *,
    examples: int = 200,
    number: int = 0,
    database: Path | None = None,
    most_plays: int = MOST_PLAYS,
) -> Scenario | None:
    """The smallest story found that breaks it; None when none of so many examples does.

    The ``number`` decides which are tried. In the folder ``database`` the stories that broke it are
    kept, and tried first the next time. ``most_plays`` bounds the last steps.
    """
    found: list[Scenario] = []

    @settings(
        max_examples=examples,
        database=None if database is None else DirectoryBasedExampleDatabase(database),
        deadline=None,
        derandomize=False,
        report_multiple_bugs=False,
        suppress_health_check=ALL_CHECKS,
        print_blob=False,
    )
    # Below the settings: it forgets the database that those before it had.
    @seed(number)
    @given(drawn_stories(contract))
    def hunt(story: Scenario) -> None:
        if breaks(story):
            found.append(story)
            raise _BrokenError

    try:
        hunt()
    except _BrokenError:
        # The last one that was tried is the smallest.
        return shrink(found[-1], breaks, most_plays=most_plays)
    return None
