"""The command line: serve a mock, and look at the data that it is made of."""

from math import isnan
from pathlib import Path
from typing import Any

import click

from mock_server.cli.data import (
    CANNOT_RUN,
    explain,
    fail,
    faults,
    openapi,
    profiles,
    scenarios,
    validate,
)
from mock_server.cli.diff import diff
from mock_server.loading.data_error import DataError


def _check_secret(kind: str, secret: str) -> None:
    if not secret or not secret.isascii() or not secret.isprintable() or " " in secret:
        # Never the secret itself: what is said here may end up in a log.
        raise click.BadParameter(f"a {kind} is made of ASCII characters without spaces")


def _keys(
    context: click.Context, parameter: click.Parameter, keys: tuple[str, ...]
) -> tuple[str, ...]:
    for key in keys:
        _check_secret("key", key)
    return keys


def _token(context: click.Context, parameter: click.Parameter, token: str | None) -> str | None:
    if token is not None:
        _check_secret("token", token)
    return token


def _speed(context: click.Context, parameter: click.Parameter, speed: float) -> float:
    # A range lets pass what is no number at all.
    if isnan(speed):
        raise click.BadParameter("nan is no number")
    return speed


@click.group(
    help="A mock server and contract-testing kit for asynchronous image-generation APIs.",
    epilog="Exit codes: 0 done, 1 something in your data is wrong, 2 it could not be run.",
    context_settings={"help_option_names": ["-h", "--help"], "show_default": True},
)
@click.version_option(package_name="safelight")
def app() -> None:
    """All commands."""


@app.command()
@click.option("--host", default="127.0.0.1", help="Address to listen on.")
@click.option(
    "--port", default=8080, type=click.IntRange(0, 65535), help="Port; 0 takes a free one."
)
@click.option("--profile", default="guide", help="Profile: a name or a folder.")
@click.option("--scenario", help="Scenario: a name such as faults/lost-reply, or a file.")
@click.option(
    "--speed",
    default=1.0,
    type=click.FloatRange(0.001, 1_000_000),
    callback=_speed,
    help="Seconds that pass in one.",
)
@click.option(
    "--api-key", "api_keys", multiple=True, callback=_keys, help="A further key; repeatable."
)
@click.option("--any-key", is_flag=True, help="Accept every key.")
@click.option("--limits", is_flag=True, help="Enforce the limits that the profile documents.")
@click.option("--webhook", metavar="URL", help="Send events of finished tasks here; none without.")
@click.option(
    "--state",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Keep everything in this folder.",
)
@click.option(
    "--ports",
    default=0,
    type=click.IntRange(0, 1_000),
    help="So many more ports, for sessions that ask for one.",
)
@click.option(
    "--control-token",
    metavar="TOKEN",
    callback=_token,
    help="Opens the control plane to other machines; drawn if --host lets them in.",
)
@click.option("--tls", is_flag=True, help="Serve https with a throw-away authority.")
@click.option(
    "--log",
    default="text",
    type=click.Choice(["text", "json", "off"]),
    help="One line for each request.",
)
def serve(
    host: str,
    port: int,
    ports: int,
    api_keys: tuple[str, ...],
    control_token: str | None,
    state: Path | None,
    tls: bool,
    log: str,
    **settings_of_mock: Any,
) -> None:
    """Serve the mocked API until Ctrl-C."""
    # Imported here, as in the other commands, so that each loads only what it needs.
    from mock_server.cli.banner import banner
    from mock_server.edge.certificates import TlsExtraMissingError
    from mock_server.edge.control.guard import token_for
    from mock_server.edge.mock import DEFAULT_KEY, Settings
    from mock_server.edge.runner import PortTakenError
    from mock_server.edge.serve import serve as serve_until_stopped

    # All other options are called as the setting that they give.
    keys, token = (DEFAULT_KEY, *api_keys), token_for(host, control_token)
    settings = Settings(api_keys=keys, control_token=token, **settings_of_mock)
    try:
        serve_until_stopped(
            settings,
            host,
            port,
            ports,
            tls=tls,
            log=log,
            state=state,
            announce=lambda mock, address: click.echo(banner(mock, address)),
        )
    except (DataError, PortTakenError, TlsExtraMissingError) as error:
        fail(str(error), CANNOT_RUN)


for command in (profiles, diff, openapi, validate, scenarios, explain, faults):
    app.add_command(command)


def main() -> None:
    """Run the command line; the entry point of the ``safelight`` script."""
    app()
