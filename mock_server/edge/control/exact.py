"""The exact plan of a run as a scenario file: what struck, call by call, and what is left."""

from collections import defaultdict
from dataclasses import replace
from itertools import groupby

from starlette.responses import Response

from mock_server.core.plan import Plan, Planned
from mock_server.core.scenario import Scenario
from mock_server.core.world import World
from mock_server.edge.control.action import CONFLICT, NOT_FOUND, YAML, Action, Asked
from mock_server.edge.control.refused import Refused
from mock_server.edge.control.schema import definitions


def exact_scenario(world: World) -> Scenario:
    """The story of a session with every fault at the call that it struck, and without chance.

    Played to the same calls in the same order it gives the same faults. Raises :class:`Refused`
    when the journal has dropped entries, for then nobody knows.
    """
    if world.journal.dropped:
        raise Refused(
            CONFLICT,
            f"the journal had to drop {world.journal.dropped} entries, so the plan of this run is"
            " not known; export sooner, or serve with a larger journal",
            path="journal",
            expected="all entries of the run",
            seen=f"{world.journal.dropped} dropped",
        )
    struck: dict[str, list[str | None]] = defaultdict(list)
    for entry in world.journal:
        struck[entry.operation].append(entry.fault)
    plan = world.plan
    queues = {name: _queue(struck.get(name, [])) for name in _operations()}
    for name, rest in plan.queues.items():
        queues[name] += tuple(planned._replace(fired=0) for planned in rest)
    kept = {name: _trimmed(queue) for name, queue in queues.items()}
    plan = Plan({name: queue for name, queue in kept.items() if queue})
    return replace(world.scenario, plan=plan, chaos={})


def _operations() -> tuple[str, ...]:
    return tuple(definitions()["faults_wish"]["properties"])


def _queue(struck: list[str | None]) -> tuple[Planned, ...]:
    from mock_server.loading.faults import read_fault

    return tuple(
        Planned(None if text is None else read_fault(text), len(list(run)))
        for text, run in groupby(struck)
    )


def _trimmed(queue: tuple[Planned, ...]) -> tuple[Planned, ...]:
    """The queue without the calls that pass at its end."""
    while queue and queue[-1].fault is None:
        queue = queue[:-1]
    return queue


def _export(asked: Asked) -> Response:
    # Imported here: YAML is not needed until the first story.
    from mock_server.loading.scenarios import write_scenario

    return Response(write_scenario(exact_scenario(asked.world)), media_type=YAML)


ACTIONS = (
    Action(
        "GET",
        "/sessions/{session}/export",
        "export_plan",
        "The story of a session with the exact plan of what struck, as a scenario file.",
        _export,
        "story_file",
        media=YAML,
        refuses=(NOT_FOUND, CONFLICT),
    ),
)
