"""The timeline of a scenario file: stages whose seconds are fixed or drawn from the seed."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from mock_server.core.lifecycle import IllegalTimelineError, Phase, Stage, TaskError, Timeline
from mock_server.core.scenario import Lognormal, StagePlan, TimelinePlan, Uniform
from mock_server.loading.data_error import Fault, shown


def read_timeline(
    rows: list[dict[str, Any]], path: str, times: int | None
) -> tuple[TimelinePlan | None, tuple[Fault, ...]]:
    """The timeline in rows that obey the schema, or what makes it impossible."""
    plans: list[StagePlan] = []
    wrong: list[Fault] = []
    for index, row in enumerate(rows):
        progress = plans[-1].stage.progress if plans else 0
        plans.append(_stage(row, progress))
        wrong.extend(_impossible_spread(plans[-1], f"{path}[{index}].seconds"))
    if wrong:
        return None, tuple(wrong)
    try:
        timeline = _sampled(plans)
    except IllegalTimelineError as error:
        whole = shown(rows[error.stage])
        seen = error.seen if len(error.seen) < len(whole) else whole
        return None, (Fault(f"{path}[{error.stage}]", error.expected, seen),)
    is_fixed = all(isinstance(plan.seconds, float) for plan in plans)
    return TimelinePlan(tuple(plans), timeline if is_fixed else None, times), ()


def _stage(row: Mapping[str, Any], progress: int | None) -> StagePlan:
    phase = Phase(row["phase"])
    usual = 100 if phase is Phase.SUCCEEDED else progress
    seconds = _seconds(row.get("seconds", 0))
    error = row.get("error")
    lifetime = row.get("lifetime")
    stage = Stage(
        phase=phase,
        progress=row.get("progress", usual),
        seconds=seconds if isinstance(seconds, float) else 0.0,
        polls=row.get("polls", 0),
        held=row.get("held", False),
        word=row.get("word"),
        error=None if error is None else TaskError(error["code"], error["message"]),
        results=row.get("results"),
        lifetime=None if lifetime is None else float(lifetime),
        gone=row.get("gone", False),
    )
    return StagePlan(stage, seconds)


def _seconds(value: Any) -> float | Uniform | Lognormal:
    if isinstance(value, int | float):
        return float(value)
    if "uniform" in value:
        low, high = value["uniform"]
        return Uniform(float(low), float(high))
    return Lognormal(**{name: float(number) for name, number in value["lognormal"].items()})


def _impossible_spread(plan: StagePlan, path: str) -> tuple[Fault, ...]:
    drawn = plan.seconds
    if isinstance(drawn, Uniform) and drawn.low > drawn.high:
        expected = "the smaller number first"
        return (Fault(f"{path}.uniform", expected, f"{drawn.low:g} and {drawn.high:g}"),)
    return ()


def _sampled(plans: list[StagePlan]) -> Timeline:
    """One of the timelines that can be drawn; fixed seconds must rise among themselves, too."""
    stages: list[Stage] = []
    for plan in plans:
        drawn = plan.seconds
        seconds = drawn if isinstance(drawn, float) else drawn.at(0.5)
        before = stages[-1].seconds if stages else 0.0
        stages.append(replace(plan.stage, seconds=max(seconds, before)))
    timeline = Timeline(tuple(stages))
    latest = 0.0
    for index, plan in enumerate(plans):
        if isinstance(plan.seconds, float):
            if plan.seconds < latest:
                expected = f"seconds from {latest:g} on"
                raise IllegalTimelineError(index, expected, f"{plan.seconds:g}")
            latest = plan.seconds
    return timeline
