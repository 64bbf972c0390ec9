"""Where faults enter: which one, if any, strikes a call."""

from dataclasses import dataclass

from mock_server.core.call import Call
from mock_server.core.fault import Fault, Moment
from mock_server.core.ids import fraction
from mock_server.core.routes import Match
from mock_server.core.world import World

_MOST_ATTEMPTS = 200_000


@dataclass(frozen=True, slots=True)
class Strike:
    """A fault about to strike a call, its text, and the chance (0 to 1) it may draw on."""

    fault: Fault
    text: str
    moment: Moment
    chance: float


def choose(world: World, call: Call, operation: str, match: Match | None) -> Strike | None:
    """The fault for this call: its own wish, else the plan's next, else chaos; it is then spent."""
    fault = call.fault
    if fault is None:
        fault, world.plan = world.plan.draw(operation)
    if fault is None and not world.scenario.chaos:
        return None
    subject = _subject(world, call, match)
    attempt = _attempt(world, operation, subject)
    parts = (world.seed, world.session, operation, subject.hex(), attempt)
    if fault is None:
        fault = _by_chance(world, operation, fraction("chaos", *parts))
    if fault is None:
        return None
    world.fired.append(f"{operation}: {fault.text}")
    return Strike(fault, fault.text, fault.moment, fraction("fault", *parts))


def _subject(world: World, call: Call, match: Match | None) -> bytes:
    """What a call is about, whatever order calls arrive in: a body, or that of its task."""
    task = world.tasks.get(match.parameters.get("id", "")) if match else None
    return call.digest() if task is None else task.digest


def _attempt(world: World, operation: str, subject: bytes) -> int:
    attempts = world.attempts
    place = (operation, subject)
    attempt = attempts.pop(place, 0) + 1
    attempts[place] = attempt
    if len(attempts) > _MOST_ATTEMPTS:
        del attempts[next(iter(attempts))]
    return attempt


def _by_chance(world: World, operation: str, share: float) -> Fault | None:
    for name in (operation, "any"):
        for chance in world.scenario.chaos.get(name, ()):
            if share < chance.rate:
                return chance.fault
            share -= chance.rate
    return None
