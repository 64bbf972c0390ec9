"""The command that checks a server."""

from pathlib import Path
from typing import Any, NoReturn

import click

CANNOT_RUN = 2


def _pairs(context: click.Context, parameter: click.Parameter, texts: tuple[str, ...]) -> Any:
    pairs = [text.partition("=") for text in texts]
    if not all(name and equals and value for name, equals, value in pairs):
        raise click.BadParameter("expected FORMAT=FILE")
    return tuple((name, value) for name, _, value in pairs)


@click.command(
    epilog=(
        "Exit codes: 0 conformant, 1 not conformant, 2 it could not be run, 3 the verdict is"
        " incomplete."
    )
)
@click.argument("url")
@click.option("--profile", help="Profile: a name or a folder; that of the mock, else the guide.")
@click.option("--api-key", envvar="SAFELIGHT_API_KEY", help="A key; a mock needs none.")
@click.option(
    "--second-key", envvar="SAFELIGHT_SECOND_KEY", help="A key of another account, if there is one."
)
@click.option("--yes-this-costs", "is_paid_for", is_flag=True, help="Go on where it costs money.")
@click.option("--max-submits", type=click.IntRange(1), help="Send at most so many submits.")
@click.option(
    "--level",
    type=click.Choice(["quick", "usual", "thorough"]),
    default="usual",
    help="How much is tried.",
)
@click.option("--seed", type=click.IntRange(0), default=0, help="Decides what is drawn.")
@click.option(
    "--report", "reports", multiple=True, callback=_pairs, help="FORMAT=FILE; repeatable."
)
@click.option("--found", type=click.Path(path_type=Path), help="Write reproductions here.")
@click.option("--name", help="What the server is called in reports.")
def check_server(
    url: str, reports: tuple[tuple[str, str], ...], found: Path | None, **wish: Any
) -> None:
    """Check the server at URL: the verdict on every documented statement."""
    # Imported here, so that the other commands start fast.
    from contract_tests.report import ReportError, formats, write_reports
    from contract_tests.server.check import CheckError
    from contract_tests.server.check import check_server as check
    from contract_tests.server.money import CostError
    from mock_server.loading.data_error import DataError

    unknown = [name for name, _ in reports if name not in formats()]
    if unknown:
        _fail(f"--report: expected one of {', '.join(formats())}, seen {unknown[0]!r}")
    try:
        examination = check(url, tell=lambda text: click.echo(text, err=True), **wish)
        text = write_reports(examination, reports)
    except (CheckError, CostError, DataError, ReportError) as error:
        _fail(str(error))
    if found is not None:
        _keep(examination, found)
    click.echo(text, nl=False)
    raise SystemExit(examination.overall.exit_status)


def _keep(examination: Any, folder: Path) -> None:
    """Write the scripts and tests that reproduce what is broken into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for ruling in examination.rulings:
        if ruling.counterexample is not None:
            for name, text in ruling.counterexample.files.items():
                (folder / Path(name).name).write_text(text, "utf-8")


def _fail(message: str) -> NoReturn:
    click.echo(f"safelight: {message}", err=True)
    raise SystemExit(CANNOT_RUN)
