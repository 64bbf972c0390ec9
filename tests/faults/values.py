"""Hypothesis strategies for faults, made from what their options say of themselves."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

from mock_server.faults import fault_types
from mock_server.faults.parts.base_fault import BaseFault
from mock_server.faults.parts.chain import Chain
from mock_server.faults.parts.options import OptionError, options_of

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**6), 10**6)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=5,
)


# What header fields are made of, with what quotation and brackets might trip over.
_SIGNS = st.text(st.sampled_from("aZ09-_.~!#'*+^`|\"\\,;:=()[]{} \täß☃"), min_size=1, max_size=6)


def values_of(schema: Mapping[str, Any]) -> st.SearchStrategy[Any]:
    """JSON values that obey the schema of an option."""
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if "anyOf" in schema:
        return st.one_of(*map(values_of, schema["anyOf"]))
    return _BY_TYPE[schema["type"]](schema)


def _texts(schema: Mapping[str, Any]) -> st.SearchStrategy[str]:
    if "pattern" in schema:
        pattern = re.compile(schema["pattern"])
        return _SIGNS.filter(lambda text: pattern.search(text) is not None)
    return st.text(min_size=schema.get("minLength", 0), max_size=12)


def _lists(schema: Mapping[str, Any]) -> st.SearchStrategy[Any]:
    return st.lists(values_of(schema["items"]), min_size=schema.get("minItems", 0), max_size=3)


def _objects(schema: Mapping[str, Any]) -> st.SearchStrategy[Any]:
    inner = schema.get("additionalProperties")
    values = values_of(inner) if inner else json_values
    return st.dictionaries(_texts(schema["propertyNames"]), values, max_size=3)


_BY_TYPE: Mapping[str, Callable[[Mapping[str, Any]], st.SearchStrategy[Any]]] = {
    "integer": lambda schema: st.integers(schema["minimum"], schema["maximum"]),
    "number": lambda schema: st.floats(schema["minimum"], schema["maximum"]),
    "string": _texts,
    "array": _lists,
    "object": _objects,
}


# The options that a fault cannot do without: one of these sets.
NEEDED: Mapping[str, list[tuple[str, ...]]] = {
    "body": [("what",), ("content",)],
    "delay": [("seconds",), ("low", "high"), ("median", "sigma")],
    "fields": [("set",), ("drop",), ("repeat",)],
    "headers": [("set",), ("drop",)],
    "status": [("code",), ("reason",)],
}


@st.composite
def single_faults(draw: st.DrawFn) -> BaseFault:
    """Any fault with any options that it takes."""
    fault = fault_types()[draw(st.sampled_from(sorted(fault_types())))]
    options = options_of(fault)
    needed = draw(st.sampled_from(NEEDED.get(fault.name(), [()])))
    names = {*needed, *draw(st.sets(st.sampled_from(sorted(options)), max_size=3))}
    given = {name: draw(values_of(options[name].kind.schema)) for name in sorted(names)}
    try:
        return fault(**given)
    except OptionError:
        # Options that exclude each other: those that are needed will do.
        needed_only = {name: value for name, value in given.items() if name in needed}
    try:
        return fault(**needed_only)
    except OptionError:
        assume(False)
        raise


@st.composite
def faults(draw: st.DrawFn) -> BaseFault | Chain:
    """Any fault, or a chain of them."""
    links = draw(st.lists(single_faults(), min_size=1, max_size=3))
    try:
        return links[0] if len(links) == 1 else Chain(tuple(links))
    except OptionError:
        assume(False)
        raise


def told_options(fault: BaseFault) -> dict[str, object]:
    """The options of a fault as a scenario's object form tells them."""
    options = options_of(type(fault))
    given = {name: getattr(fault, name) for name in options}
    return {
        name: options[name].kind.tell(value) for name, value in given.items() if value is not None
    }
