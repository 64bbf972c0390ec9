"""The command that checks a server."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from contract_tests.cli.reporting import keep_counterexamples, pairs, refuse_unknown_formats

if TYPE_CHECKING:
    from contract_tests.examination import Examination

CANNOT_RUN = 2

_EPILOG = (
    "A mock of ours on this machine is checked in sessions of its own, without any key. Every other"
    " server is called with the key, is polled as the profile advises, and gets at most so many"
    " submits. Exit codes: 0 conformant, 1 not conformant, 2 it could not be run, 3 the verdict is"
    " incomplete."
)


@click.command(epilog=_EPILOG)
@click.argument("url")
@click.option("--profile", help="Profile: a name or a folder; that of the mock, else guide.")
@click.option(
    "--api-key", envvar="SAFELIGHT_API_KEY", show_envvar=True, help="The key to call with."
)
@click.option(
    "--second-key",
    envvar="SAFELIGHT_SECOND_KEY",
    show_envvar=True,
    help="A key of another account, to which tasks of the first must not be shown.",
)
@click.option("--yes-this-costs", is_flag=True, help="Go on although it costs money.")
@click.option("--max-submits", type=click.IntRange(1), help="20 where it is no mock of ours.")
@click.option(
    "--level",
    default="usual",
    type=click.Choice(["quick", "usual", "thorough"]),
    help="quick: written conversations only.",
)
@click.option("--seed", type=click.IntRange(0), default=0, help="Decides what is drawn.")
@click.option("--report", "reports", multiple=True, callback=pairs, help="FORMAT=FILE; repeatable.")
@click.option(
    "--found", type=click.Path(path_type=Path), help="Write scripts that show breaches here."
)
@click.option("--name", help="What the server is called in reports.")
def check_server(url: str, **options: Any) -> None:
    """Hold the server at URL against the documents: a verdict on each of their statements."""
    # Imported here, so that the other commands start fast.
    from contract_tests.report import ReportError
    from contract_tests.server import CheckError, CostError
    from mock_server.loading.data_error import DataError

    try:
        _check(url, options)
    except (CheckError, CostError, DataError, ReportError) as error:
        click.echo(f"safelight: {error}", err=True)
        raise SystemExit(CANNOT_RUN) from None


def _check(url: str, options: dict[str, Any]) -> NoReturn:
    from contract_tests.report import write_reports
    from contract_tests.server import check_server as check

    reports = options.pop("reports")
    found: Path | None = options.pop("found")
    refuse_unknown_formats(reports)
    examination: Examination = check(
        url,
        is_paid_for=options.pop("yes_this_costs"),
        tell=lambda text: click.echo(text, err=True),
        **options,
    )
    if found is not None:
        keep_counterexamples(examination, found)
    click.echo(write_reports(examination, reports), nl=False)
    raise SystemExit(examination.overall.exit_status)
