"""Stories as plain data and back: stages, timelines, plans, limits and chances."""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from mock_server.core.client_value import client_value, read_client
from mock_server.core.contract import LimitRule
from mock_server.core.fault import Fault
from mock_server.core.lifecycle import Phase, Stage, TaskError, Timeline
from mock_server.core.plan import Plan, Planned
from mock_server.core.scenario import (
    Chance,
    Lognormal,
    Scenario,
    StagePlan,
    TimelinePlan,
    Uniform,
)

# A value that JSON can hold.
Plain: TypeAlias = Any
FaultReader: TypeAlias = Callable[[str], Fault]

_USUAL_STAGE = [None, 0, 0.0, 0, False, None, None, None, None, False]


def stage_value(stage: Stage) -> list[Plain]:
    """A stage as a list of its fields; those at the end that are as usual are left out."""
    error = stage.error
    row: list[Plain] = [
        stage.phase.value,
        stage.progress,
        stage.seconds,
        stage.polls,
        stage.held,
        stage.word,
        None if error is None else [error.code, error.message],
        stage.results,
        stage.lifetime,
        stage.gone,
    ]
    while len(row) > 1 and row[-1] == _USUAL_STAGE[len(row) - 1]:
        row.pop()
    return row


def read_stage(row: list[Plain]) -> Stage:
    """The stage in such a list."""
    full = [*row, *_USUAL_STAGE[len(row) :]]
    phase, progress, seconds, polls, held, word, error, results, lifetime, gone = full
    failure = None if error is None else TaskError(*error)
    return Stage(
        Phase(phase), progress, seconds, polls, held, word, failure, results, lifetime, gone
    )


def timeline_value(timeline: Timeline) -> list[Plain]:
    """A timeline as the list of its stages."""
    return [stage_value(stage) for stage in timeline.stages]


def read_timeline(rows: list[Plain]) -> Timeline:
    """The timeline in such a list; raises ``IllegalTimelineError``."""
    return Timeline(tuple(map(read_stage, rows)))


def planned_value(planned: Planned) -> list[Plain]:
    """A planned fault as its text (None: let the call pass), how often yet and so far."""
    return [planned.fault and planned.fault.text, planned.times, planned.fired]


def read_planned(row: list[Plain], read_fault: FaultReader) -> Planned:
    """The planned fault in such a list; raises what ``read_fault`` raises."""
    text, times, fired = row
    return Planned(None if text is None else read_fault(text), times, fired)


def story_value(scenario: Scenario) -> dict[str, Plain]:
    """A scenario, the plan of its start included; keys are in clear."""
    return {
        "name": scenario.name,
        "title": scenario.title,
        "why": scenario.why,
        "seed": scenario.seed,
        "profile": scenario.profile,
        "timelines": [_timelines_value(plan) for plan in scenario.timelines],
        "queues": {
            operation: [planned_value(planned) for planned in queue]
            for operation, queue in scenario.plan.queues.items()
        },
        "limits": [_limit_value(rule) for rule in scenario.limits],
        "chaos": {
            operation: [[chance.fault.text, chance.rate] for chance in chances]
            for operation, chances in scenario.chaos.items()
        },
        "keys": dict(scenario.keys),
        "expect": list(scenario.expect),
        "client": client_value(scenario.client),
        "results_host": scenario.results_host,
    }


def read_story(value: Mapping[str, Plain], read_fault: FaultReader) -> Scenario:
    """The scenario in such a value; raises what ``read_fault`` raises."""
    queues = {
        operation: tuple(read_planned(row, read_fault) for row in rows)
        for operation, rows in value["queues"].items()
    }
    chaos = {
        operation: tuple(Chance(read_fault(text), rate) for text, rate in rows)
        for operation, rows in value["chaos"].items()
    }
    return Scenario(
        name=value["name"],
        title=value["title"],
        why=value["why"],
        seed=value["seed"],
        profile=value["profile"],
        timelines=tuple(map(_read_timelines, value["timelines"])),
        plan=Plan(queues),
        limits=tuple(map(_read_limit, value["limits"])),
        chaos=chaos,
        keys=value["keys"],
        expect=tuple(value["expect"]),
        # States that were kept before stories could say these do not have them.
        client=read_client(value.get("client", {})),
        results_host=value.get("results_host"),
    )


def _timelines_value(plan: TimelinePlan) -> dict[str, Plain]:
    return {
        "stages": [[stage_value(one.stage), _seconds_value(one.seconds)] for one in plan.stages],
        "fixed": None if plan.fixed is None else timeline_value(plan.fixed),
        "times": plan.times,
    }


def _read_timelines(value: Mapping[str, Plain]) -> TimelinePlan:
    stages = (StagePlan(read_stage(row), _read_seconds(drawn)) for row, drawn in value["stages"])
    fixed = value["fixed"]
    return TimelinePlan(
        tuple(stages), None if fixed is None else read_timeline(fixed), value["times"]
    )


def _seconds_value(seconds: float | Uniform | Lognormal) -> Plain:
    if isinstance(seconds, Uniform):
        return {"uniform": [seconds.low, seconds.high]}
    if isinstance(seconds, Lognormal):
        return {"lognormal": [seconds.median, seconds.sigma, seconds.ceiling]}
    return seconds


def _read_seconds(value: Plain) -> float | Uniform | Lognormal:
    if not isinstance(value, Mapping):
        return float(value)
    if "uniform" in value:
        return Uniform(*value["uniform"])
    return Lognormal(*value["lognormal"])


def _limit_value(rule: LimitRule) -> list[Plain]:
    return [
        rule.category,
        list(rule.operations),
        rule.kind,
        rule.capacity,
        rule.per_second,
        rule.window,
    ]


def _read_limit(row: list[Plain]) -> LimitRule:
    category, operations, kind, capacity, per_second, window = row
    return LimitRule(category, tuple(operations), kind, capacity, per_second, window)
