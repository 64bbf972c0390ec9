"""Modules stay short enough to be read at one sitting, and each says in a sentence what it is."""

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

FOLDERS = ("mock_server", "contract_tests", "tests", "benchmarks", "examples")
MODULE_LINES = 300
FUNCTION_LINES = 40

Write = Callable[[str, str], None]


def test_every_module_is_shorter_than_300_lines(project: Path) -> None:
    assert list(long_modules(project)) == []


def test_every_function_is_shorter_than_40_lines(project: Path) -> None:
    assert list(long_functions(project)) == []


def test_every_module_opens_with_a_docstring(project: Path) -> None:
    assert list(silent_modules(project)) == []


def test_a_module_of_300_lines_is_reported_and_one_of_299_is_not(
    tmp_path: Path, write: Write
) -> None:
    write("mock_server/short.py", "x = 1\n" * 299)
    write("mock_server/long.py", "x = 1\n" * 300)
    assert list(long_modules(tmp_path)) == ["mock_server/long.py: 300 lines"]


def test_a_function_of_40_lines_is_reported_and_one_of_39_is_not(
    tmp_path: Path, write: Write
) -> None:
    short = "def short():\n" + "    x = 1\n" * 38
    long = "class Some:\n    async def long(self):\n" + "        x = 1\n" * 39
    write("contract_tests/rules/some.py", short + long)
    assert list(long_functions(tmp_path)) == [
        "contract_tests/rules/some.py:41: long has 40 lines",
    ]


def test_a_module_without_a_docstring_is_reported_even_if_it_is_empty(
    tmp_path: Path, write: Write
) -> None:
    write("tests/__init__.py", "")
    write("tests/commented.py", "# no docstring\nx = 1\n")
    write("tests/told.py", '"""What it is."""\n')
    assert list(silent_modules(tmp_path)) == [
        "tests/__init__.py: no docstring",
        "tests/commented.py: no docstring",
    ]


def long_modules(root: Path) -> Iterator[str]:
    """The modules below ``root`` that have too many lines."""
    for path, source in sources(root):
        if (lines := len(source.splitlines())) >= MODULE_LINES:
            yield f"{path}: {lines} lines"


def long_functions(root: Path) -> Iterator[str]:
    """The functions and methods below ``root`` that have too many lines, docstrings included."""
    for path, source in sources(root):
        for node in ast.walk(ast.parse(source, path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines >= FUNCTION_LINES:
                    yield f"{path}:{node.lineno}: {node.name} has {lines} lines"


def silent_modules(root: Path) -> Iterator[str]:
    """The modules below ``root`` that do not open with a docstring."""
    for path, source in sources(root):
        if not ast.get_docstring(ast.parse(source, path)):
            yield f"{path}: no docstring"


def sources(root: Path) -> Iterator[tuple[str, str]]:
    """Path and text of each Python file in the project's folders, in the order of their names."""
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*.py")):
            if "node_modules" not in path.parts:
                yield path.relative_to(root).as_posix(), path.read_text("utf-8")
