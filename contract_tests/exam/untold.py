"""What a client cannot be told: stories that need it are left out, and the report says so."""

from collections.abc import Callable, Sequence
from dataclasses import fields
from typing import TypeAlias

from contract_tests.clients.client import Client, ClientError
from contract_tests.trace import Ability
from mock_server.core.client_plan import JobPlan, StopBy
from mock_server.core.scenario import Scenario

# The stories that are left, and a note about the others, if there are any.
Left: TypeAlias = tuple[tuple[Scenario, ...], tuple[str, ...]]

_USUAL = JobPlan()
_EAR = {StopBy.CANCEL: Ability.CANCELS, StopBy.SIGNAL: Ability.SIGNALLED}


def told_orders(client: Client, stories: Sequence[Scenario]) -> Left:
    """The stories whose orders the client can be told.

    Raises ``ClientError`` where none is left.
    """
    left, untold = _left(stories, lambda story: asked_for(story) - client.takes, "orders")
    if untold and not left:
        raise ClientError(f"nothing can be played: all that was chosen are {untold}")
    return left, _notes(len(stories) - len(left), untold)


def told_stops(client: Client, stories: Sequence[Scenario]) -> Left:
    """The stories without stops that the client has no ear for: they would only take time.

    ``client`` has begun: some say only then what they can do.
    """
    left, untold = _left(stories, lambda story: _unheard(client, story), "stops")
    return left, _notes(len(stories) - len(left), untold)


def asked_for(story: Scenario) -> frozenset[str]:
    """What of a story's order is not usual, so that a client has to be told."""
    job = story.client.job
    return frozenset(
        one.name for one in fields(job) if getattr(job, one.name) != getattr(_USUAL, one.name)
    )


def _unheard(client: Client, story: Scenario) -> frozenset[str]:
    stop = story.client.stop
    is_heard = stop is None or _EAR[stop.by] in client.abilities
    return frozenset() if stop is None or is_heard else frozenset({stop.by.value})


def _left(
    stories: Sequence[Scenario], lacking: Callable[[Scenario], frozenset[str]], what: str
) -> tuple[tuple[Scenario, ...], str]:
    """The stories that lack nothing, and what the others do, if there are any."""
    missing = [lacking(story) for story in stories]
    left = tuple(story for story, names in zip(stories, missing, strict=True) if not names)
    names = ", ".join(sorted(frozenset[str]().union(*missing)))
    return left, f"{what} that the client cannot be told ({names})" if names else ""


def _notes(number: int, untold: str) -> tuple[str, ...]:
    return (f"left out, {number} of the stories: {untold}",) if untold else ()
