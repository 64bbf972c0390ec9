"""Letting Hypothesis look for the smallest story that breaks a rule."""

from collections.abc import Callable

from hypothesis import settings
from hypothesis.errors import Flaky

from contract_tests.stories.drawing import QUIET, draw
from contract_tests.stories.shrinking import MOST_PLAYS, shrink
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
    most_plays: int = MOST_PLAYS,
) -> Scenario | None:
    """The smallest story found that breaks it; None when none of so many examples does.

    The ``number`` decides which are tried, ``most_plays`` bounds the last steps.
    """
    found: list[Scenario] = []

    def hunt(story: Scenario) -> None:
        if breaks(story):
            found.append(story)
            raise _BrokenError

    try:
        draw(contract, hunt, settings(QUIET, max_examples=examples), number)
    except (_BrokenError, Flaky):
        if not found:
            raise
        # The last one that was tried is the smallest; a client of many moods may break it now
        # and then only.
        return shrink(found[-1], breaks, most_plays=most_plays)
    return None
