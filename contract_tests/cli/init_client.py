"""The command that writes a client to start from."""

from pathlib import Path

import click


@click.command()
@click.argument("language", type=click.Choice(["python", "node", "go", "bash"]))
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(),
    help="Where to write it.",
)
def init_client(language: str, folder: Path) -> None:
    """Write a small, well-behaved client in LANGUAGE, and say how to examine it."""
    from contract_tests.clients.client import ClientError
    from contract_tests.clients.shim import init_client as write_shim

    try:
        shim = write_shim(language, folder)
    except (ClientError, OSError) as error:
        click.echo(f"safelight: {error}", err=True)
        raise SystemExit(2) from None
    click.echo(f"written: {shim.file}\nexamine it with:\n  {shim.command}")
