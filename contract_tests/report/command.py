"""The command that shows JSON reports again, in any format and side by side."""

import sys
from pathlib import Path
from typing import NoReturn

import click

_CANNOT_READ = 2


@click.command(epilog="Exit codes: 0 written; 2 a file or the format could not be used.")
@click.argument("format_name", metavar="FORMAT")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path())
@click.option("--output", metavar="FILE", help="Write here instead of to the terminal.")
def report(format_name: str, files: tuple[str, ...], output: str | None) -> None:
    """Show JSON reports in FORMAT: badge, har, html, json, junit, markdown or text.

    Each FILE is what --report json=FILE wrote. Several are shown side by side. ``-`` stands for
    standard input, or as --output for standard output.
    """
    from contract_tests.examination import Examination
    from contract_tests.report import ReportError, render, show, write_text
    from contract_tests.report.reading import UnreadableReportError, read_reports

    found: list[Examination] = []
    for file in files:
        try:
            found.extend(read_reports(_text(file)))
        except UnreadableReportError as error:
            _fail(f"{file}: {error}")
    try:
        if output is None or output == "-":
            click.echo(show(format_name, *found).encode("utf-8"), nl=False)
        else:
            write_text(Path(output), render(format_name, *found))
    except ReportError as error:
        _fail(str(error))


def _text(file: str) -> str:
    try:
        if file == "-":
            return sys.stdin.buffer.read().decode("utf-8")
        return Path(file).read_text("utf-8")
    except OSError as error:
        _fail(f"{file}: cannot be read: {error.strerror}")
    except UnicodeDecodeError:
        _fail(f"{file}: expected a JSON report, seen bytes that are no UTF-8")


def _fail(message: str) -> NoReturn:
    click.echo(f"safelight: {message}", err=True)
    raise SystemExit(_CANNOT_READ)
