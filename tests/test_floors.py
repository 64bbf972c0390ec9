"""Imports go down only: the table of floors as data, and every import held against it."""

import ast
import sys
from collections.abc import Callable, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import NamedTuple

import pytest

# The unit that a module belongs to -> the other units that it may import. The two packages
# themselves, their public faces, are units of one module each; every other unit is a module or a
# package with all that is in it.
CORE, FAULTS, LOADING = "mock_server.core", "mock_server.faults", "mock_server.loading"
BELOW_FACE = {CORE, FAULTS, LOADING, "mock_server.edge"}
MOCK_SERVER = {
    *BELOW_FACE,
    "mock_server",
    "mock_server.cli",
    "mock_server.control",
    "mock_server.pytest_plugin",
    "mock_server.testing",
}
VALUES = {
    "contract_tests.examination",
    "contract_tests.finding",
    "contract_tests.outcome",
    "contract_tests.reply_shape",
    "contract_tests.terms",
    "contract_tests.trace",
}
JUDGING = {"contract_tests.rules", "contract_tests.stories", "contract_tests.clients"}
EXAMINING = {"contract_tests.exam", "contract_tests.server"}
FACES = {"mock_server", "contract_tests"}
BELOW_TOP = {*MOCK_SERVER, *VALUES, *JUDGING, *EXAMINING, "contract_tests.report"}

FLOORS: dict[str, set[str]] = {
    CORE: set(),
    FAULTS: {CORE},
    LOADING: {CORE, FAULTS},
    "mock_server.edge": {CORE, FAULTS, LOADING},
    "mock_server": BELOW_FACE,
    "mock_server.cli": MOCK_SERVER,
    # python -m mock_server, and the typed client, which knows the control plane by HTTP alone.
    "mock_server.__main__": {"mock_server.cli"},
    "mock_server.control": {CORE, LOADING},
    "mock_server.testing": MOCK_SERVER,
    "mock_server.pytest_plugin": MOCK_SERVER,
    # The kit's values re-export those of the core, which the server's own verification uses.
    **{unit: {CORE, *VALUES} for unit in VALUES},
    "contract_tests.rules": {CORE, *VALUES},
    "contract_tests.clients": {CORE, LOADING, *VALUES},
    "contract_tests.stories": {CORE, FAULTS, LOADING, *VALUES},
    **{unit: {CORE, LOADING, *VALUES, *JUDGING, *MOCK_SERVER - BELOW_FACE} for unit in EXAMINING},
    "contract_tests.report": {"contract_tests.examination", "contract_tests.finding"},
    "contract_tests": BELOW_TOP,
    "contract_tests.cli": {*BELOW_TOP, "contract_tests"},
    "contract_tests.pytest_plugin": {*BELOW_TOP, "contract_tests"},
}

# What would let the core read a clock, the machine, the network or dice.
FORBIDDEN_IN_CORE = {"time", "datetime", "random", "uuid", "os", "socket", "asyncio"}
VAGUE_NAMES = {"common", "utils", "helpers", "misc"}
ALL_FOLDERS = ("mock_server", "contract_tests", "tests", "benchmarks", "examples")

Write = Callable[[str, str], None]


class Import(NamedTuple):
    """One import: the module that is imported, as far as it is ours, and where."""

    line: int
    target: str


def test_every_import_goes_down(project: Path) -> None:
    assert list(broken_floors(project)) == []


def test_the_core_imports_the_standard_library_only_and_no_clock_machine_or_dice(
    project: Path,
) -> None:
    assert list(forbidden_in_core(project)) == []


def test_no_modules_import_each_other_in_a_circle(project: Path) -> None:
    assert cycle(project) is None


def test_no_module_has_a_name_that_says_nothing(project: Path) -> None:
    assert list(vague_names(project)) == []


@pytest.mark.parametrize(
    ("module", "source", "target"),
    [
        ("mock_server/core/a.py", "import mock_server.edge.app", "mock_server.edge.app"),
        ("mock_server/core/a.py", "from mock_server.edge.app import x", "mock_server.edge.app"),
        ("mock_server/core/a.py", "from mock_server.edge import app", "mock_server.edge.app"),
        ("mock_server/core/a.py", "from ..edge import app", "mock_server.edge.app"),
        ("mock_server/core/__init__.py", "from ..edge.app import x", "mock_server.edge.app"),
        ("mock_server/core/a.py", "from mock_server import start", "mock_server"),
        ("mock_server/core/a.py", "def f():\n    from ..edge import app", "mock_server.edge.app"),
        (
            "mock_server/core/a.py",
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from ..edge import app",
            "mock_server.edge.app",
        ),
        (
            "mock_server/core/a.py",
            "import importlib\nimportlib.import_module('mock_server.edge.app')",
            "mock_server.edge.app",
        ),
        ("mock_server/edge/app.py", "import contract_tests.trace", "contract_tests.trace"),
        ("contract_tests/trace.py", "import mock_server.edge.app", "mock_server.edge.app"),
    ],
)
def test_an_import_that_goes_up_is_reported(
    tmp_path: Path, write: Write, module: str, source: str, target: str
) -> None:
    for name in ("mock_server/edge/app.py", "contract_tests/trace.py"):
        write(name, "")
    write(module, source)
    line = len(source.splitlines())
    unit = ".".join(module.removesuffix(".py").split("/")[:2])
    assert list(broken_floors(tmp_path)) == [f"{module}:{line}: {unit} may not import {target}"]


def test_a_module_on_no_floor_is_reported(tmp_path: Path, write: Write) -> None:
    write("mock_server/attic.py", "")
    assert list(broken_floors(tmp_path)) == ["mock_server/attic.py: mock_server.attic has no floor"]


