"""Drawing stories of all sorts: most of one job, the others of tasks side by side."""

from collections.abc import Callable
from dataclasses import replace

from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings

from contract_tests.stories.machine import interleave
from contract_tests.stories.strategies import drawn_stories
from contract_tests.stories.telling import DRAWN
from mock_server.core.contract import Contract
from mock_server.core.scenario import Scenario

# Of so many stories one is of tasks side by side, which take as long as several.
_SIDE_BY_SIDE = 5
QUIET = settings(
    deadline=None,
    derandomize=False,
    database=None,
    report_multiple_bugs=False,
    print_blob=False,
    verbosity=Verbosity.quiet,
    suppress_health_check=tuple(HealthCheck),
)


def draw(contract: Contract, hear: Callable[[Scenario], None], how: settings, number: int) -> None:
    """Let stories be heard, as many as the settings have examples; the ``number`` decides which.

    What ``hear`` raises ends it, after Hypothesis has looked for the smallest story for which it
    does.
    """
    crowds = how.max_examples // _SIDE_BY_SIDE

    # Below the settings: it forgets the database that those before it had.
    @settings(how, max_examples=how.max_examples - crowds)
    @seed(number)
    @given(drawn_stories(contract))
    def alone(story: Scenario) -> None:
        hear(story)

    alone()
    if crowds:
        interleave(contract, hear, settings(how, max_examples=crowds), number)


def drawn(contract: Contract, count: int, number: int) -> tuple[Scenario, ...]:
    """So many different stories; the ``number`` decides which, and stands in their names."""
    if not count:
        return ()
    found: dict[str, Scenario] = {}

    def collect(story: Scenario) -> None:
        found.setdefault(repr(story), story)

    # Some come twice.
    how = settings(QUIET, max_examples=2 * count, phases=[Phase.generate])
    draw(contract, collect, how, number)
    alone = [one for one in found.values() if one.client.jobs == 1]
    crowds = [one for one in found.values() if one.client.jobs > 1][: count // _SIDE_BY_SIDE]
    kept = [*alone[: count - len(crowds)], *crowds]
    return tuple(replace(one, name=f"{DRAWN}{number}-{index}") for index, one in enumerate(kept))
