"""What two profiles promise differently, row by row, in words that a person can read."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, TypeAlias

from mock_server.core.contract import Contract

ABSENT = "-"
# The facts of one group of a contract, by name, in words.
Facts: TypeAlias = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Difference:
    """One fact on which two contracts differ; :data:`ABSENT` stands for what one has not."""

    group: str
    fact: str
    first: str
    second: str


def differences(first: Contract, second: Contract) -> tuple[Difference, ...]:
    """All differences of two profiles, group by group, in the order of the first."""
    return tuple(
        Difference(group, fact, mine, theirs)
        for group, facts in _GROUPS.items()
        for fact, mine, theirs in _pairs(facts(first), facts(second))
        if mine != theirs
    )


def _pairs(first: Facts, second: Facts) -> Iterator[tuple[str, str, str]]:
    for fact in dict.fromkeys((*first, *second)):
        yield fact, first.get(fact, ABSENT), second.get(fact, ABSENT)


def _words(contract: Contract) -> Facts:
    words = contract.words
    return {
        "reply to a submit": words.accepted,
        **{phase.value: word for phase, word in words.by_phase.items()},
        "task id": _id_form(asdict(contract.task_id)),
    }


def _id_form(form: Mapping[str, Any]) -> str:
    return f"{form['prefix']} + {form['length']} x {form['form']}"


def _fields(contract: Contract) -> Facts:
    names = ("prompt", "count", "references", "mask", "client_id", "callback", "metadata")
    found = {name: getattr(contract.fields, name) for name in names}
    return {name.replace("_", " "): _listed(fields) for name, fields in found.items()}


def _ranges(contract: Contract) -> Facts:
    """The request for the default model: each field, and what it may be."""
    schema: Any = contract.models[contract.default_model].schema
    required = set(schema.get("required", ()))
    return {
        name: _range(one) + (", required" if name in required else "")
        for name, one in schema["properties"].items()
    }


def _range(schema: Mapping[str, Any]) -> str:
    default = f", default {_text(schema['default'])}" if "default" in schema else ""
    if "enum" in schema:
        return _listed(schema["enum"]) + default
    kind = _listed(_list(schema.get("type", "anything")))
    bounds = [_bounds(schema, *names) for names in _BOUNDS]
    return " ".join([kind, *filter(None, bounds)]) + default


# The keywords of a range, and what it counts.
_BOUNDS = (
    ("minimum", "maximum", ""),
    ("minLength", "maxLength", "characters"),
    ("minItems", "maxItems", "items"),
)


def _bounds(schema: Mapping[str, Any], low: str, high: str, unit: str) -> str:
    least, most = schema.get(low), schema.get(high)
    if least is None and most is None:
        return ""
    span = f"{_text(least or 0)}-{_text(most)}" if most is not None else f"{_text(least)} or more"
    return f"{span} {unit}".strip()


def _routes(contract: Contract) -> Facts:
    return {
        f"{route.method} {route.path}": f"{route.operation}, {_listed(route.content_types)}"
        if route.content_types
        else route.operation
        for route in contract.routes.all
    }


def _codes(contract: Contract) -> Facts:
    """Status, code and type of each error."""
    return {
        reason.replace("_", " "): " ".join(
            _text(one) for one in (entry.status, entry.code, entry.type) if one is not None
        )
        for reason, entry in contract.catalogue.entries.items()
    }


def _envelopes(contract: Contract) -> Facts:
    entries = contract.catalogue.entries.items()
    return {reason.replace("_", " "): entry.envelope.replace("_", " ") for reason, entry in entries}


def _limits(contract: Contract) -> Facts:
    return {
        rule.category: f"{rule.kind.replace('_', ' ')} {rule.capacity:g}, {rule.per_second:g}/s"
        for rule in contract.limits
    }


def _advice(contract: Contract) -> Facts:
    polling, backoff = contract.polling, contract.backoff
    return {
        "first poll": f"{polling.initial:g} s",
        "polls": f"every {polling.interval:g}-{polling.ceiling:g} s",
        "wait at most": f"{polling.max_wait:g} s",
        "backoff": _listed(f"{step:g} s" for step in backoff.steps),
        "retries": f"{backoff.retries_at_least}-{backoff.retries_at_most}",
        "results expire after": f"{contract.results.lifetime:g} s",
    }


def _switches(contract: Contract) -> Facts:
    return {
        name.replace("_", " "): _text(value) for name, value in asdict(contract.switches).items()
    }


def _models(contract: Contract) -> Facts:
    return {"image models": str(len(contract.models)), "default": contract.default_model}


_GROUPS: Mapping[str, Callable[[Contract], Facts]] = {
    "words": _words,
    "fields": _fields,
    "ranges": _ranges,
    "routes": _routes,
    "codes": _codes,
    "envelopes": _envelopes,
    "limits": _limits,
    "advice": _advice,
    "switches": _switches,
    "models": _models,
}


def _listed(values: Any) -> str:
    return ", ".join(map(_text, values)) or ABSENT


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return json.dumps(value) if isinstance(value, dict) else str(value)
