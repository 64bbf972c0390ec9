"""The command line: serve a mock, and look at the data that it is made of."""

import json
import sys
from enum import Enum
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from mock_server.loading.data_error import DataError

app = typer.Typer(
    name="safelight",
    help="A mock server and contract-testing kit for asynchronous image-generation APIs.",
    epilog="Exit codes: 0 done, 1 something in your data is wrong, 2 it could not be run.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
WRONG_DATA = 1
CANNOT_RUN = 2


class LogForm(str, Enum):
    """How requests are logged."""

    text = "text"
    json = "json"
    off = "off"


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port; 0 takes a free one.")] = 8080,
    profile: Annotated[str, typer.Option(help="Profile: a name or a folder.")] = "guide",
    scenario: Annotated[
        str | None, typer.Option(help="Scenario: a name such as faults/lost-reply, or a file.")
    ] = None,
    speed: Annotated[float, typer.Option(min=0.001, help="Seconds that pass in one.")] = 1.0,
    api_key: Annotated[list[str] | None, typer.Option(help="A further key; repeatable.")] = None,
    any_key: Annotated[bool, typer.Option("--any-key", help="Accept every key.")] = False,
    limits: Annotated[
        bool, typer.Option("--limits", help="Enforce the limits that the profile documents.")
    ] = False,
    tls: Annotated[
        bool, typer.Option("--tls", help="Serve https with a throw-away authority.")
    ] = False,
    log: Annotated[LogForm, typer.Option(help="One line for each request.")] = LogForm.text,
) -> None:
    """Serve the mocked API until Ctrl-C."""
    # Imported here, as in the other commands, so that each loads only what it needs.
    from mock_server.banner import banner
    from mock_server.edge.certificates import TlsExtraMissingError
    from mock_server.edge.mock import DEFAULT_KEY, Settings
    from mock_server.edge.runner import PortTakenError
    from mock_server.edge.serve import serve as serve_until_stopped

    settings = Settings(
        profile=profile,
        scenario=scenario,
        speed=speed,
        api_keys=(DEFAULT_KEY, *(api_key or ())),
        any_key=any_key,
        limits=limits,
    )
    try:
        serve_until_stopped(
            settings,
            host,
            port,
            tls=tls,
            log=log.value,
            announce=lambda mock, address: print(banner(mock, address), flush=True),
        )
    except DataError as error:
        _fail(str(error), CANNOT_RUN)
    except (PortTakenError, TlsExtraMissingError) as error:
        _fail(str(error), CANNOT_RUN)


@app.command()
def profiles() -> None:
    """List the profiles: what each one promises, in one line."""
    from mock_server.loading.profiles import load_profile, profile_names

    for name in profile_names():
        contract = load_profile(name)
        print(f"{name:<10} {contract.title}")
        print(f"{'':<10} {', '.join(contract.words.all)}; {len(contract.models)} models")


@app.command()
def openapi(
    profile: Annotated[str, typer.Option(help="Profile: a name or a folder.")] = "guide",
    server: Annotated[
        str, typer.Option(help="Origin of the server that the document names.")
    ] = "http://127.0.0.1:8080",
) -> None:
    """Print the OpenAPI 3.1 document of a profile."""
    from mock_server.core.openapi import openapi as document
    from mock_server.loading.profiles import load_examples, load_profile

    try:
        contract = load_profile(profile)
        text = json.dumps(document(contract, load_examples(profile), server), indent=2)
    except DataError as error:
        _fail(str(error), CANNOT_RUN)
    print(text)


@app.command()
def validate(
    files: Annotated[
        list[Path] | None, typer.Argument(help="Data files; all that ship with it if none.")
    ] = None,
) -> None:
    """Hold data files (profiles, schemas, examples, scenarios) against their schemas."""
    from mock_server.loading.validate import validate_all, validate_files

    report = validate_files(files) if files else validate_all()
    for line in report.lines:
        print(line, file=sys.stderr)
    print(f"{report.checked} files checked, {len(report.lines)} problems")
    if report.lines:
        raise typer.Exit(WRONG_DATA)


def _fail(message: str, code: int) -> NoReturn:
    print(f"safelight: {message}", file=sys.stderr)
    raise typer.Exit(code)


def main() -> None:
    """Run the command line; the entry point of the ``safelight`` script."""
    app()
