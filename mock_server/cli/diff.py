"""The command that tells what two profiles promise differently."""

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, zip_longest

import click

from mock_server.cli.data import CANNOT_RUN, fail
from mock_server.core.differences import Difference, differences
from mock_server.loading.data_error import DataError

# Four columns and the space between them fill a terminal of 80.
_WIDTHS = (24, 26, 26)


@click.command()
@click.argument("first")
@click.argument("second")
@click.option("--markdown", is_flag=True, help="Print a table for a page.")
def diff(first: str, second: str, markdown: bool) -> None:
    """Print what the profiles FIRST and SECOND promise differently, as a table."""
    from mock_server.loading.profiles import load_profile

    try:
        mine, theirs = load_profile(first), load_profile(second)
    except DataError as error:
        fail(str(error), CANNOT_RUN)
    rows = differences(mine, theirs)
    lines = as_markdown if markdown else as_text
    click.echo("\n".join(lines(mine.name, theirs.name, rows)))


def as_text(first: str, second: str, rows: Iterable[Difference]) -> Iterator[str]:
    """A table of 80 columns."""
    yield _line(("", first, second))
    for group, found in groupby(rows, key=lambda row: row.group):
        yield f"\n{group}"
        for row in found:
            cells = (f"  {row.fact}", row.first, row.second)
            wrapped = [_wrapped(cell, width) for cell, width in zip(cells, _WIDTHS, strict=True)]
            yield from (_line(line) for line in zip_longest(*wrapped, fillvalue=""))


def as_markdown(first: str, second: str, rows: Iterable[Difference]) -> Iterator[str]:
    """The same as a table in Markdown."""
    yield f"| | {first} | {second} |"
    yield "| --- | --- | --- |"
    for row in rows:
        yield f"| {row.group}: {row.fact} | {_escaped(row.first)} | {_escaped(row.second)} |"


def _wrapped(text: str, width: int) -> list[str]:
    indent = " " * (len(text) - len(text.lstrip()))
    return textwrap.wrap(text, width, subsequent_indent=f"{indent}  " if indent else "") or [""]


def _line(cells: Sequence[str]) -> str:
    padded = (cell.ljust(width) for cell, width in zip(cells, _WIDTHS, strict=True))
    return "  ".join(padded).rstrip()


def _escaped(text: str) -> str:
    return text.replace("|", "\\|")
