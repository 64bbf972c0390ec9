"""From JSON values to dataclasses; members that this client does not know are passed over."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")


def read(kind: type[T], value: Mapping[str, Any]) -> T:
    """A value of that dataclass; raises KeyError where a member is missing."""
    name: Any = kind
    return kind(**{member: _typed(hint, value[member]) for member, hint in _members(name)})


@cache
def _members(kind: Any) -> tuple[tuple[str, Any], ...]:
    hints = get_type_hints(kind)
    return tuple((field.name, hints[field.name]) for field in fields(kind) if field.init)


def _typed(hint: Any, value: Any) -> Any:
    if value is None:
        return None
    if get_origin(hint) in (Union, UnionType):
        hint = next(one for one in get_args(hint) if one is not NoneType)
    if get_origin(hint) is tuple:
        inner = get_args(hint)
        if len(inner) == 2 and inner[1] is Ellipsis:
            return tuple(_typed(inner[0], item) for item in value)
        return tuple(_typed(one, item) for one, item in zip(inner, value, strict=True))
    if isinstance(hint, type) and is_dataclass(hint):
        return read(hint, value)
    return float(value) if hint is float else value
