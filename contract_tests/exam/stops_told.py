"""Which stories tell a client to stop in a way that it has no ear for."""

from collections.abc import Sequence

from contract_tests.clients.client import Client
from contract_tests.trace import Ability
from mock_server.core.client_plan import StopBy
from mock_server.core.scenario import Scenario

_EAR = {StopBy.CANCEL: Ability.CANCELS, StopBy.SIGNAL: Ability.SIGNALLED}


def told_stops(
    client: Client, stories: Sequence[Scenario]
) -> tuple[tuple[Scenario, ...], tuple[str, ...]]:
    """The stories without those stops, and a note about what was left out.

    Nobody would stop in them, so that they only take time. ``client`` has begun: some say only
    then what they can do.
    """
    left = tuple(story for story in stories if _is_heard(client, story))
    if len(left) == len(stories):
        return left, ()
    words = sorted({_word(story) for story in stories} - {_word(story) for story in left} - {""})
    told = f"stops that the client cannot be told ({', '.join(words)})"
    return left, (f"left out, {len(stories) - len(left)} of the stories: {told}",)


def _is_heard(client: Client, story: Scenario) -> bool:
    stop = story.client.stop
    return stop is None or _EAR[stop.by] in client.abilities


def _word(story: Scenario) -> str:
    stop = story.client.stop
    return "" if stop is None else stop.by.value
