"""Faults like a given one with less to them: fewer links, fewer options, smaller numbers."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from mock_server.core.fault import Fault
from mock_server.faults.parts.base_fault import BaseFault
from mock_server.faults.parts.chain import Chain
from mock_server.faults.parts.options import OptionError, options_of


def smaller_faults(fault: Fault) -> Iterator[Fault]:
    """Each once; those that cannot be are left out."""
    if isinstance(fault, Chain):
        yield from fault.links
        return
    if not isinstance(fault, BaseFault):
        return
    for one in options_of(type(fault)).values():
        value = getattr(fault, one.name)
        if value == one.default:
            continue
        for smaller in (one.default, *_smaller(value)):
            try:
                yield replace(fault, **{one.name: smaller})  # type: ignore[type-var]
            except OptionError:
                continue


def _smaller(value: Any) -> Iterator[Any]:
    if isinstance(value, Mapping):
        value = tuple(value.items())
    if isinstance(value, tuple):
        yield from (value[:index] + value[index + 1 :] for index in range(len(value)))
    elif isinstance(value, int | float) and not isinstance(value, bool) and abs(value) > 1:
        halved = (1, int(value / 2), int(value))
        yield from (number for number in dict.fromkeys(halved) if number != value)
