"""Which stories a client can be given at all: those whose orders it can be told."""

from collections.abc import Sequence
from dataclasses import fields

from contract_tests.clients.client import Client, ClientError
from mock_server.core.client_plan import JobPlan
from mock_server.core.scenario import Scenario

_USUAL = JobPlan()


def told_orders(
    client: Client, stories: Sequence[Scenario]
) -> tuple[tuple[Scenario, ...], tuple[str, ...]]:
    """The stories whose orders the client can be told, and a note about those that were left out.

    Raises ``ClientError`` where none is left.
    """
    lacking = {story.name: asked_for(story) - client.takes for story in stories}
    left = tuple(story for story in stories if not lacking[story.name])
    if len(left) == len(stories):
        return left, ()
    names = ", ".join(sorted({name for missing in lacking.values() for name in missing}))
    told = f"orders that the client cannot be told ({names})"
    if not left:
        raise ClientError(f"nothing can be played: all that was chosen are {told}")
    return left, (f"left out, {len(stories) - len(left)} of the stories: {told}",)


def asked_for(story: Scenario) -> frozenset[str]:
    """What of a story's order is not usual, so that a client has to be told."""
    job = story.client.job
    return frozenset(
        one.name for one in fields(job) if getattr(job, one.name) != getattr(_USUAL, one.name)
    )
