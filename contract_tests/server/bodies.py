"""Request bodies worth sending, drawn from a model's schema: right ones and wrong ones.

The schema proposes values and the profile's own validator decides what they are, so that a rule
that joins several fields needs no code here.
"""

import json
from collections.abc import Iterator, Mapping
from itertools import combinations, product
from typing import Any, TypeAlias

from mock_server.core.contract import Contract, Model
from mock_server.core.sizes import first_value

Order: TypeAlias = dict[str, Any]

# Prompts that have broken servers before; each is plain Unicode.
PROMPTS = (
    "A lighthouse \U0001f9ea\U0001f468‍\U0001f469‍\U0001f467 at night",
    "مرحبا بالعالم, שלום",
    'Zoë 日本語 "quoted" \\ back\\slash / <b>&amp;</b>',
    "line\nbreak\tand tab",
    "'; DROP TABLE tasks; -- ${x} {{y}} %s %00",
)
TEXT = "A lighthouse at night"
_URL = "https://example.com/image-{}.png"
_LONGEST = 20_000
_WRONG_TYPES: tuple[Any, ...] = ("2", True, [], {}, 1.5, -1, "")


def plain(contract: Contract, model: Model) -> Order:
    """The smallest right order for a model."""
    order: Order = {"model": model.id, "prompt": TEXT}
    if model.accepts(order):
        return order
    for example in _list(model.schema.get("examples")):
        if model.accepts(candidate := {**example, "model": model.id}):
            return dict(candidate)
    for name in _list(model.schema.get("required")):
        order.setdefault(name, next(_values(_properties(model)[name]), None))
    return order


def corners(contract: Contract, model: Model) -> Iterator[Order]:
    """Right orders at the limits of each field, and of each pair of fields, without repeats."""
    base, told = plain(contract, model), set()
    fields = {
        name: [*_values(schema)]
        for name, schema in _properties(model).items()
        if name not in ("model", *contract.fields.callback)
    }
    proposals = [_fullest(model, base, fields), *_singles(base, fields), *_pairs(base, fields)]
    for order in proposals:
        text = json.dumps(order, sort_keys=True)
        is_taken = first_value(order, contract.fields.callback) is None and model.accepts(order)
        if text not in told and is_taken:
            told.add(text)
            yield order


def prompts(contract: Contract, model: Model) -> Iterator[Order]:
    """Right orders whose prompts are out of the ordinary."""
    base = plain(contract, model)
    for text in PROMPTS:
        if model.accepts(order := {**base, "prompt": text}):
            yield order


def wrongs(contract: Contract, model: Model) -> Iterator[tuple[str, Order]]:
    """Wrong orders, each with what is wrong about it: one field at a time."""
    base = plain(contract, model)
    for name in _list(model.schema.get("required")):
        if name != "model":
            yield f"without {name}", {key: value for key, value in base.items() if key != name}
    yield "with an unknown model", {**base, "model": "no-such-model"}
    for name, schema in _properties(model).items():
        if name == "model" or name in contract.fields.callback:
            continue
        for what, value in _broken(schema):
            order = {**base, name: value}
            if not model.accepts(order):
                yield f"{name}: {what}", order


def _fullest(model: Model, base: Order, fields: Mapping[str, list[Any]]) -> Order:
    """An order with as many fields as go together, each at its upper limit."""
    order = base
    for name, values in fields.items():
        if values and model.accepts(fuller := {**order, name: values[-1]}):
            order = fuller
    return order


def _singles(base: Order, fields: Mapping[str, list[Any]]) -> Iterator[Order]:
    for name, values in fields.items():
        yield from ({**base, name: value} for value in values)


def _pairs(base: Order, fields: Mapping[str, list[Any]]) -> Iterator[Order]:
    for (one, some), (two, others) in combinations(fields.items(), 2):
        for first, second in product(_ends(some), _ends(others)):
            yield {**base, one: first, two: second}


def _ends(values: list[Any]) -> list[Any]:
    return values[:1] + values[-1:] if len(values) > 2 else values


def _properties(model: Model) -> Mapping[str, Mapping[str, Any]]:
    properties = model.schema.get("properties", {})
    assert isinstance(properties, Mapping)
    return properties


def _values(schema: Mapping[str, Any]) -> Iterator[Any]:
    """Right values of a field, as far as its own schema tells; the largest comes last."""
    kinds = _list(schema.get("type"))
    if "const" in schema:
        yield schema["const"]
    elif "enum" in schema:
        yield from schema["enum"]
    elif "boolean" in kinds:
        yield from (False, True)
    elif "integer" in kinds or "number" in kinds:
        yield from _numbers(schema)
    elif "array" in kinds:
        yield from _lists(schema)
    elif "string" in kinds:
        yield from _texts(schema)
    elif "object" in kinds:
        yield from _objects(schema)


def _numbers(schema: Mapping[str, Any]) -> Iterator[Any]:
    low, high = schema.get("minimum"), schema.get("maximum")
    yield from (value for value in (low, high) if value is not None)
    if low is None and high is None:
        yield from schema.get("examples", (1,))


def _texts(schema: Mapping[str, Any]) -> Iterator[str]:
    if "pattern" in schema:
        yield from schema.get("examples", ()) or (_URL.format(1),)
        return
    low, high = schema.get("minLength", 1), schema.get("maxLength")
    yield "x" * max(1, low)
    if high is not None and high <= _LONGEST:
        yield "é" * high


def _lists(schema: Mapping[str, Any]) -> Iterator[list[Any]]:
    items = schema.get("items", {})
    low, high = schema.get("minItems", 1), schema.get("maxItems", 2)
    for size in dict.fromkeys((max(1, low), high)):
        yield [_item(items, number) for number in range(1, size + 1)]


def _item(schema: Mapping[str, Any], number: int) -> Any:
    kinds = _list(schema.get("type"))
    if kinds == ["object"] and "url" in schema.get("properties", {}):
        return {"url": _URL.format(number)}
    if "string" in kinds and "pattern" in schema:
        return _URL.format(number)
    return next(_values(schema), "x")


def _objects(schema: Mapping[str, Any]) -> Iterator[Order]:
    inner = schema.get("properties", {})
    for name, member in inner.items():
        yield from ({name: value} for value in _values(member))
    if not inner:
        yield {"note": "a caller's own", "nested": {"deep": [1, "zwei"]}}


def _broken(schema: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Values that may well be wrong for a field; the validator has the last word."""
    yield "null", None
    for value in _WRONG_TYPES:
        yield f"the value {json.dumps(value)}", value
    if "maximum" in schema:
        yield "one more than the most", schema["maximum"] + 1
    if "minimum" in schema:
        yield "one less than the least", schema["minimum"] - 1
    if "enum" in schema and all(isinstance(one, int) for one in schema["enum"]):
        for number in sorted(set(range(max(schema["enum"]) + 2)) - set(schema["enum"])):
            yield f"the number {number}", number
    if schema.get("maxLength", _LONGEST + 1) <= _LONGEST:
        yield "one character too many", "x" * (schema["maxLength"] + 1)
    if "maxItems" in schema:
        items = schema.get("items", {})
        yield "one item too many", [_item(items, n) for n in range(schema["maxItems"] + 1)]
    if "pattern" in schema or "array" in _list(schema.get("type")):
        for url in ("ftp://example.com/a.png", "data:image/png;base64,iVBORw0KGgo="):
            yield f"the URL {url[:22]}", [url] if "array" in _list(schema.get("type")) else url


def _list(value: Any) -> list[Any]:
    if value is None:
        return []
    return list(value) if isinstance(value, (list, tuple)) else [value]
