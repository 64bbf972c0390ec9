"""The documented statements about a server: one module each, found by listing this folder."""

from functools import cache
from importlib import import_module
from pathlib import Path

from contract_tests.server.statement import Statement

_GROUPS = ("REP", "REQ", "ACC", "TAS", "RES", "UPL", "ACT", "LIM")


@cache
def all_statements() -> tuple[Statement, ...]:
    """Every statement, in the order of their numbers."""
    files = sorted(Path(__file__).parent.glob("*.py"))
    found = (_statement_in(file) for file in files if file.stem != "__init__")
    return tuple(sorted(found, key=_place))


def _statement_in(file: Path) -> Statement:
    """The one statement of a module, whose file is called as it is."""
    module = import_module(f"{__name__}.{file.stem}")
    (found,) = (
        one
        for one in vars(module).values()
        if isinstance(one, type)
        and issubclass(one, Statement)
        and one.__module__ == module.__name__
    )
    statement: Statement = found()
    if statement.id != file.stem.replace("_", "-"):
        raise ValueError(f"{file.name}: expected {file.stem!r}, seen {statement.id!r}")
    return statement


def _place(statement: Statement) -> tuple[int, str]:
    return _GROUPS.index(statement.number[:3]), statement.number
