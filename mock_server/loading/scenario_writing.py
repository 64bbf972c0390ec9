"""Writing a story as a scenario file: the inverse of loading."""

from collections.abc import Mapping
from typing import Any

import yaml

from mock_server.core.client_value import client_value
from mock_server.core.contract import LimitRule
from mock_server.core.scenario import USUAL, Chance, Lognormal, Scenario, StagePlan, Uniform
from mock_server.loading.scenario_parts import KEY_STATES
from mock_server.loading.yaml_reading import is_plain

# Where the file will lie is not known here; this is right for the folders of a scenarios folder.
_HEADER = "# yaml-language-server: $schema=../../schemas/scenario.schema.json\n"
_STATE_WORDS = {state: word for word, state in KEY_STATES.items()}


def write_scenario(scenario: Scenario) -> str:
    """The YAML text of a story; read under the same name it gives an equal one.

    Faults that have struck already are not written, nor are timelines that no task can reach.
    """
    text = yaml.dump(
        _document(scenario),
        Dumper=_Dumper,
        sort_keys=False,
        allow_unicode=True,
        width=100,
        default_flow_style=None,
    )
    return _HEADER + text


def _document(scenario: Scenario) -> dict[str, Any]:
    document = {
        "title": scenario.title,
        "why": scenario.why,
        "seed": scenario.seed or None,
        "profile": scenario.profile,
        **_timelines(scenario),
        "faults": {name: [one.text for one in row] for name, row in scenario.plan.queues.items()},
        "limits": [_limit(rule) for rule in scenario.limits],
        "chaos": {name: _rates(row) for name, row in scenario.chaos.items()},
        "keys": _keys(scenario.keys),
        "results_host": scenario.results_host,
        "client": client_value(scenario.client),
        "expect": list(scenario.expect),
    }
    return {name: value for name, value in document.items() if value not in (None, [], {})}


def _timelines(scenario: Scenario) -> dict[str, Any]:
    plans = scenario.timelines
    if plans == (USUAL,):
        return {}
    if plans[0].times is None:
        return {"timeline": _stages(plans[0].stages)}
    rows = []
    for index, plan in enumerate(plans):
        row: dict[str, Any] = {"then" if index else "first": _stages(plan.stages)}
        is_last = index == len(plans) - 1 or plan.times is None
        if plan.times != (None if is_last else 1):
            row["times"] = plan.times
        rows.append(row)
        if plan.times is None:
            break
    return {"tasks": rows}


def _stages(plans: tuple[StagePlan, ...]) -> list[dict[str, Any]]:
    return [_stage(plan) for plan in plans]


def _stage(plan: StagePlan) -> dict[str, Any]:
    stage = plan.stage
    error = stage.error
    row = {
        "seconds": _seconds(plan.seconds) or None,
        "polls": stage.polls or None,
        "held": stage.held or None,
        "word": stage.word,
        "error": {"code": error.code, "message": error.message} if error else None,
        "results": stage.results,
        "lifetime": None if stage.lifetime is None else _number(stage.lifetime),
        "gone": stage.gone or None,
    }
    told = {name: value for name, value in row.items() if value is not None}
    return {"phase": stage.phase.value, "progress": stage.progress, **told}


def _seconds(seconds: float | Uniform | Lognormal) -> Any:
    if isinstance(seconds, Uniform):
        return {"uniform": [_number(seconds.low), _number(seconds.high)]}
    if isinstance(seconds, Lognormal):
        names = ("median", "sigma", "ceiling")
        return {"lognormal": {name: _number(getattr(seconds, name)) for name in names}}
    return _number(seconds)


def _number(value: float) -> float | int:
    return int(value) if value == int(value) else value


def _limit(rule: LimitRule) -> dict[str, Any]:
    row: dict[str, Any] = {
        "category": rule.category,
        "operations": list(rule.operations),
        "kind": rule.kind,
        "capacity": _number(rule.capacity),
    }
    if rule.per_second:
        row["per_second"] = _number(rule.per_second)
    if rule.window:
        row["window"] = _number(rule.window)
    return row


def _rates(chances: tuple[Chance, ...]) -> dict[str, float]:
    rates: dict[str, float] = {}
    for chance in chances:
        rates[chance.fault.text] = rates.get(chance.fault.text, 0.0) + chance.rate
    return rates


def _keys(states: Mapping[str, str]) -> dict[str, list[str]]:
    rows: dict[str, list[str]] = {}
    for key, state in states.items():
        rows.setdefault(_STATE_WORDS[state], []).append(key)
    return rows


class _Dumper(yaml.SafeDumper):
    """Writes texts so that they are read as texts, by YAML 1.1 and 1.2 alike."""

    def ignore_aliases(self, data: object) -> bool:
        """Write what occurs twice twice: anchors help no reader of a story."""
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    # Only double quotes have escapes for what is no letter, or breaks a line.
    style = '"' if not text.isprintable() else None if is_plain(text) else "'"
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)
