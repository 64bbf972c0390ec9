"""Replacing functions of the standard library wherever they are known by name, and undoing it."""

import sys
from collections.abc import Callable, Iterator
from types import FunctionType, ModuleType
from typing import Any

# These hold the originals on purpose.
_OWN = "contract_tests.clients.virtual"
_MISSING = object()


class Patches:
    """What was replaced, to be undone in reverse order."""

    def __init__(self) -> None:
        self._undo: list[Callable[[], None]] = []
        self._functions: dict[int, tuple[Any, Any]] = {}

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
        for original, value in list(_everywhere(self._functions)):
            self._undo.append(original)
            value()

    def undo(self) -> None:
        """Put everything back, also what others have imported by name meanwhile."""
        back = {id(value): (value, original) for original, value in self._functions.values()}
        while self._undo:
            self._undo.pop()()
        for _, put in list(_everywhere(back)):
            put()
        self._functions.clear()


_Change = tuple[Callable[[], None], Callable[[], None]]


def _everywhere(functions: dict[int, tuple[Any, Any]]) -> Iterator[_Change]:
    """How to undo and to make each change of a function by its replacement in all modules."""
    modules: list[tuple[str, object]] = list(sys.modules.items())
    for name, module in modules:
        # Anything may pretend to be a module.
        if isinstance(module, ModuleType) and not name.startswith(_OWN):
            yield from _in_namespace(module, functions)
            if name.partition(".")[0] not in sys.stdlib_module_names:
                yield from _within(module, functions)


def _in_namespace(owner: Any, functions: dict[int, tuple[Any, Any]]) -> Iterator[_Change]:
    for name, value in list(vars(owner).items()):
        if id(value) in functions:
            yield _setting(owner, name, value, functions[id(value)][1])
        elif isinstance(value, staticmethod) and id(value.__func__) in functions:
            yield _setting(owner, name, value, staticmethod(functions[id(value.__func__)][1]))


def _within(module: ModuleType, functions: dict[int, tuple[Any, Any]]) -> Iterator[_Change]:
    """In the classes of a module, and the default values of its functions."""
    for value in list(vars(module).values()):
        if isinstance(value, FunctionType):
            yield from _in_defaults(value, functions)
        elif isinstance(value, type) and value.__module__ == module.__name__:
            yield from _in_namespace(value, functions)
            for inner in list(vars(value).values()):
                inner = getattr(inner, "__func__", inner)
                if isinstance(inner, FunctionType):
                    yield from _in_defaults(inner, functions)


def _in_defaults(owner: FunctionType, functions: dict[int, tuple[Any, Any]]) -> Iterator[_Change]:
    given = owner.__defaults__
    if given and any(id(value) in functions for value in given):
        changed = tuple(functions.get(id(value), (None, value))[1] for value in given)
        yield _setting(owner, "__defaults__", given, changed)
    named = owner.__kwdefaults__
    if named and any(id(value) in functions for value in named.values()):
        changed_names = {
            name: functions.get(id(value), (None, value))[1] for name, value in named.items()
        }
        yield _setting(owner, "__kwdefaults__", named, changed_names)


def _setting(owner: Any, name: str, before: Any, after: Any) -> _Change:
    return (lambda: _set(owner, name, before)), (lambda: _set(owner, name, after))


def _set(owner: Any, name: str, value: Any) -> None:
    try:
        setattr(owner, name, value)
    except (AttributeError, TypeError):
        # A class of a compiled module; what it does outside of virtual time is noticed.
        return
