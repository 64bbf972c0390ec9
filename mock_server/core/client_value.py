"""What a story asks of a client as plain data and back; what is as usual is left out."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from mock_server.core.client_plan import ClientPlan, JobPlan, Stop, StopBy


def client_value(plan: ClientPlan) -> dict[str, Any]:
    """What a story asks of a client, as scenario files have it: nothing where all is usual."""
    stop = plan.stop
    value = {
        "job": _unusual(asdict(plan.job), asdict(JobPlan())) or None,
        **_unusual({name: getattr(plan, name) for name in _COUNTS}, dict.fromkeys(_COUNTS, 1)),
        "stop": None if stop is None else {"by": stop.by.value, "after": _number(stop.after)},
    }
    return {name: one for name, one in value.items() if one is not None}


def read_client(value: Mapping[str, Any]) -> ClientPlan:
    """What such a value, which obeys the schema of scenarios, asks of a client."""
    stop = value.get("stop")
    return ClientPlan(
        job=JobPlan(**value.get("job", {})),
        **{name: value[name] for name in _COUNTS if name in value},
        stop=None if stop is None else Stop(StopBy(stop["by"]), float(stop["after"])),
    )


_COUNTS = ("jobs", "clients", "runs")


def _unusual(facts: dict[str, Any], usual: dict[str, Any]) -> dict[str, Any]:
    return {name: fact for name, fact in facts.items() if fact != usual[name]}


def _number(value: float) -> float | int:
    return int(value) if value == int(value) else value
