"""Playing stories with clients, to see which rules they break."""

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from contract_tests.clients.client import Client
from contract_tests.exam.judging import judge
from contract_tests.exam.playing import RealPlayer, VirtualPlayer
from contract_tests.exam.venue import Wish
from contract_tests.finding import Verdict
from contract_tests.stories.levels import Level, stories
from contract_tests.trace import Trace
from mock_server.core.scenario import Scenario
from mock_server.loading.profiles import load_profile
from tests.bad_clients.bad_client import BadClient

BROKEN = (Verdict.FAILED, Verdict.ADVICE)
# Of some rules there are hundreds of stories; the first ones show it best.
_MOST = 20
# So many programs run side by side: few enough for their times to be trusted.
_AT_ONCE = 4
# A little of everything, for what a program may do wrong besides.
_GENERAL = (
    *("lives/usual", "lives/failed-generation-failed", "submit/429", "submit/lost-reply"),
    *("poll-1/503", "hosts/results-elsewhere"),
)


@cache
def story_named() -> dict[str, Scenario]:
    """All stories of an exam by name, in its order."""
    return {one.name: one for one in stories(load_profile("guide"), Level.DEFAULT)}


@cache
def quick_stories() -> tuple[Scenario, ...]:
    """The stories of a quick exam."""
    return stories(load_profile("guide"), Level.QUICK)


def showing(bad: BadClient) -> tuple[Scenario, ...]:
    """The stories that are meant for the rule of a wrong client, or those that it names."""
    if bad.stories:
        return tuple(story_named()[name] for name in bad.stories)
    meant = (one for one in story_named().values() if bad.rule in one.expect)
    return tuple(meant)[:_MOST]


def all_for(bad: BadClient) -> tuple[Scenario, ...]:
    """The stories that show everything that is wrong with a client."""
    general = quick_stories() if bad.is_virtual else tuple(map(story_named().get, _GENERAL))
    found = {one.name: one for one in (*showing(bad), *general) if one is not None}
    return tuple(found.values())


def broken_in(
    client: Client, chosen: Iterable[Scenario], folder: Path, until: str | None = None
) -> dict[str, str]:
    """The rules that a client breaks in these stories, and what was seen of each first.

    In virtual time it stops when the rule ``until`` has been broken.
    """
    broken: dict[str, str] = {}
    for trace in _played(client, tuple(chosen), folder):
        for rule, finding in judge(trace).found.items():
            if finding.verdict in BROKEN:
                broken.setdefault(rule, f"{trace.scenario.name}: {finding.seen}")
        if until in broken:
            break
    return broken


def _played(client: Client, chosen: tuple[Scenario, ...], folder: Path) -> Iterator[Trace]:
    wish = Wish(folder=folder)
    if client.is_virtual:
        with VirtualPlayer(client, wish) as player:
            yield from map(player.play, chosen)
    else:
        with RealPlayer(client, wish, _AT_ONCE) as real:
            yield from real.play_all(chosen)
