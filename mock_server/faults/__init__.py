"""The faults, one file each: what is there is what can be named in a scenario."""

from collections.abc import Iterable, Mapping
from functools import cache
from importlib import import_module
from pathlib import Path

from mock_server.faults.parts.base_fault import BaseFault

# A queue's word for "let this call through"; see mock_server.core.plan.
PASS = "pass"


@cache
def fault_types() -> Mapping[str, type[BaseFault]]:
    """Every fault by its name: a sorted listing of this folder, read once."""
    names = fault_names(Path(__file__).parent.iterdir())
    return {name: _fault_in(import_module(f"{__name__}.{name}")) for name in names}


def fault_names(files: Iterable[Path]) -> tuple[str, ...]:
    """The names of the faults in these files, sorted.

    Raises ValueError for a name that is ``pass`` or that two files share, case apart.
    """
    found: dict[str, Path] = {}
    for file in sorted(files):
        if file.suffix != ".py" or file.stem == "__init__":
            continue
        name = file.stem.casefold()
        if name == PASS:
            raise ValueError(f"{file}: expected another name than {PASS!r}: it lets a call through")
        if name in found:
            raise ValueError(f"{file}: expected a name of its own, seen that of {found[name]}")
        found[name] = file
    return tuple(file.stem for file in found.values())


def _fault_in(module: object) -> type[BaseFault]:
    name = getattr(module, "__name__", "")
    mine = [
        value
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, BaseFault) and value.__module__ == name
    ]
    if len(mine) != 1:
        raise TypeError(f"{name}: expected one fault, seen {len(mine)}")
    return mine[0]
