"""Where faults enter: which one, if any, strikes a call."""

from collections.abc import Iterable
from dataclasses import dataclass

from mock_server.core.call import Call
from mock_server.core.fault import Fault, Moment
from mock_server.core.ids import digest, fraction
from mock_server.core.routes import Match
from mock_server.core.scenario import Chance
from mock_server.core.task import Task
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
    fault, plan, chaos = call.fault, world.plan, world.scenario.chaos
    if fault is None:
        fault, world.plan = plan.draw(operation)
    if fault is None and not plan.queues and not chaos:
        return None
    # Calls that pass count as well: an exported plan then draws what chaos drew.
    subject = _subject(world, call, match)
    attempt = _attempt(world, operation, subject)
    if fault is None and not chaos:
        return None
    parts = (world.seed, world.session, operation, subject.hex(), attempt)
    if fault is None:
        fault = _by_chance(world, operation, fraction("chaos", *parts))
    if fault is None:
        return None
    world.fired.append(f"{operation}: {fault.text}")
    return Strike(fault, fault.text, fault.moment, fraction("fault", *parts))


def choose_event(world: World, operation: str, task: Task) -> Strike | None:
    """The fault for an event about a task: of its own queue or chances, never of those for any.

    Those are for calls, and no client makes this one.
    """
    fault = None
    if world.plan.queues.get(operation):
        fault, world.plan = world.plan.draw(operation)
    attempt = _attempt(world, operation, task.digest)
    parts = (world.seed, world.session, operation, task.digest.hex(), attempt)
    if fault is None and operation in world.scenario.chaos:
        fault = _drawn(world.scenario.chaos[operation], fraction("chaos", *parts))
    if fault is None:
        return None
    world.fired.append(f"{operation}: {fault.text}")
    return Strike(fault, fault.text, fault.moment, fraction("fault", *parts))


def _subject(world: World, call: Call, match: Match | None) -> bytes:
    """What a call is about, whatever order calls arrive in and whatever ids tasks get by that.

    It is that of its task's order (of a result file, with its index), else its body, else its path.
    """
    name, part = "", ""
    if match is not None and match.route.operation == "result":
        parameters = call.parameters
        name, part = parameters.get("task", ""), parameters.get("image", "")
    elif match is not None:
        name = match.parameters.get("id", "")
    task = world.tasks.get(name) or _by_client_id(world, name)
    if task is not None:
        return task.digest + part.encode("utf-8", "backslashreplace") if part else task.digest
    return call.digest() if call.body or call.form else digest(call.path)


def _by_client_id(world: World, name: str) -> Task | None:
    """The task that any of the callers knows by that name of their own."""
    ids = (task_id for (_, known), task_id in world.by_client_id.items() if known == name)
    return world.tasks.get(next(ids, ""))


def _attempt(world: World, operation: str, subject: bytes) -> int:
    attempts = world.attempts
    place = (operation, subject)
    attempt = attempts.pop(place, 0) + 1
    attempts[place] = attempt
    if len(attempts) > _MOST_ATTEMPTS:
        del attempts[next(iter(attempts))]
    return attempt


def _by_chance(world: World, operation: str, share: float) -> Fault | None:
    chaos = world.scenario.chaos
    return _drawn((*chaos.get(operation, ()), *chaos.get("any", ())), share)


def _drawn(chances: Iterable[Chance], share: float) -> Fault | None:
    for chance in chances:
        if share < chance.rate:
            return chance.fault
        share -= chance.rate
    return None
