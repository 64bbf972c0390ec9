"""The whole command line: that of the mock, and the commands that judge clients and servers."""

import click

from contract_tests.cli.check_client import check_client
from contract_tests.cli.init_client import init_client
from contract_tests.server.command import check_server
from mock_server.cli import app as mock

app = click.Group(
    name="safelight",
    help=mock.help,
    epilog=(
        "Exit codes: 0 done, or conformant; 1 something in your data is wrong, or not conformant;"
        " 2 it could not be run; 3 the verdict is incomplete."
    ),
    params=mock.params,
    context_settings=mock.context_settings,
    commands={
        **mock.commands,
        "check-client": check_client,
        "check-server": check_server,
        "init-client": init_client,
    },
)


def main() -> None:
    """Run the command line; the entry point of the ``safelight`` script."""
    app()
