"""Replacing functions of the standard library wherever they are known by name, and undoing it."""

import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from types import FunctionType, ModuleType
from typing import Any, TypeAlias

from contract_tests.clients.virtual.holdings import holdings

# These hold the originals on purpose.
_OWN = "contract_tests.clients.virtual"
_MISSING = object()

# What is to be put in the place of what, by the id of the latter.
_Swaps: TypeAlias = dict[int, tuple[Any, Any]]


class Patches:
    """What was replaced, to be undone in reverse order."""

    def __init__(self) -> None:
        self._undo: list[Callable[[], None]] = []
        self._functions: _Swaps = {}
        self._known: set[str] = set()
        # Modules that were looked through and hold nothing: to look again takes long.
        self._bare: dict[str, int] = {}

    def attribute(self, owner: Any, name: str, value: Any) -> None:
        """Set an attribute of a module or class."""
        before = vars(owner).get(name, _MISSING)
        setattr(owner, name, value)
        if before is _MISSING:
            # A method that the class only inherits.
            self._undo.append(lambda: delattr(owner, name))
        else:
            self._undo.append(lambda: setattr(owner, name, before))

    def function(self, owner: ModuleType, name: str, value: Any) -> None:
        """Replace a module's function, also where others imported it by name: see :meth:`spread`.

        Nothing is done where the module has none of that name, as on another system or version.
        """
        original = getattr(owner, name, None)
        if original is not None:
            self._functions[id(original)] = (original, value)
            self.attribute(owner, name, value)

    def also(self, undo: Callable[[], None]) -> None:
        """Remember how something else is to be undone."""
        self._undo.append(undo)

    def spread(self) -> None:
        """Put the replacements wherever a module, a class or a default value has the original."""
        self._known = set(sys.modules)
        for place in list(self._places(self._known, self._functions)):
            place.put(place.after)
            self._undo.append(place.put_back)

    def hold(self, root: object) -> None:
        """Put the replacements also where an object that a client holds has the original."""
        for holding in list(holdings(root)):
            if id(holding.value) in self._functions:
                original, value = self._functions[id(holding.value)]
                holding.put(value)
                self._undo.append(partial(holding.put, original))

    def undo(self) -> None:
        """Put everything back, also in modules that were imported meanwhile."""
        while self._undo:
            self._undo.pop()()
        back = {id(value): (value, original) for original, value in self._functions.values()}
        for place in list(self._places(set(sys.modules) - self._known, back)):
            place.put(place.after)
        self._functions.clear()

    def _places(self, names: Iterable[str], swaps: _Swaps) -> Iterator["_Place"]:
        for name in names:
            module: object = sys.modules.get(name)
            # Anything may pretend to be a module.
            if not isinstance(module, ModuleType) or name.startswith(_OWN):
                continue
            yield from _named(module, swaps)
            is_bare = self._bare.get(name) == id(module)
            if not is_bare and name.partition(".")[0] not in sys.stdlib_module_names:
                within = list(_within(module, swaps))
                yield from within
                if not within:
                    self._bare[name] = id(module)


@dataclass(frozen=True, slots=True)
class _Place:
    """An attribute that holds something to be replaced."""

    owner: Any
    name: str
    before: Any
    after: Any

    def put(self, value: Any) -> None:
        try:
            setattr(self.owner, self.name, value)
        except (AttributeError, TypeError):
            # A class of a compiled module; what it does outside of virtual time is noticed.
            return

    def put_back(self) -> None:
        self.put(self.before)


def _named(owner: Any, swaps: _Swaps) -> Iterator[_Place]:
    if swaps.keys().isdisjoint(map(id, list(vars(owner).values()))):
        return
    for name, value in list(vars(owner).items()):
        if id(value) in swaps:
            yield _Place(owner, name, value, swaps[id(value)][1])


def _within(module: ModuleType, swaps: _Swaps) -> Iterator[_Place]:
    """In the classes of a module, and the default values of its functions."""
    for value in list(vars(module).values()):
        kind = type(value)
        if kind is FunctionType:
            yield from _in_defaults(value, swaps)
        elif issubclass(kind, type) and value.__module__ == module.__name__:
            yield from _in_class(value, swaps)


def _in_class(owner: type, swaps: _Swaps) -> Iterator[_Place]:
    yield from _named(owner, swaps)
    for name, value in list(vars(owner).items()):
        kind = type(value)
        if kind is FunctionType:
            yield from _in_defaults(value, swaps)
        elif kind is staticmethod or kind is classmethod:
            inner = value.__func__
            if id(inner) in swaps:
                yield _Place(owner, name, value, kind(swaps[id(inner)][1]))
            elif type(inner) is FunctionType:
                yield from _in_defaults(inner, swaps)


def _in_defaults(owner: FunctionType, swaps: _Swaps) -> Iterator[_Place]:
    given, named = owner.__defaults__, owner.__kwdefaults__
    if given and any(id(value) in swaps for value in given):
        yield _Place(owner, "__defaults__", given, tuple(_swapped(one, swaps) for one in given))
    if named and any(id(value) in swaps for value in named.values()):
        after = {name: _swapped(value, swaps) for name, value in named.items()}
        yield _Place(owner, "__kwdefaults__", named, after)


def _swapped(value: Any, swaps: _Swaps) -> Any:
    return swaps[id(value)][1] if id(value) in swaps else value
