"""What a client holds: the objects that can be reached from it, as far as its own code put them."""

import functools
import sys
from collections import deque
from collections.abc import Iterator, MutableMapping, MutableSequence
from dataclasses import dataclass
from types import CellType, FunctionType, MethodType, ModuleType
from typing import Any

# A breadth-first search: what is farther away than that is hardly the client's own.
_MOST_OBJECTS = 5_000
# The functions that stand in for others hold the originals on purpose.
_OWN = "contract_tests.clients."
_LEAVES = (str, bytes, bytearray, int, float, complex, type, ModuleType)


@dataclass(frozen=True, slots=True)
class Holding:
    """Something that ``owner`` holds: in an attribute, or (``is_item``) as an item, under a key."""

    owner: Any
    key: Any
    value: Any
    is_item: bool = False

    def put(self, value: Any) -> None:
        """Let the owner hold something else there, if it can."""
        try:
            if self.is_item:
                self.owner[self.key] = value
            else:
                setattr(self.owner, self.key, value)
        except (AttributeError, TypeError, ValueError, LookupError):
            # Frozen, compiled, or changed meanwhile.
            return


def holdings(root: object) -> Iterator[Holding]:
    """All that can be reached from ``root`` without going through modules and classes."""
    seen: set[int] = set()
    waiting: deque[Any] = deque([root])
    while waiting and len(seen) < _MOST_OBJECTS:
        owner = waiting.popleft()
        if id(owner) in seen or isinstance(owner, _LEAVES):
            continue
        seen.add(id(owner))
        for holding in _held_by(owner):
            yield holding
            waiting.append(holding.value)


def _held_by(owner: Any) -> Iterator[Holding]:
    if isinstance(owner, FunctionType):
        yield from _of_function(owner)
    elif isinstance(owner, MethodType):
        yield Holding(owner, "__self__", owner.__self__)
        yield Holding(owner, "__func__", owner.__func__)
    elif isinstance(owner, functools.partial):
        for name in ("func", "args", "keywords"):
            yield Holding(owner, name, getattr(owner, name))
    elif isinstance(owner, CellType):
        yield from _of_cell(owner)
    elif isinstance(owner, MutableMapping):
        yield from (Holding(owner, key, value, True) for key, value in list(owner.items()))
    elif isinstance(owner, (MutableSequence, tuple)):
        yield from (Holding(owner, key, value, True) for key, value in enumerate(list(owner)))
    else:
        yield from _of_instance(owner)


def _of_function(owner: FunctionType) -> Iterator[Holding]:
    # Not its own word for it, which may be that of a function that it wraps.
    module = str(owner.__globals__.get("__name__", ""))
    if module.startswith(_OWN):
        return
    for cell in owner.__closure__ or ():
        yield Holding(owner, "__closure__", cell)
    if module.partition(".")[0] not in sys.stdlib_module_names:
        names = owner.__code__.co_names
        known = owner.__globals__
        yield from (Holding(known, name, known[name], True) for name in names if name in known)


def _of_cell(owner: CellType) -> Iterator[Holding]:
    try:
        yield Holding(owner, "cell_contents", owner.cell_contents)
    except ValueError:
        # Nothing is in it yet.
        return


def _of_instance(owner: Any) -> Iterator[Holding]:
    kind = type(owner)
    if kind.__module__ == "builtins" or kind.__module__.startswith(_OWN):
        return
    yield from (Holding(owner, name, value) for name, value in list(_attributes(owner).items()))
    for one in kind.__mro__:
        slots = one.__dict__.get("__slots__", ())
        for name in (slots,) if isinstance(slots, str) else slots:
            value = getattr(owner, name, None)
            if value is not None:
                yield Holding(owner, name, value)
    # The methods of the client's own class lead on.
    if kind.__module__.partition(".")[0] not in sys.stdlib_module_names:
        yield from (
            Holding(kind, name, value)
            for name, value in list(vars(kind).items())
            if isinstance(value, FunctionType)
        )


def _attributes(owner: Any) -> dict[str, Any]:
    found = getattr(owner, "__dict__", None)
    return found if isinstance(found, dict) else {}