def test_an_import_that_goes_down_or_stays_is_allowed(tmp_path: Path, write: Write) -> None:
    write("mock_server/core/call.py", "from mock_server.core import phase")
    write("mock_server/core/phase.py", "")
    write("contract_tests/trace.py", "from mock_server.core.call import Call")
    assert list(broken_floors(tmp_path)) == []


@pytest.mark.parametrize(
    ("source", "seen"),
    [
        ("import time", "time"),
        ("import os.path", "os.path"),
        ("def f():\n    from asyncio import sleep", "asyncio"),
        ("from random import Random", "random"),
        ("import starlette.types", "starlette.types"),
        ("import jsonschema", "jsonschema"),
    ],
)
def test_a_clock_or_a_third_party_module_in_the_core_is_reported(
    tmp_path: Path, write: Write, source: str, seen: str
) -> None:
    write("mock_server/core/deep/engine.py", source)
    write("mock_server/edge/clocks.py", source)
    line = len(source.splitlines())
    expected = f"mock_server/core/deep/engine.py:{line}: the core may not import {seen}"
    assert list(forbidden_in_core(tmp_path)) == [expected]


def test_the_core_may_import_the_rest_of_the_standard_library(tmp_path: Path, write: Write) -> None:
    write("mock_server/core/a.py", "import json, enum\nfrom . import b")
    write("mock_server/core/b.py", "from collections.abc import Mapping")
    assert list(forbidden_in_core(tmp_path)) == []


def test_a_circle_of_imports_is_reported_though_one_of_them_is_inside_a_function(
    tmp_path: Path,
    write: Write,
) -> None:
    write("mock_server/core/a.py", "from mock_server.core import b")
    write("mock_server/core/b.py", "from mock_server.core.c import x")
    write("mock_server/core/c.py", "def f():\n    import mock_server.core.a")
    found = cycle(tmp_path)
    assert found is not None
    assert set(found) == {f"mock_server.core.{name}" for name in "abc"}


def test_a_vague_name_is_reported_for_a_module_and_for_a_package(
    tmp_path: Path, write: Write
) -> None:
    write("mock_server/edge/utils.py", "")
    write("tests/common/__init__.py", "")
    assert list(vague_names(tmp_path)) == ["mock_server/edge/utils.py", "tests/common/__init__.py"]


def broken_floors(root: Path) -> Iterator[str]:
    """Each import of ours that the table does not allow, and each module without a floor."""
    modules = modules_below(root)
    for module, path in modules.items():
        place = path.relative_to(root).as_posix()
        unit = unit_of(module)
        if unit is None:
            yield f"{place}: {module} has no floor"
            continue
        for line, target in imports(module, path, modules):
            is_ours = target.split(".")[0] in FACES
            if is_ours and unit_of(target) not in {unit, *FLOORS[unit]}:
                yield f"{place}:{line}: {unit} may not import {target}"


def forbidden_in_core(root: Path) -> Iterator[str]:
    """Each import in the core of a listed module, or of one that is not in Python itself."""
    modules = modules_below(root)
    for module, path in modules.items():
        if unit_of(module) != CORE:
            continue
        for line, target in imports(module, path, modules):
            top = target.split(".")[0]
            is_known = top in sys.stdlib_module_names or top in FACES
            if top in FORBIDDEN_IN_CORE or not is_known:
                place = path.relative_to(root).as_posix()
                yield f"{place}:{line}: the core may not import {target}"


def cycle(root: Path) -> list[str] | None:
    """One circle of modules that import each other, or None."""
    modules = modules_below(root)
    graph = {
        module: {one.target for one in imports(module, path, modules) if one.target != module}
        for module, path in modules.items()
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        circle: list[str] = error.args[1]
        return circle
    return None


def vague_names(root: Path) -> Iterator[str]:
    """Each Python file that is, or lies in, something called by a name that says nothing."""
    for folder in ALL_FOLDERS:
        for path in sorted((root / folder).rglob("*.py")):
            place = path.relative_to(root)
            if VAGUE_NAMES & set(place.with_suffix("").parts):
                yield place.as_posix()


def unit_of(module: str) -> str | None:
    """The unit of the table that ``module`` belongs to."""
    parts = module.split(".")
    unit = ".".join(parts[:2])
    return unit if unit in FLOORS else None


def modules_below(root: Path) -> dict[str, Path]:
    """The modules of both packages by their dotted names."""
    found = {}
    for face in sorted(FACES):
        for path in sorted((root / face).rglob("*.py")):
            parts = path.relative_to(root).with_suffix("").parts
            found[".".join(parts).removesuffix(".__init__")] = path
    return found


def imports(module: str, path: Path, modules: Mapping[str, Path]) -> Iterator[Import]:
    """All imports of a module, wherever they stand in it; `from a import b` of a module is a.b."""
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text("utf-8"), str(path))):
        match node:
            case ast.Import(names=names):
                yield from (Import(node.lineno, alias.name) for alias in names)
            case ast.ImportFrom(module=name, names=names, level=level):
                above = ".".join(package.split(".")[: len(package.split(".")) + 1 - level])
                base = ".".join(filter(None, (above if level else "", name)))
                for alias in names:
                    inner = f"{base}.{alias.name}"
                    yield Import(node.lineno, inner if inner in modules else base)
            case ast.Call(
                func=ast.Name(id="__import__" | "import_module")
                | ast.Attribute(attr="import_module"),
                args=[ast.Constant(value=str(name)), *_],
            ):
                yield Import(node.lineno, name)
