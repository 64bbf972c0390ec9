"""The whole command line: that of the mock, and the commands that judge clients and servers."""

from importlib import import_module

import click

from mock_server.cli import app as mock

# Where each command is: imported when it is asked for, so that all others start without it.
_COMMANDS = {
    "check-client": "contract_tests.cli.check_client:check_client",
    "check-server": "contract_tests.cli.check_server:check_server",
    "init-client": "contract_tests.cli.init_client:init_client",
    "report": "contract_tests.report.command:report",
}


class Commands(click.Group):
    """The commands of the mock, and those of the kit."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names, sorted."""
        return sorted({*super().list_commands(ctx), *_COMMANDS})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, None if there is none."""
        if cmd_name not in _COMMANDS:
            return super().get_command(ctx, cmd_name)
        module, _, name = _COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(import_module(module), name)
        return command


app = Commands(
    name="safelight",
    help=mock.help,
    epilog=(
        "Exit codes: 0 done, or conformant; 1 something in your data is wrong, or not conformant;"
        " 2 it could not be run; 3 the verdict is incomplete."
    ),
    params=mock.params,
    context_settings=mock.context_settings,
    commands=mock.commands,
)


def main() -> None:
    """Run the command line; the entry point of the ``safelight`` script."""
    app()
