"""Planned faults: add some to the queues, and account for what became of all."""

from typing import Any

from mock_server.core.plan import Plan, Planned
from mock_server.core.world import World
from mock_server.edge.control.action import CONFLICT, NOT_FOUND, Action, Asked
from mock_server.edge.control.refused import wrong, wrong_data
from mock_server.edge.control.stories import supersede
from mock_server.loading.data_error import DataError

_MOST_PLANNED = 10_000


def _get(asked: Asked) -> dict[str, Any]:
    return accounting(asked.world)


def _add(asked: Asked) -> dict[str, Any]:
    # Imported here: most servers never hear of a fault, and all faults are read at once.
    from mock_server.loading.faults import read_faults

    world = asked.world
    plan = world.plan
    reasons = world.contract.catalogue.entries
    for operation, spec in asked.body.items():
        try:
            queue = read_faults(spec, f"$.{operation}", file="body", reasons=reasons)
        except DataError as error:
            raise wrong_data(error) from None
        plan = plan.add(operation, queue)
    planned = sum(map(len, plan.queues.values()))
    if planned > _MOST_PLANNED:
        raise wrong("$", f"at most {_MOST_PLANNED} planned", str(planned), status=CONFLICT)
    world.plan = plan
    return accounting(world)


def _withdraw(asked: Asked) -> dict[str, Any]:
    world = asked.world
    supersede(world)
    world.plan = Plan()
    return accounting(world)


def accounting(world: World) -> dict[str, Any]:
    """Every fault that was planned: still planned, fired, not reached so far, superseded.

    ``planned`` is the queues as they stand, passes included; ``fired`` has chaos and faults that
    calls asked for themselves in it, too.
    """
    unspent = world.plan.unspent
    return {
        "planned": [
            _planned_value(operation, planned)
            for operation, queue in world.plan.queues.items()
            for planned in queue
        ],
        "fired": [_named(text) for text in world.fired],
        "not_reached": [_named(text) for text in unspent],
        "superseded": [_named(text) for text in world.superseded],
        "spent": not unspent,
    }


def _planned_value(operation: str, planned: Planned) -> dict[str, Any]:
    fault = planned.fault.text if planned.fault else "pass"
    return {
        "operation": operation,
        "fault": fault,
        "left": planned.times,
        "fired": planned.fired,
    }


def _named(text: str) -> dict[str, str]:
    operation, _, fault = text.partition(": ")
    return {"operation": operation, "fault": fault}


_PATH = "/sessions/{session}/faults"
ACTIONS = (
    Action(
        "GET",
        _PATH,
        "get_faults",
        "What became of all planned faults.",
        _get,
        "faults",
        refuses=(NOT_FOUND,),
    ),
    Action(
        "POST",
        _PATH,
        "add_faults",
        "Add faults at the end of operations' queues.",
        _add,
        "faults",
        body="faults_wish",
        refuses=(NOT_FOUND, CONFLICT),
    ),
    Action(
        "DELETE",
        _PATH,
        "withdraw_faults",
        "Withdraw all that is planned; what has not struck is superseded.",
        _withdraw,
        "faults",
        refuses=(NOT_FOUND,),
    ),
)
