"""The command that examines a client."""

import gc
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from contract_tests.cli.reporting import keep_counterexamples, pairs, refuse_unknown_formats

if TYPE_CHECKING:
    from contract_tests.exam.request import Request

CANNOT_RUN = 2

_EPILOG = (
    "In COMMAND, in --env and in --stdin stand for what a job says: {base_url} (with /v1),"
    " {api_root} (without), {api_key}, {prompt}, {size}, {n}, {model}, {reference}, {mask},"
    " {reference_file}, {mask_file}, {out_dir}, {job_id}, and {job} for all of it as JSON."
    " Exit codes: 0 conformant, 1 not conformant, 2 it could not be run, 3 the verdict is"
    " incomplete."
)


@click.command(epilog=_EPILOG, context_settings={"ignore_unknown_options": False})
@click.argument("command", nargs=-1, type=click.UNPROCESSED)
@click.option("--profile", default="guide", help="Profile: a name or a folder.")
@click.option("--quick", is_flag=True, help="Each kind of trouble once.")
@click.option("--thorough", type=click.IntRange(1), metavar="N", help="And N random stories more.")
@click.option(
    "--database",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(".safelight"),
    show_default=True,
    help="Where --thorough keeps those that break a rule, to play them again next time.",
)
@click.option(
    "--story", "stories", multiple=True, help="Play this one: a name or a file; repeatable."
)
@click.option("--env", multiple=True, callback=pairs, help="NAME=VALUE for the command.")
@click.option("--stdin", help="Text for the command's standard input.")
@click.option("--json-lines", is_flag=True, help="The command is a process that takes many jobs.")
@click.option("--python", "target", metavar="MODULE:NAME", help="A Python callable, no command.")
@click.option("--listen", is_flag=True, help="Say where to call, and wait for a client.")
@click.option(
    "--by-port", is_flag=True, help="A port for each story: for clients with a fixed key."
)
@click.option("--api-key", help="The fixed key of such a client.")
@click.option("--tls", is_flag=True, help="Serve https, with a throw-away authority.")
@click.option("--jobs", type=click.IntRange(1), help="Stories at once; as many as fit if not said.")
@click.option("--dilate", type=click.FloatRange(1, 20), help="Let time run faster for the command.")
@click.option("--real-time", is_flag=True, help="Play Python callables in real time, too.")
@click.option("--seed", type=click.IntRange(0), default=0, help="Decides what is drawn.")
@click.option(
    "--waivers",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="What is put up with.",
)
@click.option("--report", "reports", multiple=True, callback=pairs, help="FORMAT=FILE; repeatable.")
@click.option("--found", type=click.Path(path_type=Path), help="Write counterexamples here.")
@click.option("--name", help="What the client is called in reports.")
def check_client(**options: Any) -> None:
    """Examine a client: play stories with COMMAND, and say rule by rule what it does wrong."""
    # Imported here, so that the other commands start fast.
    from contract_tests.clients.client import ClientError
    from contract_tests.exam.request import Request, RequestError
    from contract_tests.report import ReportError
    from mock_server import PortTakenError, TlsExtraMissingError
    from mock_server.loading.data_error import DataError

    known = (
        ClientError,
        DataError,
        PortTakenError,
        ReportError,
        RequestError,
        TlsExtraMissingError,
    )
    try:
        refuse_unknown_formats(options["reports"])
        _examine(Request(**options))
    except known as error:
        _fail(str(error))


def _fail(message: str) -> NoReturn:
    click.echo(f"safelight: {message}", err=True)
    raise SystemExit(CANNOT_RUN)


def _examine(request: "Request") -> None:
    from contract_tests.cli.progress import showing
    from contract_tests.report import write_reports

    with request.prepared() as (client, settings), showing(settings) as shown:
        from contract_tests.exam.exam import examine

        # What has been imported stays to the end: nobody has to look through it for rubbish.
        gc.freeze()
        try:
            examination = examine(client, shown)
        finally:
            gc.unfreeze()
    if request.found is not None:
        keep_counterexamples(examination, request.found)
    click.echo(write_reports(examination, request.reports), nl=False)
    raise SystemExit(examination.overall.exit_status)
